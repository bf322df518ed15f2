import { describe, expect, it } from "@jest/globals";
import { useDatabase } from "../database.js";
import { ADMIN_ROLE, conversation, JOB_ID, person, runningJob } from "../world.js";
import {
	ada,
	ask,
	bob,
	cancel,
	cleo,
	MINUTE,
	noah,
	nora,
	note,
	openWorld,
	pressed,
} from "./approval-world.js";

useDatabase();

describe("somebody without the role", () => {
	it("is offered to ask while the job runs, and only then", async () => {
		const { world, last } = openWorld();
		await world.say(nora, cancel());
		expect(last("chat")).toMatchObject({ view: "refusal", rule: "no-role", mayAsk: true });
		world.graph.job = runningJob({ status: "successful" });
		await world.say(nora, cancel());
		expect(last("chat")).not.toHaveProperty("mayAsk");
		Object.assign(world.approvals, { mode: "off" });
		world.graph.job = runningJob();
		await world.say(nora, cancel());
		expect(last("chat")).not.toHaveProperty("mayAsk");
		await world.say(nora, ask());
		expect(last("chat")).toMatchObject({ view: "refusal" });
	});

	it("asks with a reason, and the request goes where it was asked and where people decide", async () => {
		const { world, record, last } = openWorld();
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		await world.say(nora, { kind: "ask", jobId: JOB_ID });
		expect(last("chat")).toMatchObject({ view: "malformed", verb: "ask", problem: "no-reason" });
		await world.say(nora, ask());
		expect(await record()).toMatchObject({
			state: "awaiting-approval",
			requester: nora,
			reason: "wrong snapshot",
			approval: { mode: "on-request", required: 1, reach: { canDecide: 3, reached: 3 } },
		});
		expect(last("chat")).toMatchObject({ view: "approval", audience: { canDecide: 3, here: 1 } });
		expect(last("deciders")).toMatchObject({
			view: "approval",
			audience: { here: 2, mentions: [{ name: "Bob" }, { name: "Cleo" }] },
		});
		expect(world.graph.posts).toEqual([]);
	});

	it("is carried out by the approval of somebody who holds it, and both conversations say so", async () => {
		const { world, record, decide, last } = openWorld();
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		await world.say(nora, ask());
		await world.say(bob, await decide("approve", "go on"), "deciders");
		expect(world.graph.posts).toHaveLength(1);
		expect(await record()).toMatchObject({
			state: "stopping",
			attempts: [{ by: bob, held: [{ actor: bob }] }],
		});
		expect(note(world.views("told").at(-1)?.view)).toEqual({ kind: "done", what: "approved" });
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(last("chat")).toMatchObject({ view: "follow-up", cancellation: { state: "abandoned" } });
		expect(last("deciders")).toMatchObject({
			view: "approval",
			cancellation: { state: "abandoned", decisions: [{ comment: "go on" }] },
		});
	});

	it("learns that nobody who may decide can see it", async () => {
		const { world, record } = openWorld();
		world.membersOf.set("chat", [nora]);
		await world.say(nora, ask());
		expect((await record()).approval?.reach).toEqual({ canDecide: 3, reached: 0 });
	});

	it("joins the open request with a reason of their own, and decides nothing", async () => {
		const { world, record, decide } = openWorld();
		await world.say(nora, ask());
		await world.say(noah, ask("the groups are gone"), "elsewhere");
		world.grant(noah, ADMIN_ROLE);
		await world.say(noah, await decide("approve"), "elsewhere");
		expect(await record()).toMatchObject({
			state: "awaiting-approval",
			askers: [{ actor: nora }, { actor: noah, reason: "the groups are gone" }],
		});
		expect(note(world.views("told").at(-1)?.view)).toEqual({ kind: "objection", why: "own-request" });
		expect(world.graph.posts).toEqual([]);
	});

	it("may withdraw, and passes the request on", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		await world.say(noah, ask());
		const withdraw = { kind: "withdraw", reference: (await record()).receipt } as const;
		await world.say(ada, withdraw);
		expect(note(world.views("told").at(-1)?.view)).toEqual({ kind: "objection", why: "not-requester" });
		await world.say(nora, withdraw);
		expect((await record()).requester).toEqual(noah);
		await world.say(noah, withdraw);
		expect(await record()).toMatchObject({ state: "withdrawn" });
	});
});

describe("a decision", () => {
	it("needs the role at that moment", async () => {
		const { world, record, decide, audited } = openWorld();
		await world.say(nora, ask());
		world.grant(ada);
		await world.say(ada, await decide("approve"));
		expect((await record()).state).toBe("awaiting-approval");
		expect(note(world.views("told").at(-1)?.view)).toEqual({ kind: "refused", rule: "no-role" });
		expect(await audited()).toContain("approval.refused");
	});

	it("is judged again for every approver right before the call", async () => {
		const { world, record, decide } = openWorld("on-request", 2);
		await world.say(nora, ask());
		await world.say(ada, await decide("approve"));
		world.grant(ada);
		await world.say(bob, await decide("approve"));
		expect(world.graph.posts).toEqual([]);
		expect(await record()).toMatchObject({
			state: "awaiting-approval",
			decisions: [{ actor: ada, lost: { rule: "no-role" } }, { actor: bob }],
		});
		await world.say(cleo, await decide("approve"));
		expect(world.graph.posts).toHaveLength(1);
	});

	it("waits for a directory that is out, and then goes on", async () => {
		const { world, record, decide } = openWorld("on-request", 2);
		await world.say(nora, ask());
		await world.say(ada, await decide("approve"));
		world.setStanding(ada, {
			kind: "unreadable",
			at: world.now().toISOString(),
			why: "unavailable",
			detail: "503",
		});
		await world.say(bob, await decide("approve"));
		expect(await record()).toMatchObject({ state: "submitting", waiting: { why: "role-unreadable" } });
		world.grant(ada, ADMIN_ROLE);
		await world.advance(5_000);
		expect(world.graph.posts).toHaveLength(1);
	});

	it("of two people at the same moment makes one POST, and the late one hears who decided", async () => {
		const { world, decide } = openWorld();
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		await world.say(nora, ask());
		const yes = await decide("approve");
		await Promise.all([world.say(ada, yes, "chat"), world.say(bob, yes, "deciders")]);
		await world.settle();
		expect(world.graph.posts).toHaveLength(1);
		const notes = world.views("told").map(({ view }) => note(view));
		expect(notes).toContainEqual({ kind: "done", what: "approved" });
		expect(notes).toContainEqual({ kind: "objection", why: "not-waiting" });
	});

	it("to say no ends it, and a new request shows the old no", async () => {
		const { world, record, decide } = openWorld();
		await world.say(nora, ask());
		const first = (await record()).receipt;
		await world.say(ada, await decide("reject", "this one is wanted"));
		expect(world.views("follow-up")).toMatchObject([
			{ how: "post", conversation: "chat", view: { cancellation: { state: "rejected" } } },
		]);
		await world.say(nora, ask("now it is not"));
		expect((await record()).approval?.earlierNo).toMatchObject({
			receipt: first,
			actor: ada,
			comment: "this one is wanted",
		});
	});

	it("pressed on a card gets the present card, and a card that is not known becomes one more copy", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		const { id } = await record();
		const yes = { kind: "decide", verdict: "approve", reference: id, edition: 1 } as const;
		const answer = await pressed(world, ada, yes, { card: "forwarded", where: "chat" });
		expect(answer).toMatchObject({
			view: "approval",
			viewer: { userId: ada.userId },
			note: { kind: "done", what: "approved" },
		});
		await world.settle();
		const copies = world.sent.filter(({ activityId }) => activityId === "forwarded");
		expect(copies.at(-1)).toMatchObject({
			how: "update",
			view: { view: "approval", cancellation: { state: "stopping" } },
		});
		const again = await pressed(world, ada, yes, { card: "forwarded" });
		expect(again).toMatchObject({ note: { kind: "objection", why: "not-waiting" } });
		expect(world.graph.posts).toHaveLength(1);
	});

	it("on a card of what was decided otherwise since counts for nothing", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		await world.say(noah, ask());
		const { id, receipt } = await record();
		await world.say(nora, { kind: "withdraw", reference: receipt });
		const answer = await pressed(world, ada, {
			kind: "decide",
			verdict: "approve",
			reference: id,
			edition: 1,
		});
		expect(answer).toMatchObject({
			note: { kind: "objection", why: "stale" },
			cancellation: { approval: { edition: 2 } },
		});
		expect(world.graph.posts).toEqual([]);
	});

	it("about nothing that is known says so", async () => {
		const { world, last } = openWorld();
		await world.say(ada, { kind: "decide", verdict: "approve", reference: "RC-ZZZZZZ" });
		expect(last("chat")).toMatchObject({ view: "no-such-request" });
	});
});

describe("somebody who may cancel alone", () => {
	it("carries out an open request at once, in their name", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		await world.say(bob, cancel({ reason: "agreed" }), "elsewhere");
		expect(world.graph.posts).toHaveLength(1);
		expect(await record()).toMatchObject({
			requester: nora,
			goAhead: { way: "alone", by: bob, reason: "agreed" },
			attempts: [{ by: bob }],
		});
	});

	it("asks nobody: pressing Ask shows the card with the button", async () => {
		const { world, last } = openWorld();
		await world.say(ada, ask());
		expect(last("chat")).toMatchObject({ view: "job" });
		expect(world.graph.posts).toEqual([]);
	});
});

describe("two people", () => {
	it("are needed for a recovery job: a cancel opens the request", async () => {
		const { world, record, decide } = openWorld("two-person");
		await world.say(ada, cancel());
		expect(await record()).toMatchObject({
			state: "awaiting-approval",
			approval: { mode: "two-person", entitled: true },
		});
		await world.say(ada, await decide("approve"));
		expect(world.graph.posts).toEqual([]);
		await world.say(bob, await decide("approve"));
		expect(world.graph.posts).toHaveLength(1);
		expect((await record()).attempts[0]?.held?.map(({ actor }) => actor.name)).toEqual(["Ada", "Bob"]);
	});

	it("are not needed for a preview", async () => {
		const { world } = openWorld("two-person");
		world.graph.job = runningJob({ kind: "preview" });
		await world.say(ada, cancel());
		expect(world.graph.posts).toHaveLength(1);
	});

	it("are two others where the asker is not entitled", async () => {
		const { world, decide, record } = openWorld("two-person");
		await world.say(nora, ask());
		expect((await record()).approval).toMatchObject({ entitled: false });
		await world.say(ada, await decide("approve"));
		expect(world.graph.posts).toEqual([]);
		await world.say(bob, await decide("approve"));
		expect(world.graph.posts).toHaveLength(1);
	});

	it("lose one when the entitled asker loses the role before the call", async () => {
		const { world, record, decide } = openWorld("two-person");
		await world.say(ada, cancel());
		const yes = await decide("approve");
		world.grant(ada);
		await world.say(bob, yes);
		expect(world.graph.posts).toEqual([]);
		expect(await record()).toMatchObject({ state: "awaiting-approval", approval: { entitled: false } });
	});

	it("are offered the decision, and not joined, when they cancel it, too", async () => {
		const { world, record } = openWorld("two-person");
		await world.say(ada, cancel());
		await world.say(bob, cancel(), "elsewhere");
		expect((await record()).askers).toHaveLength(1);
		expect(world.sent.at(-1)).toMatchObject({
			how: "post",
			conversation: "elsewhere",
			view: { view: "approval" },
		});
		const offered = await pressed(world, cleo, cancel(), { where: "third", card: "job-card" });
		expect(offered).toMatchObject({ view: "approval", note: { kind: "done", what: "offered" } });
	});

	it("stay two when the settings change while it waits", async () => {
		const { world, record, decide } = openWorld("two-person");
		await world.say(nora, ask());
		Object.assign(world.approvals, { mode: "on-request" });
		await world.say(ada, await decide("approve"));
		await world.say(bob, cancel(), "elsewhere");
		expect(world.graph.posts).toEqual([]);
		expect((await record()).state).toBe("awaiting-approval");
		Object.assign(world.approvals, { mode: "off" });
		await world.say(bob, await decide("approve"));
		expect(world.graph.posts).toHaveLength(1);
	});
});

describe("the deadline", () => {
	it("ends a request by itself, and tells everybody", async () => {
		const { world, record, last } = openWorld();
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		await world.say(nora, ask());
		await world.advance(60 * MINUTE);
		expect(await record()).toMatchObject({ state: "expired" });
		expect(last("chat")).toMatchObject({ view: "follow-up", cancellation: { state: "expired" } });
		expect(last("deciders")).toMatchObject({
			view: expect.stringMatching(/approval|reminder/u),
			cancellation: { state: "expired" },
		});
	});

	it("lets nothing pass although the process slept through it", async () => {
		const { world, record, decide } = openWorld();
		await world.say(nora, ask());
		const yes = await decide("approve");
		world.turn(61 * MINUTE);
		world.tasks.length = 0;
		await world.say(ada, yes);
		expect(await record()).toMatchObject({ state: "expired" });
		expect(world.graph.posts).toEqual([]);
		expect(note(world.views("told").at(-1)?.view)).toEqual({ kind: "objection", why: "expired" });
	});

	it("makes room for whoever asks or cancels after it", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		world.turn(61 * MINUTE);
		world.tasks.length = 0;
		await world.say(nora, ask("again"));
		expect(await record()).toMatchObject({ state: "awaiting-approval", reason: "again" });
		world.turn(61 * MINUTE);
		world.tasks.length = 0;
		await world.say(bob, cancel());
		expect(await record()).toMatchObject({ state: "stopping", requester: bob });
	});

	it("is reminded of at half the time and shortly before, where people can decide", async () => {
		const { world, audited } = openWorld();
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		world.membersOf.set("chat", [nora]);
		await world.say(nora, ask());
		await world.advance(29 * MINUTE);
		expect(world.views("reminder")).toHaveLength(0);
		await world.advance(2 * MINUTE);
		expect(world.views("reminder")).toMatchObject([
			{
				how: "post",
				conversation: "deciders",
				view: { audience: { mentions: [{ name: "Bob" }, { name: "Cleo" }] } },
			},
		]);
		await world.advance(25 * MINUTE);
		expect(world.views("reminder").filter(({ how }) => how === "post")).toHaveLength(2);
		expect(await audited()).toContain("approval.reminded");
	});

	it("reminds nobody of what is decided", async () => {
		const { world, decide } = openWorld();
		await world.say(nora, ask());
		await world.say(ada, await decide("reject"));
		await world.advance(60 * MINUTE);
		expect(world.views("reminder")).toHaveLength(0);
	});
});

describe("a job that ends by itself while it waits", () => {
	it("closes the request as too late", async () => {
		const { world, record, last } = openWorld();
		await world.say(nora, ask());
		world.graph.job = runningJob({ status: "successful" });
		await world.advance(60_000);
		expect(await record()).toMatchObject({ state: "too-late" });
		expect(last("chat")).toMatchObject({ view: "follow-up", cancellation: { state: "too-late" } });
	});
});

describe("conversations that decide", () => {
	it("hear nothing of a request that was over before they had seen it", async () => {
		const { world, decide } = openWorld();
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		world.sendProblems.push(
			{ kind: "retry", detail: "429", retryAfterMs: MINUTE },
			{ kind: "retry", detail: "429", retryAfterMs: MINUTE },
		);
		await world.say(nora, ask());
		world.sendProblems.length = 0;
		await world.say(ada, await decide("reject"));
		await world.advance(5 * MINUTE);
		expect(world.views("approval").filter((sent) => sent.conversation === "deciders")).toEqual([]);
	});

	it("are chosen by somebody who holds the role, and see what waits already", async () => {
		const { world, last, record } = openWorld();
		await world.say(nora, ask());
		await world.say(nora, { kind: "approvals-here", on: true }, "deciders");
		expect(last("deciders")).toMatchObject({ view: "refusal" });
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		expect(world.views("approval").filter((sent) => sent.conversation === "deciders")).toMatchObject([
			{ view: { cancellation: { id: (await record()).id } } },
		]);
		await world.say(nora, { kind: "approvals-here", on: false }, "deciders");
		expect(last("deciders")).toMatchObject({ view: "refusal" });
		await world.say(bob, { kind: "approvals-here", on: false }, "deciders");
		expect(last("deciders")).toMatchObject({ view: "approvals-here", on: false, changed: true });
	});

	it("list what may be decided by who asks", async () => {
		const { world, last, record } = openWorld();
		await world.say(nora, ask());
		await world.say(ada, { kind: "approvals" });
		expect(last("chat")).toMatchObject({
			view: "approvals",
			waiting: [{ receipt: (await record()).receipt }],
		});
		await world.say(nora, { kind: "approvals" });
		expect(last("chat")).toMatchObject({ view: "refusal" });
	});
});

describe("why, and whether one may", () => {
	it("shows the record to who asked and to who may look, and to nobody else", async () => {
		const { world, last, record } = openWorld();
		await world.say(nora, ask());
		const why = { kind: "why", reference: (await record()).receipt } as const;
		await world.say(nora, why);
		expect(last("chat")).toMatchObject({ view: "why", cancellation: { requester: nora } });
		await world.say(ada, why);
		expect(last("chat")).toMatchObject({ view: "why" });
		await world.say(noah, why);
		expect(last("chat")).toMatchObject({ view: "refusal", permission: "view" });
	});

	it("says what the real command would do, and does nothing", async () => {
		const { world, last } = openWorld();
		const canI = { kind: "can-i", jobId: JOB_ID } as const;
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ view: "can-i", answer: "yes" });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "by-asking", needed: 1, rule: "no-role" });
		Object.assign(world.approvals, { mode: "two-person" });
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ answer: "with-others", needed: 1 });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "by-asking", needed: 2 });
		Object.assign(world.approvals, { mode: "off" });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "no" });
		world.graph.job = runningJob({ status: "failed" });
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ answer: "ended" });
		expect(world.graph.posts).toEqual([]);
	});
});

describe("the emergency way", () => {
	const emergency = cancel({ emergency: true, reason: "users are lost" });

	it("is closed unless it is opened, and needs a reason", async () => {
		const { world, last } = openWorld("two-person");
		await world.say(ada, emergency);
		expect(last("chat")).toMatchObject({ view: "no-emergency" });
		Object.assign(world.approvals, { emergency: true });
		await world.say(ada, cancel({ emergency: true }));
		expect(last("chat")).toMatchObject({ view: "malformed", problem: "no-reason" });
		await world.say(nora, emergency);
		expect(last("chat")).toMatchObject({ view: "refusal" });
		expect(world.graph.posts).toEqual([]);
	});

	it("skips the second person, and is reviewed by another one every day until that is done", async () => {
		const { world, record, audited } = openWorld("two-person");
		Object.assign(world.approvals, { emergency: true });
		await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
		await world.say(ada, emergency);
		expect(world.graph.posts).toHaveLength(1);
		expect(await record()).toMatchObject({ goAhead: { way: "emergency", by: ada } });
		const posted = () => world.views("review").filter(({ how }) => how === "post");
		expect(posted()).toMatchObject([
			{ conversation: "deciders", view: { cancellation: { review: { reason: "users are lost" } } } },
		]);
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(25 * 60 * MINUTE);
		expect(posted()).toHaveLength(2);
		const { id } = await record();
		const acknowledge = { kind: "acknowledge", reference: id } as const;
		expect(await pressed(world, ada, acknowledge, { where: "deciders" })).toMatchObject({
			note: { why: "own-emergency" },
		});
		expect(await pressed(world, bob, acknowledge, { where: "deciders" })).toMatchObject({
			view: "review",
			note: { kind: "done", what: "acknowledged" },
		});
		await world.advance(49 * 60 * MINUTE);
		expect(posted()).toHaveLength(2);
		expect(world.views("review").at(-1)).toMatchObject({
			how: "update",
			view: { cancellation: { review: { acknowledged: { actor: bob } } } },
		});
		expect(await audited()).toEqual(
			expect.arrayContaining(["cancel.emergency", "cancel.review-acknowledged"]),
		);
	});

	it("takes over a request that waits", async () => {
		const { world, record } = openWorld("two-person");
		Object.assign(world.approvals, { emergency: true });
		await world.say(nora, ask());
		await world.say(bob, emergency, "elsewhere");
		expect(world.graph.posts).toHaveLength(1);
		expect(await record()).toMatchObject({ goAhead: { way: "emergency", by: bob }, review: { by: [bob] } });
	});
});

describe("a refresh", () => {
	it("is one read and no call to anybody, for sixty people and five copies", async () => {
		const { world, record } = openWorld();
		for (const key of ["c1", "c2", "c3", "c4"])
			await world.say(bob, { kind: "approvals-here", on: true }, key);
		await world.say(nora, ask());
		const { id } = await record();
		const { refreshApproval } = await import("../../../src/app/approving/refresh-approval.js");
		const before = {
			reads: world.standingReads.length,
			listings: world.listings.length,
			version: (await record()).version,
		};
		let statements = 0;
		const read = new Proxy(world.deps.store.read, {
			get: (target, name) => {
				statements++;
				return Reflect.get(target, name);
			},
		});
		for (let viewer = 0; viewer < 60; viewer++)
			for (const key of ["chat", "c1", "c2", "c3", "c4"]) {
				const actor = person(
					`Viewer ${viewer}`,
					`cccccccc-0000-4000-8000-${String(viewer).padStart(12, "0")}`,
				);
				const view = await refreshApproval(
					{ actor, conversationKey: key, cancellationId: id },
					{ store: { read }, policy: world.deps.policy },
				);
				const { tenantId, userId, name, channelUserId } = actor;
				expect(view).toMatchObject({
					view: "approval",
					conversationKey: key,
					viewer: { tenantId, userId },
					audience: { viewers: [{ userId, name, channelUserId }] },
				});
			}
		expect(statements).toBe(300);
		expect({
			reads: world.standingReads.length,
			listings: world.listings.length,
			version: (await record()).version,
		}).toEqual(before);
		expect(world.graph.posts).toEqual([]);
	});

	it("shows strangers nothing, nor anybody what is not known", async () => {
		const { world, record } = openWorld();
		await world.say(nora, ask());
		const { refreshApproval } = await import("../../../src/app/approving/refresh-approval.js");
		const { id } = await record();
		const { store, policy } = world.deps;
		const tenantId = "22222222-2222-4222-8222-222222222222";
		const stranger = { ...ada, tenantId };
		for (const [actor, cancellationId, settings] of [
			[stranger, id, policy],
			// The bot was moved to another tenant, and what was kept in the first is nobody's there.
			[stranger, id, { ...policy, tenantId }],
			[ada, "'; drop", policy],
			[ada, "99999999-0000-4000-8000-000000000000", policy],
		] as const)
			expect(
				await refreshApproval(
					{ actor, conversationKey: "chat", cancellationId },
					{ store, policy: settings },
				),
			).toBeUndefined();
	});
});

it("an approved cancellation asks who holds the role once, and reads each person's role as often as the rules want", async () => {
	const { world, decide } = openWorld();
	await world.say(bob, { kind: "approvals-here", on: true }, "deciders");
	world.standingReads.length = 0;
	await world.say(nora, ask());
	await world.say(bob, await decide("approve"), "deciders");
	expect(world.listings).toEqual(["holders", "members chat", "members deciders"]);
	// Once when it was asked, once for the press, and once right before the call.
	expect(world.standingReads).toEqual([nora.userId, bob.userId, bob.userId]);
	expect(conversation("chat").key).toBe("chat");
});
