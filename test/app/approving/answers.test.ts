import { describe, expect, it } from "@jest/globals";
import { theDatabase, useDatabase } from "../database.js";
import { JOB_ID, runningJob } from "../world.js";
import {
	ada,
	ask,
	bob,
	cancel,
	cleo,
	HERE,
	MINUTE,
	noah,
	nora,
	openWorld,
	pressed,
} from "./approval-world.js";

useDatabase();

describe("the answer to a request", () => {
	it("is its card where it was typed, and words besides where a card stands already", async () => {
		const { world, told } = openWorld();
		await world.say(nora, ask());
		expect(told("chat")).toEqual(["post approval"]);
		expect(await theDatabase().sql.query("select kind, state from messages")).toEqual([
			{ kind: "live", state: "sent" },
		]);
		await world.say(noah, ask(), "elsewhere");
		expect(told("elsewhere")).toEqual(["post approval"]);
		await world.say(noah, ask());
		expect(told("chat")).toEqual(["update approval", "update approval", "post told joined"]);
	});

	it("is words where it was pressed, since its card is a new message", async () => {
		const { world, told } = openWorld();
		const answer = await pressed(world, nora, ask());
		expect(answer).toMatchObject({ view: "told", actor: { userId: nora.userId } });
		expect(answer).toMatchObject({ note: { kind: "done", what: "asked" } });
		expect(told("chat")).toEqual(["post approval"]);
	});

	it("of somebody who goes ahead alone is the card, or words where it stands", async () => {
		const { world, told, record } = openWorld();
		await world.say(nora, ask());
		told("chat");
		await world.say(ada, cancel());
		expect(told("chat")).toContain("post told went-ahead");
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(MINUTE);
		world.graph.job = runningJob();
		await world.say(nora, ask());
		await world.say(bob, cancel(), "elsewhere");
		expect(told("elsewhere").filter((line) => line.includes("told"))).toEqual([]);
		expect(await record()).toMatchObject({ goAhead: { way: "alone", by: bob } });
	});

	it("of somebody who has decided, and asks without the role now, is that they have decided", async () => {
		const { world, told, record, decide } = openWorld("on-request", 2);
		await world.say(nora, ask());
		await world.say(bob, await decide("approve"), "elsewhere");
		world.grant(bob);
		told("elsewhere");
		await world.say(bob, ask(), "elsewhere");
		expect(told("elsewhere")).toEqual(["post told already-approved"]);
		expect((await record()).askers).toMatchObject([{ actor: nora }]);
	});

	it("of somebody who is offered a decision and cannot take it is why, and no card", async () => {
		const { world, told, line } = openWorld("two-person");
		await world.say(ada, cancel());
		told("chat");
		await world.say(ada, cancel(), "elsewhere");
		expect(told("elsewhere")).toEqual(["post told own-request"]);
		expect(await line("cancel.offered")).toMatchObject({ actor: ada, facts: { objection: "own-request" } });
		await world.say(bob, cancel(), "third");
		expect(told("third")).toEqual(["post approval"]);
		expect((await line("cancel.offered")).facts).not.toHaveProperty("objection");
	});

	it("of somebody who has decided, and cancels what still waits for others, is that they have decided", async () => {
		const { world, told, decide } = openWorld("two-person", 2);
		await world.say(ada, cancel());
		await world.say(bob, await decide("approve"), "elsewhere");
		told("elsewhere");
		await world.say(bob, cancel(), "elsewhere");
		expect(told("elsewhere")).toEqual(["post told already-approved"]);
	});

	it("to a no is that it was heard, and to one that comes too late how it ended", async () => {
		const { world, told, decide, record } = openWorld();
		await world.say(nora, ask());
		await world.say(ada, await decide("reject"), "elsewhere");
		expect(told("elsewhere")).toEqual(["post told rejected"]);
		await world.say(nora, ask());
		const no = await decide("reject");
		world.turn(61 * MINUTE);
		world.tasks.length = 0;
		await world.say(ada, no, "elsewhere");
		expect(world.views("told").at(-1)?.view).toMatchObject({
			note: { why: "expired" },
			cancellation: { id: (await record()).id, state: "expired" },
		});
	});

	it("while the directory is out is that it is, and nothing is decided", async () => {
		const { world, decide, record } = openWorld();
		await world.say(nora, ask());
		const yes = await decide("approve");
		const at = world.now().toISOString();
		world.setStanding(ada, { kind: "unreadable", at, why: "unavailable", detail: "HTTP 503" });
		await world.say(ada, yes);
		expect(world.views("told").at(-1)?.view).toMatchObject({
			note: { kind: "refused", rule: "unreadable-standing", problem: "unavailable" },
		});
		expect(await record()).not.toHaveProperty("decisions");
	});

	it("on a card that shows its people shows them still", async () => {
		const { world, record } = openWorld();
		await world.say(bob, HERE, "deciders");
		await world.say(nora, ask());
		const card = world.sent.findLast(({ conversation }) => conversation === "deciders")?.activityId ?? "";
		const { id } = await record();
		const yes = { kind: "decide", verdict: "approve", reference: id } as const;
		expect(await pressed(world, cleo, yes, { card, where: "deciders" })).toMatchObject({
			audience: { here: 2 },
			conversationKey: "deciders",
		});
		expect(await pressed(world, cleo, yes, { card, where: "chat" })).not.toHaveProperty("audience");
	});

	it("to a withdrawal is the same card, and everybody's says so", async () => {
		const { world, record, told } = openWorld();
		await world.say(bob, HERE, "deciders");
		await world.say(nora, ask());
		const card = world.sent.findLast(({ conversation }) => conversation === "chat")?.activityId ?? "";
		const withdraw = { kind: "withdraw", reference: (await record()).receipt } as const;
		told("deciders");
		expect(await pressed(world, nora, withdraw, { card })).toMatchObject({
			view: "approval",
			note: { kind: "done", what: "withdrawn" },
			cancellation: { state: "withdrawn" },
		});
		await world.settle();
		expect(told("deciders")).toEqual(["update approval"]);
		await world.say(nora, withdraw);
		expect(world.views("told").at(-1)).toMatchObject({ view: { note: { why: "not-waiting" } } });
	});
});

describe("somebody who cancels what waits", () => {
	it("in an emergency that nobody need skip anybody for goes ahead like everybody", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		await world.say(bob, cancel({ emergency: true, reason: "users are lost" }), "elsewhere");
		expect(await record()).toMatchObject({ goAhead: { way: "alone", by: bob } });
		expect(await record()).not.toHaveProperty("review");
	});

	it("is offered the decision when two people have come to be needed since it was asked", async () => {
		const { world, record, told } = openWorld();
		await world.say(nora, ask());
		Object.assign(world.approvals, { mode: "two-person" });
		await world.say(bob, cancel(), "elsewhere");
		expect(told("elsewhere")).toEqual(["post approval"]);
		expect(await record()).toMatchObject({ state: "awaiting-approval" });
		expect(world.graph.posts).toEqual([]);
	});

	it("and is carried out already joins", async () => {
		const { world, record, told, decide } = openWorld("two-person");
		await world.say(ada, cancel());
		await world.say(bob, await decide("approve"), "elsewhere");
		await world.say(cleo, cancel(), "third");
		expect(await record()).toMatchObject({
			state: "stopping",
			askers: [{ actor: ada }, { actor: cleo, conversationKey: "third" }],
		});
		expect(told("third")).toEqual(["post live"]);
	});

	it("and asks for a second person, is offered it, too", async () => {
		const { world, record, told } = openWorld("two-person");
		await world.say(nora, ask());
		await world.say(bob, ask("I want it, too"), "elsewhere");
		expect(told("elsewhere")).toEqual(["post approval"]);
		expect((await record()).askers).toHaveLength(1);
	});
});

describe("the audit trail", () => {
	it("says on what terms, and on whose standing, somebody asked", async () => {
		const { world, record, line } = openWorld();
		await world.say(nora, ask());
		const { id, receipt, approval } = await record();
		expect(await line("cancel.requested")).toMatchObject({
			actor: nora,
			jobId: JOB_ID,
			cancellationId: id,
			facts: {
				requestId: expect.any(String),
				receipt,
				approval,
				standing: { kind: "read", grants: [] },
				reason: "wrong snapshot",
			},
		});
	});

	it("says what each decision was and on what standing, also when it was refused or came to nothing", async () => {
		const { world, record, line, decide } = openWorld("on-request", 2);
		await world.say(nora, ask());
		const { id, receipt } = await record();
		const request = { requestId: expect.any(String), receipt };
		const standing = { kind: "read", grants: [{ roleName: expect.any(String) }] };
		await world.say(ada, await decide("approve", "go on"));
		expect(await line("cancel.decided")).toMatchObject({
			actor: ada,
			facts: { ...request, standing, verdict: "approve", comment: "go on", grant: standing.grants[0] },
		});
		await world.say(ada, await decide("approve"));
		expect(await line("approval.without-effect")).toMatchObject({
			actor: ada,
			jobId: JOB_ID,
			cancellationId: id,
			facts: { ...request, objection: "already-approved" },
		});
		world.grant(bob);
		await world.say(bob, await decide("approve"));
		expect(await line("approval.refused")).toMatchObject({
			actor: bob,
			facts: { ...request, standing: { kind: "read", grants: [] }, rule: "no-role" },
		});
		await world.say(noah, ask(), "elsewhere");
		expect(await line("cancel.joined")).toMatchObject({ actor: noah, facts: request });
		await world.say(cleo, cancel(), "elsewhere");
		expect(await line("cancel.went-ahead")).toMatchObject({ actor: cleo, facts: request });
	});

	it("says who chose a conversation, on what role, and whether that changed anything", async () => {
		const { world, line } = openWorld();
		await world.say(bob, HERE, "deciders");
		const facts = { requestId: expect.any(String), conversation: "deciders" };
		const grant = { by: "role" };
		expect(await line("approvals.here")).toMatchObject({
			actor: bob,
			facts: { ...facts, grant, changed: true },
		});
		await world.say(bob, HERE, "deciders");
		expect(await line("approvals.here")).toMatchObject({ facts: { changed: false } });
		const off = { ...HERE, on: false };
		await world.say(bob, off, "deciders");
		expect(await line("approvals.off")).toMatchObject({
			actor: bob,
			facts: { ...facts, grant, changed: true },
		});
		await world.say(bob, off, "deciders");
		expect(await line("approvals.off")).toMatchObject({ facts: { changed: false } });
	});
});

describe("a conversation that is chosen to decide", () => {
	it("is shown what waits once, and nothing that it asked for itself", async () => {
		const { world, told } = openWorld();
		await world.say(nora, ask());
		await world.say(noah, ask(), "elsewhere");
		told("chat");
		await world.say(ada, HERE);
		expect(told("chat")).toEqual(["post approvals-here"]);
		await world.say(bob, HERE, "deciders");
		expect(told("deciders").sort()).toEqual(["post approval", "post approvals-here"]);
		await world.say(bob, HERE, "deciders");
		expect(told("deciders")).toEqual(["post approvals-here"]);
	});

	it("and asks itself has one card of the request", async () => {
		const { world, told } = openWorld();
		await world.say(ada, HERE);
		await world.say(bob, HERE, "deciders");
		told("chat");
		await world.say(nora, ask());
		expect(told("chat")).toEqual(["post approval"]);
		told("deciders");
		await world.say(noah, ask(), "elsewhere");
		expect(told("deciders")).toEqual(["update approval"]);
		await world.say(bob, { ...HERE, on: false }, "deciders");
		told("deciders");
		await world.say(noah, ask());
		// No more cards for it; the one that stands there stays true.
		expect(told("deciders")).toEqual(["update approval"]);
	});
});

describe("the review of an emergency", () => {
	it("is acknowledged in words, too, by who holds the role, with what they say about it", async () => {
		const { world, record, line } = openWorld("two-person");
		Object.assign(world.approvals, { emergency: true });
		await world.say(ada, cancel({ emergency: true, reason: "users are lost" }));
		const { receipt } = await record();
		const acknowledge = { kind: "acknowledge", reference: receipt, comment: "it was right" } as const;
		await world.say(nora, acknowledge);
		expect(world.views("told").at(-1)).toMatchObject({ view: { note: { kind: "refused" } } });
		await world.say(bob, acknowledge);
		expect(world.views("told").at(-1)).toMatchObject({ view: { note: { what: "acknowledged" } } });
		expect(await record()).toMatchObject({
			review: { acknowledged: { actor: bob, comment: "it was right" } },
		});
		expect(await line("cancel.review-acknowledged")).toMatchObject({ actor: bob });
		await world.say(cleo, acknowledge);
		expect(world.views("told").at(-1)).toMatchObject({ view: { note: { why: "already-acknowledged" } } });
	});
});
