import { describe, expect, it } from "@jest/globals";
import { waitFor } from "../../wait-for.js";
import { theDatabase } from "../database.js";
import { ADMIN_ROLE, JOB_ID, person } from "../world.js";
import {
	alerted,
	alerting,
	anna,
	audited,
	ben,
	CHANNEL,
	callPlanned,
	carla,
	fresh,
	incidentOf,
	latest,
	lineOf,
	MINUTE,
	newWorld,
	pressed,
	THREAD,
	take,
	told,
	useOnCallWorld,
} from "./on-call-world.js";

useOnCallWorld();

const HOUR = 60 * MINUTE;
const OTHER = "11111111-7c1e-4e7c-9c7b-13f8d44b20c4";
const DAILY = { kind: "digest-on", time: "08:00", zone: "Europe/Oslo" } as const;
const requestId = expect.any(String);
/** What every line says that is about a request. */
const inChannel = { requestId, conversation: THREAD };

describe("the audit trail", () => {
	it("says what a conversation is told from when on, and who wanted it so", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		const filters = { kinds: ["recovery"] as const };
		await world.say(ben, { kind: "alerts-on", filters }, THREAD);
		const facts = { ...inChannel, answered: "subscriptions" };
		expect(await lineOf("alerts.on")).toMatchObject({ actor: ben, facts: { ...facts, filters } });
		expect(latest(world, "subscriptions")).toMatchObject({ changed: "alerts-on", alerts: { filters } });
		await world.say(ben, { kind: "alerts" }, THREAD);
		expect(await lineOf("request.answered")).toMatchObject({ actor: ben, facts });
		expect(latest(world, "subscriptions")).not.toHaveProperty("changed");
		await world.say(ben, { kind: "alerts-off" }, THREAD);
		expect(await lineOf("alerts.off")).toMatchObject({ actor: ben, facts });
		await world.say(ben, DAILY, THREAD);
		const { time, zone } = DAILY;
		expect(await lineOf("digest.on")).toMatchObject({ actor: ben, facts: { ...facts, time, zone } });
		await world.say(ben, { kind: "digest-off" }, THREAD);
		expect(await lineOf("digest.off")).toMatchObject({ actor: ben, facts });
		expect(latest(world, "subscriptions")).toMatchObject({ changed: "digest-off" });
		expect(latest(world, "subscriptions")).not.toHaveProperty("unchanged");
		await world.say(anna, { kind: "escalations", here: true }, THREAD);
		expect(await lineOf("escalations.on")).toMatchObject({ actor: anna, facts });
		const before = await audited(/^(?:alerts|digest|escalations)/u);
		for (const off of [{ kind: "alerts-off" }, { kind: "digest-off" }] as const) {
			await world.say(anna, off, THREAD);
			expect(latest(world, "subscriptions")).toMatchObject({ changed: off.kind, unchanged: true });
			expect(await lineOf("request.answered")).toMatchObject({ actor: anna, facts });
		}
		expect(await audited(/^(?:alerts|digest|escalations)/u)).toEqual(before);
	});

	it("says who follows what, and who asked for what happened", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		await world.say(ben, { kind: "follow", jobId: JOB_ID }, THREAD);
		const { id: incidentId } = await incidentOf(world);
		expect(await lineOf("follow.on")).toMatchObject({
			actor: ben,
			jobId: JOB_ID,
			facts: { ...inChannel, incidentId },
		});
		await world.say(ben, { kind: "unfollow", jobId: JOB_ID }, THREAD);
		expect(await lineOf("follow.off")).toMatchObject({
			actor: ben,
			jobId: JOB_ID,
			facts: { ...inChannel, answered: "unfollowed" },
		});
		await world.say(ben, { kind: "unfollow", jobId: JOB_ID }, THREAD);
		expect((await lineOf("request.answered")).facts).toMatchObject({ answered: "unfollowed" });
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		expect(await lineOf("request.answered")).toMatchObject({
			actor: ben,
			facts: { ...inChannel, answered: "handover", hours: 12, open: 1 },
		});
		const { handoverId } = latest(world, "handover");
		await world.say(anna, { kind: "take-over", handoverId }, THREAD);
		expect(await lineOf("handover.taken")).toMatchObject({
			actor: anna,
			facts: { ...inChannel, handoverId, incidents: [incidentId] },
		});
	});

	it("says whose hands a job went through, and why it did not", async () => {
		const world = await alerted();
		world.group.people = [ben];
		const command = await take(world, 30);
		const { id: incidentId } = await incidentOf(world);
		const facts = { requestId, conversation: "chat", incidentId };
		await pressed(world, anna, command);
		const until = new Date(world.now().getTime() + 30 * MINUTE).toISOString();
		const first = await lineOf("incident.taken");
		expect(first).toMatchObject({ actor: anna, jobId: JOB_ID, facts: { ...facts, until } });
		expect(first.facts).not.toHaveProperty("from");
		await pressed(world, ben, command);
		expect(await lineOf("request.answered")).toMatchObject({
			actor: ben,
			jobId: JOB_ID,
			facts: { ...facts, why: "meanwhile" },
		});
		await pressed(world, ben, await take(world));
		const second = await lineOf("incident.taken");
		expect(second).toMatchObject({ actor: ben, facts: { ...facts, from: anna.userId } });
		expect(second.facts).not.toHaveProperty("until");
		await pressed(world, ben, { kind: "release-incident", incidentId });
		expect(await lineOf("incident.released")).toMatchObject({ facts: { ...facts, from: ben.userId } });
		const unknown = "99999999-0000-4000-8000-000000000000";
		await pressed(world, ben, { kind: "release-incident", incidentId: unknown });
		expect(await lineOf("request.answered")).toMatchObject({
			facts: { incidentId: unknown, answered: "no-such-incident" },
		});
	});

	it("says who was called, where, and at which step", async () => {
		const world = newWorld();
		world.group.people = [ben, carla];
		await world.say(anna, { kind: "escalations", here: true }, "managers");
		await alerted(world);
		const { id: incidentId } = await incidentOf(world);
		await world.advance(10 * MINUTE);
		const called = [ben.userId, carla.userId];
		const facts = { incidentId, group: "called", called };
		expect(await lineOf("incident.escalated")).toMatchObject({
			jobId: JOB_ID,
			facts: { ...facts, step: 1, conversations: [CHANNEL] },
		});
		await world.advance(10 * MINUTE);
		expect(await lineOf("incident.escalated")).toMatchObject({
			facts: { ...facts, step: 2, conversations: ["managers"] },
		});
	});

	it("says which digest was sent, and when one came late", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		await world.say(ben, DAILY, THREAD);
		await world.advance(4 * HOUR);
		const { facts } = await lineOf("digest.sent");
		expect(facts).toEqual({ conversation: CHANNEL, date: "2026-11-23" });
		world.turn(24 * HOUR + 10 * MINUTE);
		await world.settle();
		expect((await lineOf("digest.sent")).facts).toMatchObject({ dueAt: "2026-11-24T07:00:00.000Z" });
		expect(latest(world, "news").tells).toMatchObject({
			from: new Date(world.now().getTime() - 24 * HOUR).toISOString(),
			to: world.now().toISOString(),
		});
	});
});

describe("taking a job", () => {
	it("is told with who had it before, and until when it was promised", async () => {
		const world = await alerted();
		world.group.people = [ben];
		await pressed(world, anna, await take(world, 30));
		await pressed(world, anna, await take(world));
		await pressed(world, ben, await take(world, 60));
		await world.advance(MINUTE);
		const hands = world.sent.flatMap(({ view }) =>
			view.view === "news" && view.tells.what === "hands" ? [view.tells] : [],
		);
		const at = expect.any(String);
		const job = expect.objectContaining({ id: JOB_ID });
		expect(hands).toEqual([
			{ what: "hands", change: "taken", job, who: "Anna", at, until: at },
			{ what: "hands", change: "taken", job, who: "Anna", at },
			{ what: "hands", change: "taken-over", job, who: "Ben", from: "Anna", at, until: at },
		]);
	});

	it("is told on the card alone where there are no threads", async () => {
		const world = await alerted(newWorld(), "chat");
		await pressed(world, anna, await take(world));
		await world.advance(MINUTE);
		expect(told(world)).toEqual(["update chat: alert running Anna"]);
	});

	it("shows a cancellation of it that is under way", async () => {
		const world = await alerted();
		await world.say(anna, { kind: "cancel", jobId: JOB_ID, reason: "drill" }, "elsewhere");
		expect(await pressed(world, anna, await take(world))).toMatchObject({
			cancellation: { jobId: JOB_ID, state: "stopping" },
			at: world.now().toISOString(),
		});
	});

	it("is for who is on call although their role is for a part of the organisation only", async () => {
		const world = await alerted();
		world.group.people = [carla];
		world.setStanding(carla, {
			kind: "read",
			at: "",
			accountEnabled: true,
			guest: false,
			grants: [],
			scopedRoles: [{ roleName: ADMIN_ROLE.name, scope: "/administrativeUnits/1" }],
		});
		expect(await pressed(world, carla, await take(world))).toMatchObject({ view: "alert" });
		world.group.people = [];
		expect(await pressed(world, carla, await take(world))).toMatchObject({
			view: "refusal",
			rule: "scoped-role",
		});
	});
});

describe("a handover", () => {
	it("names what is open with who has it, and leaves out what ended before", async () => {
		const world = await alerted();
		const end = new Date(world.now().getTime() - 13 * HOUR).toISOString();
		world.graph.more = [
			fresh(world, { id: OTHER, status: "failed", endedAt: end }),
			// Graph does not say when this one ended.
			fresh(world, { id: `2${OTHER.slice(1)}`, status: "failed" }),
		];
		await pressed(world, anna, await take(world));
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		const { summary } = latest(world, "handover");
		expect(summary.jobs?.running.map(({ id }) => id)).toEqual([JOB_ID]);
		expect(summary.jobs?.ended.map(({ id }) => id)).toEqual([`2${OTHER.slice(1)}`]);
		expect(summary.open).toEqual([
			{ incidentId: (await incidentOf(world)).id, job: summary.jobs?.running[0], taker: "Anna" },
		]);
		expect(summary.to).toBe(world.now().toISOString());
	});

	it("leaves out what Graph has forgotten, also when it cannot be read now", async () => {
		const world = await alerted();
		world.graph.job = undefined;
		await world.advance(15 * MINUTE);
		world.graph.listProblem = { kind: "problem", code: "unavailable", detail: "HTTP 503" };
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		expect(latest(world, "handover").summary.open).toEqual([]);
	});

	it("goes by what was seen last when Graph cannot be read", async () => {
		const world = await alerted();
		world.graph.more = [fresh(world, { id: OTHER })];
		await world.advance(MINUTE);
		world.graph.more = [fresh(world, { id: OTHER, status: "failed", endedAt: world.now().toISOString() })];
		await world.advance(MINUTE);
		world.graph.listProblem = { kind: "problem", code: "unavailable", detail: "HTTP 503" };
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		expect(latest(world, "handover").summary.open).toMatchObject([{ job: { id: JOB_ID } }]);
		expect(latest(world, "handover").summary.open[0]).not.toHaveProperty("taker");
	});

	it("leaves out what Graph shows ended before anybody has looked, and who has sent nothing", async () => {
		const world = await alerted();
		Object.assign(world.approvals, { mode: "on-request", required: 1 });
		await world.say(carla, { kind: "ask", jobId: JOB_ID, reason: "wrong snapshot" }, "elsewhere");
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		const { summary } = latest(world, "handover");
		expect(summary.open).toEqual([]);
		expect(summary.cancellations).toMatchObject([{ state: "awaiting-approval", requester: "Carla" }]);
		expect(summary.cancellations[0]).not.toHaveProperty("sentFor");
	});

	it("is taken over although a job of it is forgotten meanwhile", async () => {
		const world = await alerted();
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		const { handoverId } = latest(world, "handover");
		await theDatabase().transaction((sql) => sql.query("delete from incidents"));
		expect(await pressed(world, anna, { kind: "take-over", handoverId })).toMatchObject({
			view: "handover",
			takenBy: "Anna",
		});
	});

	it("of several jobs is taken over as a whole, except for what has ended meanwhile", async () => {
		const world = await alerted();
		const third = `2${OTHER.slice(1)}`;
		world.graph.more = [OTHER, third].map((id) => fresh(world, { id }));
		await world.advance(MINUTE);
		await world.say(ben, { kind: "handover", hours: 12 }, THREAD);
		const { handoverId, summary } = latest(world, "handover");
		world.graph.more = [
			fresh(world, { id: OTHER }),
			fresh(world, { id: third, status: "failed", endedAt: world.now().toISOString() }),
		];
		await world.advance(MINUTE);
		const view = await pressed(world, anna, { kind: "take-over", handoverId });
		const after = view.view === "handover" ? view.summary.open : [];
		expect(Object.fromEntries(after.map(({ job, taker }) => [job.id, taker]))).toEqual({
			[JOB_ID]: "Anna",
			[OTHER]: "Anna",
			[third]: undefined,
		});
		for (const id of [JOB_ID, OTHER])
			expect(await incidentOf(world, id)).toMatchObject({ taker: { actor: anna } });
		const taken = summary.open.filter(({ job }) => job.id !== third).map(({ incidentId }) => incidentId);
		expect((await lineOf("handover.taken")).facts).toMatchObject({ incidents: taken.sort() });
	});

	it("is taken over where it stands, and not where something else was answered", async () => {
		const world = await alerted();
		await world.say(anna, { kind: "alerts" }, THREAD);
		const [other] = await theDatabase().sql.query<{ id: string }>(
			"select id from requests order by received_at desc limit 1",
		);
		expect(await pressed(world, anna, { kind: "take-over", handoverId: other?.id ?? "" })).toEqual({
			view: "no-such-incident",
		});
		expect(await incidentOf(world)).not.toHaveProperty("taker");
	});
});

describe("a call for somebody", () => {
	it("says since when, and goes before what else waits", async () => {
		const world = newWorld();
		world.group.people = [ben];
		world.membersOf.set(CHANNEL, [{ ...ben, userId: ben.userId.toUpperCase() }]);
		await alerted(world);
		const { id: incidentId, turn, job } = await incidentOf(world);
		await world.advance(10 * MINUTE);
		expect(latest(world, "news").tells).toEqual({
			what: "page",
			incidentId,
			turn,
			job,
			since: job.startedAt,
			step: 1,
			group: "called",
			mentioned: [{ channelUserId: ben.channelUserId, name: "Ben" }],
			named: [],
		});
	});

	it("counts from when the job was seen where Graph does not say when it began", async () => {
		const world = newWorld();
		await alerting(world);
		const { startedAt: _unknown, ...job } = fresh(world);
		world.graph.job = job;
		await world.advance(12 * MINUTE);
		expect(latest(world, "news").tells).toMatchObject({
			what: "page",
			since: (await incidentOf(world)).openedAt,
		});
	});

	it("names everybody where Teams does not say who is there", async () => {
		const world = newWorld();
		world.group.people = [ben];
		world.deps.messenger.members = async () => ({ kind: "problem", detail: "HTTP 503" });
		await alerted(world);
		await world.advance(10 * MINUTE);
		expect(latest(world, "news").tells).toMatchObject({ what: "page", mentioned: [], named: ["Ben"] });
	});

	it("is not made where alerts were turned off meanwhile, nor while somebody cancels the job", async () => {
		const world = newWorld();
		world.group.people = [ben];
		await alerted(world, THREAD, "chat");
		await world.say(anna, { kind: "alerts-off" }, "chat");
		told(world);
		await world.advance(10 * MINUTE);
		expect(told(world).filter((line) => line.includes("page"))).toEqual([`post ${CHANNEL}: page 1 called`]);
		await world.say(anna, { kind: "cancel", jobId: JOB_ID, reason: "drill" }, "elsewhere");
		await world.advance(15 * MINUTE);
		expect(told(world).filter((line) => line.includes("page"))).toEqual([]);
	});

	it("is not made when somebody takes the job while it is found out who is on call", async () => {
		const world = newWorld();
		world.group.people = [ben];
		await alerted(world);
		const { people } = world.deps.onCallGroup;
		world.deps.onCallGroup.people = async () => {
			world.deps.onCallGroup.people = people;
			await world.say(anna, await take(world), "elsewhere");
			return people();
		};
		await world.advance(10 * MINUTE);
		expect(told(world).filter((line) => line.includes("page"))).toEqual([]);
		expect(await audited(/^incident/u)).toEqual(["incident.taken"]);
	});

	it("changes nothing of the job by itself", async () => {
		const world = newWorld();
		world.group.people = [ben];
		await alerted(world);
		const call = await callPlanned(world);
		const before = await incidentOf(world);
		await world.run(call);
		expect(await audited(/^incident/u)).toEqual(["incident.escalated"]);
		expect(await incidentOf(world)).toEqual(before);
	});

	it("is not made for a job that is not known, or twice for one step", async () => {
		const world = newWorld();
		world.group.people = [ben];
		await alerted(world);
		await world.advance(10 * MINUTE);
		told(world);
		const { id } = await incidentOf(world);
		for (const unknown of [id, OTHER])
			await world.run({ queue: "on-call", data: { work: "escalate", id: unknown, step: 2 }, afterMs: 0 });
		await world.settle();
		expect(told(world)).toEqual([]);
		expect(await audited(/^incident/u)).toEqual(["incident.escalated"]);
	});

	it("says in the log why nobody knows who is on call", async () => {
		const world = newWorld();
		world.group.people = [ben];
		world.group.problem = { kind: "problem", code: "unavailable", httpStatus: 503, detail: "HTTP 503" };
		await alerted(world);
		await world.advance(10 * MINUTE);
		expect(world.log).toContainEqual({
			level: "warn",
			facts: { code: "on-call-group-unreadable", why: "unavailable", httpStatus: 503, detail: "HTTP 503" },
			message: expect.any(String),
		});
	});
});

describe("the watch over the jobs", () => {
	it("says in the log once that Graph cannot be read, and again when it could be read between", async () => {
		const world = await alerting(newWorld());
		const problem = { kind: "problem", code: "unavailable", httpStatus: 503, detail: "HTTP 503" } as const;
		world.graph.listProblem = problem;
		await world.advance(MINUTE);
		const lines = () => world.log.filter(({ facts }) => facts.code === "jobs-unreadable");
		expect(lines()).toMatchObject([
			{ level: "warn", facts: { why: "unavailable", httpStatus: 503, detail: "HTTP 503" } },
		]);
		world.graph.listProblem = undefined;
		await world.advance(MINUTE);
		world.graph.listProblem = problem;
		await world.advance(MINUTE);
		expect(lines()).toHaveLength(2);
	});

	it("locks and writes nothing but when it was, while nothing happens", async () => {
		const world = await alerted();
		const { transaction } = world.deps.store;
		const calls: string[] = [];
		const heard =
			<Given extends unknown[], Result>(name: string, call: (...given: Given) => Result) =>
			(...given: Given) => {
				calls.push(name);
				return call(...given);
			};
		world.deps.store.transaction = (work) =>
			transaction((tx) =>
				work({
					...tx,
					lockWatch: heard("lock", tx.lockWatch),
					forgetOld: heard("forget", tx.forgetOld),
					saveWatch: heard("save", tx.saveWatch),
				}),
			);
		await world.advance(MINUTE);
		expect(new Set(calls)).toEqual(new Set(["save"]));
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		expect(new Set(calls)).toEqual(new Set(["save", "lock", "forget"]));
	});

	it("ends with the last job that is followed, also where escalations are taken", async () => {
		const world = newWorld();
		await world.say(anna, { kind: "escalations", here: true }, "managers");
		world.graph.job = fresh(world);
		await world.say(ben, { kind: "follow", jobId: JOB_ID });
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.advance(MINUTE / 4);
		expect(world.tasks.filter(({ task }) => task.queue === "on-call")).toEqual([]);
		const { subscriptions } = await world.deps.store.read.watched(anna.tenantId, world.now());
		expect(subscriptions.map(({ kind }) => kind)).toEqual(["escalations"]);
		const { lists } = world.graph;
		await world.run({ queue: "on-call", data: { work: "look", id: anna.tenantId }, afterMs: 0 });
		expect(world.graph.lists).toBe(lists);
	});

	it("goes on for somebody who asks at the moment in which it was to end", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		const { transaction } = world.deps.store;
		let first = true;
		Object.assign(world.deps.store, {
			async transaction(work: Parameters<typeof transaction>[0]) {
				if (first) {
					first = false;
					await world.say(anna, { kind: "alerts-on", filters: {} }, THREAD);
					world.tasks.length = 0;
				}
				return transaction(work);
			},
		});
		await world.run({ queue: "on-call", data: { work: "look", id: anna.tenantId }, afterMs: 0 });
		expect(world.tasks).toMatchObject([{ task: { queue: "on-call", data: { work: "look" } } }]);
		expect(world.tasks[0]?.at).toBe(world.now().getTime());
	});
});

describe("following a job", () => {
	it("where it is followed already shows the same card once more, and goes on below", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		await world.say(ben, { kind: "follow", jobId: JOB_ID });
		await world.say(anna, { kind: "follow", jobId: JOB_ID });
		expect(told(world)).toEqual(["post chat: follow running", "post chat: follow running"]);
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		expect(new Set(told(world))).toEqual(
			new Set(["update chat: follow running", "update chat: follow failed"]),
		);
	});

	it("that took long to find out stands in the message that told so", async () => {
		const world = newWorld();
		world.graph.job = fresh(world);
		const { read } = world.deps.jobs;
		world.deps.jobs.read = async (...asked) => {
			await world.settle();
			return read(...asked);
		};
		Object.assign(world.deps, { silenceMs: 0 });
		const { standing } = world.deps.directory;
		world.deps.directory.standing = async (...asked) => {
			await new Promise((resolve) => setTimeout(resolve, 50));
			return standing(...asked);
		};
		await world.say(ben, { kind: "follow", jobId: JOB_ID });
		const places = new Set(world.sent.map(({ activityId }) => activityId));
		expect(told(world)).toEqual(["post chat: working", "update chat: follow running"]);
		expect(places.size).toBe(1);
	});

	it("shows a job that has ended with what may be done about it", async () => {
		const world = newWorld();
		world.graph.job = fresh(world, { status: "failed" });
		await world.say(anna, { kind: "follow", jobId: JOB_ID });
		expect(latest(world, "job")).toMatchObject({ job: { status: "failed" } });
		world.graph.job = undefined;
		await world.say(anna, { kind: "follow", jobId: JOB_ID });
		expect(latest(world, "problem")).toMatchObject({ code: "job-not-found", jobId: JOB_ID });
		world.graph.readProblem = { kind: "problem", code: "throttled", detail: "HTTP 429" };
		await world.say(anna, { kind: "follow", jobId: JOB_ID });
		expect(latest(world, "problem")).toMatchObject({ code: "graph-throttled", jobId: JOB_ID });
	});
});

describe("a digest", () => {
	it("that is asked for too early waits, and one that was turned off is not sent", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		await world.say(ben, DAILY, THREAD);
		told(world);
		const [planned] = world.tasks.splice(0);
		if (planned) await world.run(planned.task);
		expect(told(world)).toEqual([]);
		expect(world.tasks).toMatchObject([{ at: Date.parse("2026-11-23T07:00:00Z"), task: planned?.task }]);
		await world.say(ben, { kind: "digest-off" }, THREAD);
		told(world);
		await world.advance(24 * HOUR);
		expect(told(world)).toEqual([]);
		expect(world.graph.lists).toBe(0);
	});

	it("says that it is late from ten minutes on", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		await world.say(ben, DAILY, THREAD);
		const sentAfter = async (ms: number) => {
			const [planned] = world.tasks.splice(0);
			world.turn((planned?.at ?? 0) - world.now().getTime() + ms);
			world.sent.length = 0;
			if (planned) await world.run(planned.task);
			const next = world.tasks.filter(({ task }) => task.queue === "on-call");
			await world.settle();
			world.tasks.splice(0, world.tasks.length, ...next);
			return latest(world, "news").tells;
		};
		expect(await sentAfter(10 * MINUTE - 1)).not.toHaveProperty("dueAt");
		expect(await sentAfter(10 * MINUTE)).toHaveProperty("dueAt");
	});

	it("that two instances find due at once is sent by one of them", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		await world.say(ben, DAILY, THREAD);
		told(world);
		const [planned] = world.tasks.splice(0);
		world.turn(4 * HOUR);
		const { list } = world.deps.jobs;
		let asking = 0;
		world.deps.jobs.list = async () => {
			asking += 1;
			await waitFor(
				"both to ask",
				() => asking,
				(asked) => asked === 2,
			);
			return list();
		};
		if (planned) await Promise.all([world.run(planned.task), world.run(planned.task)]);
		await world.settle();
		expect(told(world)).toEqual([`post ${CHANNEL}: digest`]);
		expect(await audited(/^digest\.sent/u)).toEqual(["digest.sent"]);
	});

	it("that is turned off while Graph is asked is not sent", async () => {
		const world = newWorld();
		world.graph.job = undefined;
		await world.say(ben, DAILY, THREAD);
		const list = world.deps.jobs.list;
		Object.assign(world.deps.jobs, {
			async list() {
				await world.say(ben, { kind: "digest-off" }, THREAD);
				told(world);
				return list();
			},
		});
		await world.advance(24 * HOUR);
		expect(told(world)).toEqual([]);
		expect(await audited(/^digest\.sent/u)).toEqual([]);
	});

	it("names what is open, with who has it", async () => {
		const world = await alerted();
		await pressed(world, anna, await take(world));
		await world.say(ben, { ...DAILY, time: "04:03" }, THREAD);
		await world.advance(5 * MINUTE);
		const [digest] = world.sent.flatMap(({ view }) =>
			view.view === "news" && view.tells.what === "digest" ? [view.tells] : [],
		);
		expect(digest?.open).toMatchObject([{ job: { id: JOB_ID }, taker: "Anna" }]);
	});

	it("goes out although alerts are off, and nothing else of what the conversation was told does", async () => {
		const world = await alerted();
		world.graph.listProblem = { kind: "problem", code: "unavailable", detail: "HTTP 503" };
		await world.say(ben, { ...DAILY, time: "04:03" }, THREAD);
		await world.say(ben, { kind: "alerts-off" }, THREAD);
		told(world);
		await world.advance(HOUR);
		expect(told(world)).toEqual([`post ${CHANNEL}: digest`]);
	});
});

it("what is told to several conversations is told to each once", async () => {
	const world = newWorld();
	world.grant(person("Dora"), ADMIN_ROLE);
	await alerted(world, THREAD, "chat", "a:dora");
	world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
	await world.advance(MINUTE);
	expect(told(world).sort()).toEqual(
		[
			"post a:dora: event failed",
			"post chat: event failed",
			expect.stringMatching(/messageid=activity-\d+: event failed$/u),
			`update ${CHANNEL}: alert failed`,
			"update a:dora: alert failed",
			"update chat: alert failed",
		].sort(),
	);
});
