import { describe, expect, it } from "@jest/globals";
import { JOB_ID } from "../world.js";
import {
	alerted,
	anna,
	audited,
	below,
	ben,
	CHANNEL,
	callPlanned,
	carla,
	fresh,
	incidentOf,
	latest,
	MINUTE,
	newWorld,
	pressed,
	THREAD,
	take,
	told,
	useOnCallWorld,
} from "./on-call-world.js";

useOnCallWorld();

describe("taking a job", () => {
	it("is told on every card and below it, and nobody is called any more", async () => {
		const world = await alerted();
		const view = await pressed(world, anna, await take(world), { where: THREAD });
		expect(view).toMatchObject({ view: "alert", incident: { taker: { actor: { name: "Anna" } } } });
		await world.advance(60 * MINUTE);
		expect(told(world)).toEqual([`update ${CHANNEL}: alert running Anna`, below("hands taken Anna")]);
		expect(await audited(/^incident/u)).toEqual(["incident.taken"]);
	});

	it("is for who may cancel and for who is on call, not for onlookers", async () => {
		const world = await alerted();
		expect(await pressed(world, ben, await take(world), { where: THREAD })).toMatchObject({
			view: "refusal",
			permission: "cancel",
		});
		expect(await incidentOf(world)).not.toHaveProperty("taker");
		world.group.people = [carla];
		expect(await pressed(world, carla, await take(world), { where: THREAD })).toMatchObject({
			view: "alert",
			incident: { taker: { actor: { name: "Carla" } } },
		});
	});

	it("is refused to a disabled account although it is on call, and while nobody knows who is", async () => {
		const world = await alerted();
		world.group.people = [carla];
		world.setStanding(carla, {
			kind: "read",
			at: "",
			accountEnabled: false,
			guest: false,
			grants: [],
			scopedRoles: [],
		});
		expect(await pressed(world, carla, await take(world))).toMatchObject({
			view: "refusal",
			rule: "account-disabled",
		});
		world.grant(carla);
		world.group.problem = { kind: "problem", code: "unavailable", detail: "HTTP 503" };
		expect(await pressed(world, carla, await take(world))).toMatchObject({
			view: "refusal",
			rule: "no-role",
		});
	});

	it("tells the second of two who press at once of the first, who can release it and be followed", async () => {
		const world = await alerted();
		const command = await take(world);
		world.group.people = [ben];
		await pressed(world, anna, command);
		expect(await pressed(world, ben, command)).toMatchObject({
			note: "meanwhile",
			incident: { taker: { actor: anna } },
		});
		const { id: incidentId } = await incidentOf(world);
		expect(await pressed(world, ben, { kind: "release-incident", incidentId })).toMatchObject({
			note: "not-yours",
		});
		expect(await pressed(world, ben, await take(world))).toMatchObject({
			incident: { taker: { actor: ben } },
		});
		await pressed(world, ben, { kind: "release-incident", incidentId });
		expect(await incidentOf(world)).not.toHaveProperty("taker");
		await world.advance(MINUTE);
		expect(told(world)).toEqual([
			`update ${CHANNEL}: alert running Anna`,
			below("hands taken Anna"),
			`update ${CHANNEL}: alert running`,
			below("hands taken-over Ben"),
			below("hands released Ben"),
		]);
		expect(await audited(/^incident/u)).toEqual(["incident.taken", "incident.taken", "incident.released"]);
	});

	it("says so when the job has ended, or when nobody knows it any more", async () => {
		const world = await alerted();
		const command = await take(world);
		world.graph.job = fresh(world, { status: "failed", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		expect(await pressed(world, anna, command)).toMatchObject({ view: "alert", note: "over" });
		const incidentId = "99999999-0000-4000-8000-000000000000";
		expect(await pressed(world, anna, { kind: "take-incident", incidentId, turn: 0 })).toEqual({
			view: "no-such-incident",
		});
		expect(await pressed(world, anna, { kind: "release-incident", incidentId })).toEqual({
			view: "no-such-incident",
		});
		expect(await pressed(world, anna, { kind: "take-over", handoverId: incidentId })).toEqual({
			view: "no-such-incident",
		});
	});

	it("for twenty minutes is asked about when they are over, and lapses when nobody answers", async () => {
		const world = await alerted();
		await pressed(world, anna, await take(world, 20), { where: THREAD });
		await world.advance(MINUTE);
		told(world);
		await world.advance(20 * MINUTE);
		expect(told(world)).toEqual([`update ${CHANNEL}: alert running Anna`, below("still-there")]);
		await world.advance(5 * MINUTE);
		expect(told(world)).toEqual([`update ${CHANNEL}: alert running`, below("hands lapsed Anna")]);
		// Nobody's again: whoever is on call is called again in time.
		await world.advance(10 * MINUTE);
		expect(told(world).sort()).toEqual([`post ${CHANNEL}: page 2 unset`, `update ${CHANNEL}: alert running`]);
	});
});

describe("a job that nobody takes", () => {
	it("is told again with a mention of who is on call, and then where escalations are taken", async () => {
		const world = newWorld();
		world.group.people = [ben, carla];
		world.membersOf.set(CHANNEL, [ben]);
		await world.say(anna, { kind: "escalations", here: true }, "managers");
		await alerted(world);
		await world.advance(10 * MINUTE);
		expect(latest(world, "news").tells).toMatchObject({
			what: "page",
			mentioned: [{ name: "Ben", channelUserId: "29:Ben" }],
			named: ["Carla"],
		});
		expect(told(world).sort()).toEqual([
			`post ${CHANNEL}: page 1 called`,
			`update ${CHANNEL}: alert running`,
		]);
		await world.advance(10 * MINUTE);
		expect(told(world).sort()).toEqual(["post managers: page 2 called", `update ${CHANNEL}: alert running`]);
		await world.advance(60 * MINUTE);
		expect(told(world)).toEqual([]);
		expect(await audited(/^incident/u)).toEqual(["incident.escalated", "incident.escalated"]);
	});

	it.each([
		["empty", []],
		["unset", undefined],
	] as const)("goes to the next step at once when the group is %s, and says so", async (group, people) => {
		const world = newWorld();
		world.group.people = people;
		await world.say(anna, { kind: "escalations", here: true }, "managers");
		await alerted(world);
		await world.advance(10 * MINUTE);
		expect(told(world)).toContain(`post managers: page 2 ${group}`);
		await world.advance(60 * MINUTE);
		expect(told(world)).toEqual([]);
	});

	it("is told where it was told when no conversation takes escalations", async () => {
		const world = await alerted();
		world.group.problem = { kind: "problem", code: "unavailable", detail: "HTTP 503" };
		world.group.people = [ben];
		await world.advance(10 * MINUTE);
		expect(latest(world, "news").tells).toMatchObject({
			what: "page",
			group: "unreadable",
			nobodyElse: true,
		});
		expect(world.log.map(({ facts }) => facts.code)).toContain("on-call-group-unreadable");
	});

	it.each([
		["taken", take],
		["cancelled", async () => ({ kind: "cancel", jobId: JOB_ID, reason: "drill" }) as const],
	])("calls nobody when it was %s before the call goes out", async (_what, command) => {
		const world = await alerted();
		const call = await callPlanned(world);
		await world.press(anna, await command(world), { budgetMs: 0 });
		for (const { task } of world.tasks.filter(({ task }) => task.queue === "answer")) await world.run(task);
		await world.run(call);
		await world.settle();
		expect(told(world).filter((line) => line.includes("page"))).toEqual([]);
	});

	it("is turned on and off for a conversation by who may take a job", async () => {
		const world = newWorld();
		await world.say(ben, { kind: "escalations", here: true }, "managers");
		expect(told(world)).toEqual(["post managers: refusal"]);
		await world.say(anna, { kind: "escalations", here: true }, "managers");
		expect(latest(world, "subscriptions")).toMatchObject({ changed: "escalations-on", escalations: true });
		expect(latest(world, "subscriptions")).not.toHaveProperty("alerts");
		await world.say(anna, { kind: "escalations", here: false }, "managers");
		expect(latest(world, "subscriptions")).toMatchObject({ changed: "escalations-off", escalations: false });
		expect(await audited(/^escalations/u)).toEqual(["escalations.on", "escalations.off"]);
	});
});

describe("a cancellation of a job that was told of", () => {
	it("is told line by line below its card, and silences its end", async () => {
		const world = await alerted();
		await world.say(anna, { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" }, THREAD);
		await world.advance(MINUTE / 2);
		expect(told(world)).toEqual(expect.arrayContaining([below("story")]));
		world.graph.job = fresh(world, { status: "abandoned", endedAt: world.now().toISOString() });
		await world.advance(MINUTE);
		const last = told(world);
		expect(last).toEqual(expect.arrayContaining([`update ${CHANNEL}: alert abandoned`, below("story")]));
		expect(last.filter((line) => line.includes("event"))).toEqual([]);
	});
});
