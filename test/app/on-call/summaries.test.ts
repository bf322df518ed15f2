import { describe, expect, it } from "@jest/globals";
import { JOB_ID } from "../world.js";
import {
	alerting,
	anna,
	audited,
	ben,
	CHANNEL,
	carla,
	fresh,
	incidentOf,
	latest,
	MINUTE,
	newWorld,
	pressed,
	THREAD,
	told,
	useOnCallWorld,
} from "./on-call-world.js";

useOnCallWorld();

const HOUR = 60 * MINUTE;
const OTHER = "11111111-7c1e-4e7c-9c7b-13f8d44b20c4";

describe("following a job", () => {
	it("is one card where it was asked for, updated each minute and when something changes, to the end", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		await world.say(ben, { kind: "follow", jobId: JOB_ID }, THREAD);
		expect(told(world)).toEqual([`post ${THREAD}: follow running`]);
		await world.advance(2.5 * MINUTE);
		const updates = told(world);
		expect(updates.length).toBeGreaterThanOrEqual(2);
		expect(updates.length).toBeLessThanOrEqual(4);
		expect(new Set(updates)).toEqual(new Set([`update ${THREAD}: follow running`]));
		world.graph.job = fresh(world, { status: "successful", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		expect(told(world)).toEqual([`update ${THREAD}: follow successful`]);
		const { lists } = world.graph;
		await world.advance(10 * MINUTE);
		expect(world.graph.lists).toBe(lists);
		expect(await audited(/^follow/u)).toEqual(["follow.on"]);
	});

	it("ends when somebody says so, and says so, too, where nothing was followed", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		await world.say(ben, { kind: "follow", jobId: JOB_ID }, THREAD);
		await world.say(carla, { kind: "unfollow", jobId: JOB_ID }, THREAD);
		await world.say(ben, { kind: "unfollow", jobId: JOB_ID }, THREAD);
		expect(latest(world, "unfollowed")).toEqual({ view: "unfollowed", jobId: JOB_ID });
		await world.say(ben, { kind: "unfollow", jobId: JOB_ID }, THREAD);
		expect(latest(world, "unfollowed")).toEqual({ view: "unfollowed", jobId: JOB_ID, unchanged: true });
		await world.advance(MINUTE);
		world.sent.length = 0;
		const { lists } = world.graph;
		await world.advance(10 * MINUTE);
		expect([world.sent, world.graph.lists]).toEqual([[], lists]);
		expect(await audited(/^follow/u)).toEqual(["follow.on", "follow.off"]);
	});

	it("is nothing to wait for when the job has ended, is not known, or cannot be read", async () => {
		const world = newWorld();
		world.graph.job = fresh(world, { status: "failed" });
		await world.say(ben, { kind: "follow", jobId: JOB_ID });
		world.graph.job = undefined;
		await world.say(ben, { kind: "follow", jobId: JOB_ID });
		world.graph.readProblem = { kind: "problem", code: "throttled", detail: "HTTP 429" };
		await world.say(ben, { kind: "follow", jobId: JOB_ID });
		expect(told(world)).toEqual(["post chat: job", "post chat: problem", "post chat: problem"]);
		await world.say(carla, { kind: "follow", jobId: JOB_ID });
		expect(told(world)).toEqual(["post chat: refusal"]);
		expect(world.graph.lists).toBe(0);
	});
});

describe("a handover", () => {
	it("says what happened and what is open, and the next person takes that over", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		world.graph.more = [fresh(world, { id: OTHER, status: "failed", endedAt: world.now().toISOString() })];
		await world.advance(MINUTE);
		const { id: incidentId } = await incidentOf(world);
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		const { handoverId, summary } = latest(world, "handover");
		expect(summary).toMatchObject({
			jobs: { running: [{ id: JOB_ID }], ended: [{ id: OTHER }] },
			cancellations: [],
			open: [{ incidentId, job: { id: JOB_ID } }],
		});
		expect(summary.from).toBe(new Date(world.now().getTime() - 12 * HOUR).toISOString());
		expect(await pressed(world, ben, { kind: "take-over", handoverId })).toMatchObject({ view: "refusal" });
		const taken = await pressed(world, anna, { kind: "take-over", handoverId });
		expect(taken).toMatchObject({
			view: "handover",
			takenBy: "Anna",
			summary: { open: [{ taker: "Anna" }] },
		});
		expect(await incidentOf(world)).toMatchObject({ taker: { actor: { name: "Anna" } } });
		expect(await audited(/^handover/u)).toEqual(["handover.taken"]);
	});

	it("counts what runs as open although nobody is told of jobs, and says when Graph cannot be read", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		await world.say(ben, { kind: "handover", hours: 24 });
		expect(latest(world, "handover").summary.open).toMatchObject([{ job: { id: JOB_ID } }]);
		world.graph.listProblem = { kind: "problem", code: "unavailable", detail: "HTTP 503" };
		await world.say(ben, { kind: "handover", hours: 24 });
		expect(latest(world, "handover").summary).not.toHaveProperty("jobs");
	});

	it("names each cancellation, who asked, on whose role it went and what became of it", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		await world.say(anna, { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" });
		await world.advance(5_000);
		await world.say(ben, { kind: "handover", hours: 1 });
		expect(latest(world, "handover").summary.cancellations).toMatchObject([
			{ jobId: JOB_ID, state: "stopping", requester: "Anna", sentFor: "Anna", reason: "wrong snapshot" },
		]);
	});
});

describe("a digest", () => {
	const DAILY = { kind: "digest-on", time: "08:00", zone: "Europe/Oslo" } as const;

	it("comes once for each local date with the end of the audit trail, until it is turned off", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		// It is 04:00 in Oslo.
		await world.say(ben, DAILY, THREAD);
		expect(latest(world, "subscriptions")).toMatchObject({
			changed: "digest-on",
			nextDigestAt: "2026-11-23T07:00:00.000Z",
		});
		told(world);
		await world.advance(4 * HOUR - 1);
		expect(told(world)).toEqual([]);
		await world.advance(1);
		const { tells } = latest(world, "news");
		expect(tells).toMatchObject({ what: "digest", date: "2026-11-23", head: { seq: expect.any(Number) } });
		expect(tells).not.toHaveProperty("dueAt");
		expect(told(world)).toEqual([`post ${CHANNEL}: digest`]);
		await world.advance(48 * HOUR);
		expect(told(world)).toHaveLength(2);
		await world.say(ben, { kind: "digest-off" }, THREAD);
		told(world);
		await world.advance(48 * HOUR);
		expect(told(world)).toEqual([]);
		expect(await audited(/^digest/u)).toEqual(["digest.on", ...Array(3).fill("digest.sent"), "digest.off"]);
	});

	it("is late when the bot was away, says when it was due, and is not made up for twice", async () => {
		const world = newWorld();
		await world.say(ben, DAILY, THREAD);
		told(world);
		world.turn(30 * HOUR);
		await world.settle();
		expect(latest(world, "news").tells).toMatchObject({
			date: "2026-11-24",
			dueAt: "2026-11-24T07:00:00.000Z",
		});
		const [{ task } = { task: undefined }] = world.tasks.filter(({ task }) => task.queue === "on-call");
		told(world);
		// Another instance does the same piece of work once more.
		if (task) await world.run(task);
		await world.settle();
		expect(told(world)).toEqual([]);
	});

	it("replaces the one before it", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		await world.say(ben, DAILY, THREAD);
		await world.say(ben, { ...DAILY, time: "09:00" }, THREAD);
		told(world);
		await world.advance(24 * HOUR);
		expect(told(world)).toEqual([`post ${CHANNEL}: digest`]);
	});
});

describe("what was not understood", () => {
	it("is asked about without asking anybody else", async () => {
		const world = newWorld();
		await world.say(carla, { kind: "misunderstood", verb: "alerts", problem: "not-a-filter", found: "not" });
		expect(told(world)).toEqual(["post chat: misunderstood"]);
		expect(world.standingReads).toEqual([]);
	});
});
