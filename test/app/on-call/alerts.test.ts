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
	THREAD,
	told,
	useOnCallWorld,
} from "./on-call-world.js";

useOnCallWorld();

const ON = { kind: "alerts-on", filters: {} } as const;

describe("alerts", () => {
	it("are turned on by who may see jobs, for the whole channel, and begin with one card of what is there", async () => {
		const world = newWorld();
		await world.say(ben, ON, THREAD);
		await world.advance(MINUTE);
		expect(told(world)).toEqual([`post ${THREAD}: subscriptions`, `post ${CHANNEL}: sum`]);
		expect(world.graph.lists).toBe(5);
	});

	it("are not turned on by anybody else", async () => {
		const world = newWorld();
		await world.say(carla, ON, THREAD);
		await world.advance(MINUTE);
		expect(latest(world, "refusal")).toMatchObject({ permission: "view" });
		expect(told(world)).toEqual([`post ${THREAD}: refusal`]);
		expect(world.graph.lists).toBe(0);
	});

	it("tell of a job in a card of its own, which is kept up to date, and of its end below it", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		await world.advance(MINUTE);
		expect(told(world)).toEqual([`post ${CHANNEL}: alert running`]);
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		expect(told(world)).toEqual([
			`update ${CHANNEL}: alert failed`,
			expect.stringMatching(new RegExp(`^post ${CHANNEL};messageid=activity-\\d+: event failed$`, "u")),
		]);
		await world.advance(60 * MINUTE);
		expect(told(world)).toEqual([]);
	});

	it("tell of the end in a message of its own where there are no threads", async () => {
		const world = await alerting(newWorld(), "chat");
		world.graph.job = fresh(world);
		await world.advance(MINUTE);
		world.graph.job = fresh(world, { status: "successful", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		expect(told(world)).toEqual([
			"post chat: alert running",
			"update chat: alert successful",
			"post chat: event finished",
		]);
	});

	it("say nothing again after a restart, and tell what happened while nobody watched in one card", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		await world.advance(MINUTE);
		told(world);
		// The process dies, and with it nothing that is stored.
		const tasks = world.tasks.splice(0);
		world.turn(30 * MINUTE);
		world.graph.job = fresh(world, { status: "successful", endedAt: world.now().toISOString() });
		world.tasks.push(...tasks);
		await world.advance(MINUTE);
		expect(told(world)).toEqual([`update ${CHANNEL}: alert successful`, `post ${CHANNEL}: gap`]);
	});

	it("are shown and turned off; then nobody asks Graph any more", async () => {
		const world = await alerting(newWorld());
		await world.say(ben, { kind: "alerts" }, THREAD);
		expect(latest(world, "subscriptions")).toMatchObject({
			alerts: { by: { name: "Anna" } },
			escalations: false,
		});
		await world.say(ben, { kind: "alerts-off" }, `${CHANNEL};messageid=2`);
		expect(latest(world, "subscriptions")).toMatchObject({ changed: "alerts-off" });
		const { lists } = world.graph;
		world.graph.job = fresh(world);
		await world.advance(10 * MINUTE);
		expect(world.graph.lists).toBe(lists);
		expect(world.tasks).toEqual([]);
		await world.say(ben, { kind: "alerts-off" }, THREAD);
		expect(latest(world, "subscriptions")).toMatchObject({ unchanged: true });
	});

	it("do not ask Graph while it asks not to be asked, and say so when that takes long", async () => {
		const world = await alerting(newWorld());
		const { lists } = world.graph;
		world.graph.listProblem = {
			kind: "problem",
			code: "throttled",
			retryAfterMs: 10 * MINUTE,
			detail: "HTTP 429",
		};
		await world.advance(9 * MINUTE);
		expect(world.graph.lists).toBe(lists + 1);
		expect(told(world)).toEqual([`post ${CHANNEL}: blind`]);
		expect(world.log.filter(({ facts }) => facts.code === "jobs-unreadable")).toHaveLength(1);
		world.graph.listProblem = undefined;
		await world.advance(2 * MINUTE);
		expect(told(world)).toEqual([`post ${CHANNEL}: gap`]);
	});

	it("send a card whose fate is unknown once more, and say that it may be there twice", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		world.sendProblems.push({ kind: "unconfirmed", detail: "504" });
		await world.advance(MINUTE);
		expect(latest(world, "alert")).toMatchObject({ mayRepeat: true });
		world.graph.more = [fresh(world, { id: "11111111-7c1e-4e7c-9c7b-13f8d44b20c4", kind: "preview" })];
		world.sent.length = 0;
		world.sendProblems.push({ kind: "unconfirmed", detail: "504" }, { kind: "unconfirmed", detail: "504" });
		await world.advance(5 * MINUTE);
		// Twice is the most; what happens to the job stands by itself then.
		expect(told(world)).toEqual([]);
		world.graph.more = world.graph.more.map((job) => ({ ...job, status: "failed" }));
		await world.advance(MINUTE);
		expect(told(world)).toEqual([`post ${CHANNEL}: event failed`]);
	});

	it.each([
		["refuses, since the bot is not in it", [{ kind: "rejected", detail: "403", removed: true }]],
		["does not find three times", Array(3).fill({ kind: "gone", detail: "404" })],
	] as const)(
		"end in a conversation that Teams %s, so that nothing is watched for nobody",
		async (_, answers) => {
			const world = await alerting(newWorld());
			await world.say(anna, { kind: "follow", jobId: JOB_ID }, THREAD);
			world.graph.job = fresh(world);
			world.sendProblems.push(...answers);
			await world.advance(MINUTE);
			const { lists } = world.graph;
			await world.advance(10 * MINUTE);
			expect(world.graph.lists).toBe(lists);
			expect(await audited(/^conversation/u)).toEqual(["conversation.left"]);
		},
	);

	it("go on in a conversation that Teams does not find once, or that takes no message of this kind", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		world.sendProblems.push({ kind: "gone", detail: "404" }, { kind: "rejected", detail: "400" });
		await world.advance(MINUTE);
		const { lists } = world.graph;
		await world.advance(MINUTE);
		expect(world.graph.lists).toBeGreaterThan(lists);
		expect(await audited(/^conversation/u)).toEqual([]);
	});

	it("tell nothing more of a job that goes on once they are turned off, though its card stays true", async () => {
		const world = await alerting(newWorld(), THREAD, "chat");
		world.graph.job = fresh(world);
		await world.advance(MINUTE);
		await world.say(anna, { kind: "alerts-off" }, "chat");
		world.sent.length = 0;
		await world.advance(15 * MINUTE);
		world.graph.job = fresh(world, { status: "failed" });
		await world.advance(MINUTE);
		const inChat = told(world).filter((line) => line.includes(" chat:"));
		expect(inChat.filter((line) => line.startsWith("post"))).toEqual([]);
		expect(inChat.at(-1)).toBe("update chat: alert failed");
	});

	it("tell of a job that Graph had lost and lists again", async () => {
		const world = await alerting(newWorld());
		const job = fresh(world);
		world.graph.job = job;
		await world.advance(MINUTE);
		world.graph.job = undefined;
		await world.advance(5 * MINUTE);
		world.graph.job = job;
		await world.advance(MINUTE);
		world.sent.length = 0;
		world.graph.job = { ...job, status: "failed" };
		await world.advance(MINUTE);
		expect(told(world)).toEqual([`update ${CHANNEL}: alert failed`, expect.stringMatching(/event failed$/u)]);
	});

	it("do not overwrite what somebody did while Graph was asked", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		await world.advance(MINUTE);
		const { id: incidentId, turn } = await incidentOf(world);
		const list = world.deps.jobs.list;
		Object.assign(world.deps.jobs, {
			async list() {
				Object.assign(world.deps.jobs, { list });
				await world.press(anna, { kind: "take-incident", incidentId, turn }, { budgetMs: 0 });
				const answer = world.tasks.find(({ task }) => task.queue === "answer");
				if (answer) await world.run(answer.task);
				world.graph.job = fresh(world, { status: "calculating" });
				return list();
			},
		});
		await world.advance(MINUTE);
		expect(await incidentOf(world)).toMatchObject({
			taker: { actor: { name: "Anna" } },
			job: { status: "calculating" },
		});
	});
});
