import { describe, expect, it } from "@jest/globals";
import { useDatabase } from "../database.js";
import { ADMIN_ROLE, JOB_ID, person, runningJob } from "../world.js";
import { ada, ask, bob, cancel, cleo, HERE, MINUTE, noah, nora, openWorld } from "./approval-world.js";

useDatabase();

const HOUR = 60 * MINUTE;
const crowd = Array.from({ length: 70 }, (_, n) =>
	person(`Holder ${n}`, `cccccccc-0000-4000-8000-${String(n).padStart(12, "0")}`),
);
type World = ReturnType<typeof openWorld>["world"];
/** Teams does not say who is in these conversations. */
function hide(world: World, ...hidden: string[]) {
	const { members } = world.deps.messenger;
	world.deps.messenger.members = async (conversation) =>
		hidden.includes(conversation.key) ? { kind: "problem", detail: "HTTP 503" } : members(conversation);
}

describe("who can decide", () => {
	it("is who holds the role and does not ask, and is mentioned where they are", async () => {
		const { world, record, last } = openWorld("two-person");
		await world.say(bob, HERE, "deciders");
		await world.say(ada, cancel());
		expect((await record()).approval?.reach).toEqual({ canDecide: 2, reached: 2 });
		expect(last("chat")).toMatchObject({
			audience: { viewers: [{ userId: ada.userId }], mentions: [], canDecide: 2, here: 0 },
		});
		const here = [{ userId: bob.userId }, { userId: cleo.userId }];
		expect(last("deciders")).toMatchObject({ audience: { viewers: here, mentions: here, here: 2 } });
	});

	it("is nobody who asks, however many do", async () => {
		const { world, line } = openWorld("two-person");
		await world.say(ada, cancel());
		await world.say(nora, ask());
		await world.advance(31 * MINUTE);
		expect((await line("approval.reminded")).facts).toMatchObject({ canDecide: 2 });
	});

	it("is looked for once in a conversation that asks and decides", async () => {
		const { world } = openWorld();
		await world.say(bob, HERE, "deciders");
		const { members } = world.deps.messenger;
		const looked: string[] = [];
		world.deps.messenger.members = async (conversation) => {
			looked.push(conversation.key);
			return members(conversation);
		};
		await world.say(nora, ask(), "deciders");
		expect(looked).toEqual(["deciders"]);
	});

	it("is not said when nobody knows who holds the role, and they are asked all the same", async () => {
		const { world, record, last } = openWorld();
		world.deps.directory.holders = async () => ({ kind: "problem", detail: "HTTP 503" });
		await world.say(nora, ask());
		expect((await record()).approval).not.toHaveProperty("reach");
		expect(last("chat")).toMatchObject({ view: "approval" });
		expect(last("chat")).not.toHaveProperty("audience");
	});

	it("is said of those who are known to be reached; that nobody is, only when nobody can be hidden", async () => {
		const { world, record, last } = openWorld();
		await world.say(bob, HERE, "deciders");
		hide(world, "chat");
		await world.say(nora, ask());
		expect((await record()).approval?.reach).toEqual({ canDecide: 3, reached: 2 });
		expect(last("chat")).not.toHaveProperty("audience");
		await world.say(nora, { kind: "withdraw", reference: (await record()).receipt });
		world.membersOf.set("deciders", []);
		await world.say(nora, ask());
		expect((await record()).approval).not.toHaveProperty("reach");
	});

	it("sees a card of their own, who asks before them, up to as many as Teams takes", async () => {
		const { world, last } = openWorld();
		for (const holder of crowd) world.grant(holder, ADMIN_ROLE);
		world.membersOf.set("chat", [...crowd, nora]);
		await world.say(nora, ask());
		const view = last("chat");
		const audience = view?.view === "approval" ? view.audience : undefined;
		expect(audience).toMatchObject({ canDecide: 73, here: 70 });
		expect(audience?.viewers).toHaveLength(60);
		expect(audience?.viewers?.[0]).toMatchObject({ userId: nora.userId });
		expect(audience?.mentions).toHaveLength(60);
	});
});

describe("a reminder", () => {
	it("mentions a few of those who have not decided, and is written down with where it went", async () => {
		const { world, record, decide, line } = openWorld("on-request", 2);
		await world.say(ada, HERE);
		await world.say(bob, HERE, "deciders");
		await world.say(nora, ask());
		for (const holder of crowd) world.grant(holder, ADMIN_ROLE);
		world.membersOf.set("deciders", [bob, cleo, ...crowd]);
		await world.say(bob, await decide("approve"), "deciders");
		await world.advance(31 * MINUTE);
		const reminders = world.views("reminder").filter(({ how }) => how === "post");
		expect(reminders.map(({ conversation }) => conversation)).toEqual(["chat", "deciders"]);
		const mentions = [cleo, ...crowd.slice(0, 4)].map(({ name, userId }) => ({ name, userId }));
		expect(reminders[1]).toMatchObject({ view: { audience: { viewers: [], mentions } } });
		const { id, receipt } = await record();
		expect(await line("approval.reminded")).toMatchObject({
			jobId: JOB_ID,
			cancellationId: id,
			facts: {
				receipt,
				number: 0,
				conversations: ["chat", "deciders"],
				canDecide: 73,
				reached: 73,
			},
		});
		await world.advance(25 * MINUTE);
		expect((await line("approval.reminded")).facts).toMatchObject({ number: 1 });
	});

	it("goes also while nobody knows who holds the role", async () => {
		const { world } = openWorld();
		await world.say(nora, ask());
		world.deps.directory.holders = async () => ({ kind: "problem", detail: "HTTP 503" });
		await world.advance(31 * MINUTE);
		expect(world.views("reminder")).toMatchObject([{ how: "post", conversation: "chat" }]);
	});

	it("goes also where nobody knows who is there", async () => {
		const { world, line } = openWorld();
		await world.say(nora, ask());
		hide(world, "chat");
		await world.advance(31 * MINUTE);
		expect(world.views("reminder")).toMatchObject([{ how: "post", conversation: "chat" }]);
		expect(world.views("reminder")[0]?.view).not.toHaveProperty("audience");
		expect((await line("approval.reminded")).facts).not.toHaveProperty("canDecide");
	});

	it("goes where it was asked for by several people once", async () => {
		const { world } = openWorld();
		world.membersOf.set("elsewhere", [cleo]);
		await world.say(nora, ask());
		await world.say(noah, ask());
		await world.say(noah, ask(), "elsewhere");
		await world.advance(31 * MINUTE);
		const posts = world.views("reminder").filter(({ how }) => how === "post");
		expect(posts.map(({ conversation }) => conversation)).toEqual(["chat", "elsewhere"]);
	});

	it("that comes after the deadline ends the request instead", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		const reminder = world.tasks.find(({ task }) => task.queue === "remind" && task.data.step === "remind");
		world.turn(60 * MINUTE);
		world.tasks.length = 0;
		if (reminder) await world.run(reminder.task);
		await world.settle();
		expect(await record()).toMatchObject({ state: "expired" });
		expect(world.views("reminder")).toEqual([]);
	});

	it("says nothing of what was decided while it was found out who is where", async () => {
		const { world, decide, audited } = openWorld();
		await world.say(nora, ask());
		const no = await decide("reject");
		const { members } = world.deps.messenger;
		world.deps.messenger.members = async (conversation) => {
			world.deps.messenger.members = members;
			await world.say(ada, no, "elsewhere");
			return members(conversation);
		};
		const before = (await audited()).length;
		await world.advance(31 * MINUTE);
		expect(world.views("reminder")).toEqual([]);
		expect((await audited()).slice(before)).not.toContain("approval.reminded");
	});
});

describe("the end that was planned", () => {
	it("comes at the deadline although the clock of whoever planned it was ahead", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		const [end] = world.tasks
			.splice(0)
			.filter(({ task }) => task.queue === "remind" && task.data.step === "expire");
		world.turn(50 * MINUTE);
		if (end) await world.run(end.task);
		await world.advance(10 * MINUTE - 1);
		expect(await record()).toMatchObject({ state: "awaiting-approval" });
		await world.advance(1);
		expect(await record()).toMatchObject({ state: "expired" });
	});

	it("changes nothing of a request that is decided, or that nobody knows", async () => {
		const { world, record, decide, audited } = openWorld();
		await world.say(nora, ask());
		await world.say(ada, await decide("reject"));
		const before = [await record(), await audited()];
		world.turn(2 * HOUR);
		for (const cancellationId of [(await record()).id, "99999999-0000-4000-8000-000000000000"])
			for (const step of ["expire", "remind", "review"] as const)
				await world.run({ queue: "remind", data: { cancellationId, step, number: 0 }, afterMs: 0 });
		expect([await record(), await audited()]).toEqual(before);
	});
});

describe("the review of an emergency", () => {
	it("is told where it was cancelled when no conversation decides, to who did not do it, once a day", async () => {
		const { world, record } = openWorld("two-person");
		Object.assign(world.approvals, { emergency: true });
		world.membersOf.set("chat", [nora, ada, bob]);
		await world.say(ada, cancel({ emergency: true, reason: "users are lost" }));
		const posted = () => world.views("review").filter(({ how }) => how === "post");
		expect(posted()).toMatchObject([
			{ conversation: "chat", view: { audience: { mentions: [{ userId: bob.userId }], here: 1 } } },
		]);
		const { id: cancellationId } = await record();
		await world.run({ queue: "remind", data: { cancellationId, step: "review", number: 0 }, afterMs: 0 });
		await world.settle();
		expect(posted()).toHaveLength(1);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(24 * HOUR + MINUTE);
		expect(posted()).toHaveLength(2);
	});

	it("is told nobody once it was made while it was found out who is where", async () => {
		const { world, record } = openWorld("two-person");
		Object.assign(world.approvals, { emergency: true });
		world.graph.job = runningJob({ status: "running" });
		await world.say(ada, cancel({ emergency: true, reason: "users are lost" }));
		world.graph.job = runningJob({ status: "abandoned" });
		const { receipt: reference } = await record();
		const { members } = world.deps.messenger;
		world.deps.messenger.members = async (conversation) => {
			world.deps.messenger.members = members;
			await world.say(bob, { kind: "acknowledge", reference }, "elsewhere");
			return members(conversation);
		};
		const posted = () => world.views("review").filter(({ how }) => how === "post").length;
		const before = posted();
		await world.advance(24 * HOUR + MINUTE);
		expect((await record()).review).toMatchObject({ acknowledged: { actor: bob } });
		expect(posted()).toBe(before);
	});
});

describe("a conversation that is chosen to decide", () => {
	it("is shown nothing that is decided already", async () => {
		const { world, decide, record } = openWorld();
		await world.say(nora, ask());
		await world.say(ada, await decide("approve"));
		await world.say(bob, HERE, "deciders");
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(5 * MINUTE);
		expect(await record()).toMatchObject({ state: "abandoned" });
		const there = world.sent.filter(({ conversation }) => conversation === "deciders");
		expect(there.map(({ view }) => view.view)).toEqual(["approvals-here"]);
	});
});
