import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import type { Actor } from "../../../src/core/person.js";
import type { Command } from "../../../src/core/requests/command.js";
import { theDatabase } from "../database.js";
import { ADMIN_ROLE, JOB_ID } from "../world.js";
import {
	alerting,
	anna,
	audited,
	below,
	ben,
	CHANNEL,
	fresh,
	incidentOf,
	inShort,
	latest,
	MINUTE,
	newWorld,
	pressed,
	THREAD,
	take,
	told,
	useOnCallWorld,
	type World,
} from "./on-call-world.js";

useOnCallWorld();

const POLL = 15_000;
/** Another instance on the same database, at the same time; what `world` had to do is its work from now on. */
function takenOver(world: World): World {
	const other = another(world);
	other.tasks.push(...world.tasks.splice(0));
	return other;
}

function another(world: World): World {
	const other = newWorld();
	other.deps.ids.uuid = randomUUID;
	other.turn(world.now().getTime() - other.now().getTime());
	other.graph.job = world.graph.job;
	return other;
}

/** One look at the jobs, and nothing that it calls for. */
async function look(world: World): Promise<void> {
	world.turn(POLL);
	const index = world.tasks.findIndex(({ task }) => task.queue === "on-call");
	const [entry] = world.tasks.splice(index, 1);
	if (!entry) throw new Error("no look is planned");
	await world.run(entry.task);
}

describe("an instance that is killed", () => {
	it("between its look and the cards leaves them to another, which posts each once", async () => {
		const world = await alerting(newWorld(), THREAD, "chat");
		world.graph.job = fresh(world);
		await look(world);
		const other = takenOver(world);
		await other.advance(5 * MINUTE);
		expect(told(world)).toEqual([]);
		expect(other.sent.every(({ view }) => !("mayRepeat" in view))).toBe(true);
		expect(told(other).sort()).toEqual([`post ${CHANNEL}: alert running`, "post chat: alert running"]);

		other.graph.job = fresh(other, { status: "failed", endedAt: other.now().toISOString() });
		await look(other);
		const third = takenOver(other);
		await third.advance(5 * MINUTE);
		expect(told(other)).toEqual([]);
		expect(third.sent.every(({ view }) => !("mayRepeat" in view))).toBe(true);
		expect(
			told(third)
				.filter((line) => line.startsWith("post"))
				.sort(),
		).toEqual([below("event failed"), "post chat: event failed"]);
	});

	it("while a card is on its way has it sent once more, which says that it may be a repeat", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		await look(world);
		const post = world.tasks.find(({ task }) => task.queue === "post");
		world.onSend = async () => {
			throw new Error("killed");
		};
		if (post) await expect(world.run(post.task)).rejects.toThrow("killed");
		const other = takenOver(world);
		await other.advance(MINUTE);
		expect(latest(world, "alert")).not.toHaveProperty("mayRepeat");
		expect(other.sent.map(({ how, view }) => [how, view])).toMatchObject([["post", { mayRepeat: true }]]);
		other.graph.job = fresh(other, { status: "successful", endedAt: other.now().toISOString() });
		await other.advance(MINUTE);
		expect(told(other).slice(1)).toEqual([`update ${CHANNEL}: alert successful`, below("event finished")]);
	});
});

describe("a job that begins and ends between two looks", () => {
	it("is told once, in one card that shows its end", async () => {
		const world = await alerting(newWorld());
		world.turn(1_000);
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.advance(10 * MINUTE);
		expect(told(world)).toEqual([`post ${CHANNEL}: alert failed`]);
		expect(await audited(/^alert\./u)).toEqual(["alert.failed"]);
	});

	it("has what came of its cancellation told below that card", async () => {
		const world = await alerting(newWorld());
		world.turn(1_000);
		world.graph.job = fresh(world);
		world.graph.onPost = async () => {
			world.graph.job = fresh(world, { status: "abandoned", endedAt: world.now().toISOString() });
		};
		await world.say(anna, { kind: "cancel", jobId: JOB_ID, reason: "drill" }, "chat");
		await world.advance(10 * MINUTE);
		const inChannel = told(world).filter((line) => line.includes(CHANNEL));
		expect(inChannel).toEqual([`post ${CHANNEL}: alert abandoned`, below("story")]);
	});
});

describe("somebody of another organisation in a shared channel", () => {
	const mallory: Actor = { ...anna, tenantId: "22222222-2222-4222-8222-222222222222", name: "Mallory" };

	async function stored(): Promise<unknown> {
		return theDatabase().sql.query(`select (select count(*) from subscriptions) as subscriptions,
			(select jsonb_agg(record->'taker') from incidents) as takers`);
	}

	it("turns on nothing, takes nothing and takes nothing over", async () => {
		const world = await alerting(newWorld());
		world.grant(mallory, ADMIN_ROLE);
		world.group.people = [mallory];
		world.graph.job = fresh(world);
		await world.advance(MINUTE / 2);
		await world.say(anna, { kind: "handover", hours: 12 }, THREAD);
		const { handoverId } = latest(world, "handover");
		const before = await stored();
		world.standingReads.length = 0;
		const other = { kind: "refusal", rule: "other-tenant" };
		for (const command of [
			{ kind: "alerts-on", filters: {} },
			{ kind: "alerts-off" },
			{ kind: "escalations", here: true },
			{ kind: "follow", jobId: JOB_ID },
			{ kind: "digest-on", time: "08:00", zone: "Europe/Oslo" },
			await take(world),
			{ kind: "take-over", handoverId },
			{ kind: "handover", hours: 12 },
		] as const satisfies readonly Command[])
			expect(await pressed(world, mallory, command, { where: THREAD })).toMatchObject({
				view: other.kind,
				rule: other.rule,
			});
		expect(await stored()).toEqual(before);
		expect(world.standingReads).toEqual([]);
		expect(await audited(/^(?:alerts\.off|incident|handover|follow|digest|escalations)/u)).toEqual([]);
	});
});

describe("two people who press I have it at the same moment, on two instances", () => {
	it("are told who has it: one of them", async () => {
		const one = await alerting(newWorld());
		one.graph.job = fresh(one);
		await one.advance(MINUTE / 2);
		const other = another(one);
		const command = await take(one);
		for (const world of [one, other]) world.grant(ben, ADMIN_ROLE);
		const press = async (world: World, actor: Actor) => {
			await world.press(actor, command, { budgetMs: 0, card: `card of ${actor.name}` });
			const index = world.tasks.findIndex(({ task }) => task.queue === "answer");
			const [entry] = world.tasks.splice(index, 1);
			return entry?.task;
		};
		const answers = [await press(one, anna), await press(other, ben)];
		await Promise.all([one, other].map((world, n) => answers[n] && world.run(answers[n])));
		const { taker } = await incidentOf(one);
		expect(await audited(/^incident/u)).toEqual(["incident.taken"]);
		const views = await Promise.all(
			answers.map(async (task) => {
				if (task?.queue !== "answer") throw new Error("not asked");
				return (await one.deps.store.read.request(task.data.requestId))?.answer;
			}),
		);
		const notes = views.map((answer) => (answer?.kind === "view" ? answer.view : undefined));
		expect(notes.filter((view) => view && "note" in view)).toMatchObject([
			{ view: "alert", note: "meanwhile", incident: { taker: { actor: taker?.actor } } },
		]);
		for (const world of [one, other]) await world.advance(MINUTE);
		expect([one, other].flatMap(told).filter((line) => line.includes("hands"))).toHaveLength(1);
	});
});

describe("alerts that are turned off while something waits to be sent", () => {
	/** What is said before what was to be done is done; what is sent after that is left to be looked at. */
	async function whileWorkWaits(world: World, ...commands: readonly Command[]): Promise<void> {
		const waiting = world.tasks.splice(0);
		for (const command of commands) await world.say(anna, command, THREAD);
		world.sent.length = 0;
		world.tasks.push(...waiting);
		await world.advance(5 * MINUTE);
	}

	it("post no card of a job that was seen before", async () => {
		const world = await alerting(newWorld(), THREAD, "chat");
		world.graph.job = fresh(world);
		await look(world);
		await whileWorkWaits(world, { kind: "alerts-off" });
		expect(told(world)).toEqual(["post chat: alert running"]);
	});

	it("tell no end, although the card that stands there shows it", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		await world.advance(MINUTE);
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await look(world);
		await whileWorkWaits(world, { kind: "alerts-off" });
		expect(told(world)).toEqual([`update ${CHANNEL}: alert failed`]);
	});

	it("and on again before that show the job once", async () => {
		const world = await alerting(newWorld());
		world.graph.job = fresh(world);
		await look(world);
		await whileWorkWaits(world, { kind: "alerts-off" }, { kind: "alerts-on", filters: {} });
		expect(world.sent.filter(({ view }) => view.view === "alert").map(({ view }) => inShort(view))).toEqual([
			"alert running",
		]);
	});
});
