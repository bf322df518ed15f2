import { describe, expect, it } from "@jest/globals";
import { missingApprovals } from "../../../src/core/approving/rules.js";
import { isDue } from "../../../src/core/cancelling/cancellation.js";
import type { Event } from "../../../src/core/cancelling/events.js";
import { move } from "../../../src/core/cancelling/move.js";
import {
	anna,
	answerTo,
	bernard,
	denied,
	joined,
	limits,
	MINUTE,
	missing,
	play,
	posts,
	START,
	seen,
	standingLost,
	unreadable,
} from "../cancelling/story.js";
import {
	ahead,
	approve,
	asked,
	attempted,
	clara,
	deadline,
	dora,
	reject,
	rolesRead,
	withdraw,
} from "./story.js";

const two = (entitled: boolean, required = 1) => asked({ mode: "two-person", entitled, required }).record;

describe("a request for approval", () => {
	it("waits, looks at the job, and plans its reminders and its deadline", () => {
		const { record, effects } = asked();
		expect(record.state).toBe("awaiting-approval");
		expect(effects).toEqual([
			{ kind: "watch", seq: 0, afterMs: 2_000 },
			{ kind: "expire", afterMs: 60 * MINUTE },
			{ kind: "remind", number: 0, afterMs: 30 * MINUTE },
			{ kind: "remind", number: 1, afterMs: 55 * MINUTE },
			{ kind: "post", message: "live", conversationKey: "chat" },
			{ kind: "copies" },
		]);
	});

	it("goes to Graph in the same move as the approval that was missing", () => {
		const { record, effects } = play([approve(bernard, { comment: "go" })], asked().record);
		expect(record).toMatchObject({
			state: "submitting",
			submitSeq: 1,
			goAhead: { way: "approved" },
			decisions: [{ actor: bernard, verdict: "approve", comment: "go" }],
		});
		expect(effects).toContainEqual({ kind: "submit", seq: 1, afterMs: 0 });
		expect(effects).toContainEqual({ kind: "copies" });
	});

	it("waits for as many as were required when it was opened", () => {
		const { record } = play([approve(bernard)], asked({ required: 2 }).record);
		expect(record.state).toBe("awaiting-approval");
		expect(play([approve(clara)], record).record.state).toBe("submitting");
	});

	it("counts one person once, however they are written", () => {
		const shouting = { ...bernard, userId: "BERNARD", tenantId: "T" };
		const { record, effects } = play([approve(bernard), approve(shouting)], asked({ required: 2 }).record);
		expect(record.decisions).toHaveLength(1);
		expect(effects.filter(({ kind }) => kind === "submit")).toEqual([]);
	});

	it("is never approved by who asked or joined", () => {
		for (const actor of [anna, bernard, { ...anna, userId: "ANNA" }])
			for (const step of [approve(actor), reject(actor)])
				expect(play([joined(), step], asked().record).record.decisions).toBeUndefined();
	});

	it("is not joined by who has approved it", () => {
		const { record } = play([approve(bernard), joined(bernard)], asked({ required: 2 }).record);
		expect(record.askers).toHaveLength(1);
		const under = play([approve(bernard), joined(bernard)], asked().record).record;
		expect(under.askers).toHaveLength(1);
	});

	it("says to who has approved why they cannot join it", () => {
		const approved = play([approve(bernard)], asked({ required: 2 }).record).record;
		const join = { kind: "joined", asker: { actor: bernard, conversationKey: "other", at: "" } } as const;
		expect(move(approved, join, START, limits)).toMatchObject({
			kind: "conflict",
			why: expect.stringContaining("decided"),
		});
	});

	it("is shown to everybody who asks, as it stands, whenever somebody joins or approves", () => {
		const { record, effects } = play([joined(bernard)], asked({ required: 2 }).record);
		const both = ["chat", "other"];
		expect(posts(effects, "live").map((post) => "conversationKey" in post && post.conversationKey)).toEqual(
			both,
		);
		expect(posts(play([approve(clara)], record).effects, "live")).toHaveLength(2);
		expect(posts(play([withdraw()], record).effects, "live")).toHaveLength(2);
	});

	it("is asked for once by one person in one conversation, with the last reason that they gave", () => {
		const again = (actor = bernard, conversationKey = "other", reason?: string): Event => ({
			kind: "joined",
			asker: { actor, conversationKey, at: "later", ...(reason === undefined ? {} : { reason }) },
		});
		const askers = (...steps: Event[]) => play([joined(bernard), ...steps], asked().record).record.askers;
		const [first, second] = askers();
		expect(askers(again())).toEqual([first, second]);
		expect(askers(again(bernard, "other", "users are lost"))).toEqual([
			first,
			{ ...second, reason: "users are lost" },
		]);
		expect(askers(again(bernard, "other", "users are lost"), again())[1]?.reason).toBe("users are lost");
		expect(askers(again(bernard, "third"))).toHaveLength(3);
		expect(askers(again(clara, "other"))).toHaveLength(3);
	});

	it("ends with one no, also of somebody who had said yes; a no is final", () => {
		const { record, effects } = play(
			[approve(bernard), reject(bernard, { comment: "wrong job" }), approve(bernard), approve(clara)],
			asked({ required: 2 }).record,
		);
		expect(record).toMatchObject({ state: "rejected", outcome: { state: "rejected" } });
		expect(record.decisions?.map(({ verdict }) => verdict)).toEqual(["approve", "reject"]);
		expect(posts(effects, "follow-up")).toHaveLength(1);
	});

	it("is decided by the earlier of a yes and a no", () => {
		expect(play([approve(bernard), reject(clara)], asked().record).record.state).toBe("submitting");
		expect(play([reject(clara), approve(bernard)], asked().record).record.state).toBe("rejected");
	});

	it("is not decided by a button of a card that showed something else", () => {
		const passedOn = play([joined(), withdraw()], asked().record).record;
		expect(passedOn.approval?.edition).toBe(2);
		expect(play([approve(clara, { edition: 1 })], passedOn).record.decisions).toBeUndefined();
		expect(play([approve(clara, { edition: 2 })], passedOn).record.state).toBe("submitting");
	});
});

describe("two people", () => {
	it("are an entitled requester and one other", () => {
		expect(play([approve(bernard)], two(true)).record.state).toBe("submitting");
	});

	it("are two others where the requester is not entitled", () => {
		const once = play([approve(bernard)], two(false)).record;
		expect(once.state).toBe("awaiting-approval");
		expect(play([approve(clara)], once).record.state).toBe("submitting");
	});

	it("are more, where more are required", () => {
		expect(missingApprovals(two(true, 3) as never)).toBe(3);
		expect(missingApprovals(two(false, 3) as never)).toBe(3);
		expect(missingApprovals(two(false, 1) as never)).toBe(2);
	});

	it("cannot be made of one who goes ahead alone, without an emergency", () => {
		expect(play([ahead(clara)], two(true)).record.state).toBe("awaiting-approval");
		expect(play([ahead(clara, true)], two(true)).record.state).toBe("awaiting-approval");
	});

	it("are skipped by an emergency with a reason, which leaves a review open", () => {
		const { record, effects } = play([ahead(clara, true, "users are lost")], two(true));
		expect(record).toMatchObject({
			state: "submitting",
			goAhead: { way: "emergency", by: clara, reason: "users are lost" },
			review: { by: [clara], reason: "users are lost", seq: 0 },
		});
		expect(effects).toContainEqual({ kind: "review", seq: 0, afterMs: 0 });
	});
});

describe("somebody who may cancel alone", () => {
	it("carries out a request in their own name, and is told how it ends", () => {
		const { record, effects } = play([ahead(clara)], asked().record);
		expect(record).toMatchObject({
			state: "submitting",
			requester: anna,
			goAhead: { way: "alone", by: clara },
		});
		expect(record.review).toBeUndefined();
		expect(posts(effects, "live")).toHaveLength(2);
		expect(play([attempted(clara)], record).record.attempts).toHaveLength(1);
		expect(play([attempted(bernard)], record).record.attempts).toHaveLength(0);
	});

	it("leaves no review open, whatever they say", () => {
		const { record } = play([ahead(clara, false, "nobody is here")], asked().record);
		expect(record).toMatchObject({ goAhead: { way: "alone", reason: "nobody is here" } });
		expect(record.review).toBeUndefined();
	});

	it("has nobody to hand it back to once its deadline is over", () => {
		const { record } = play([ahead(clara), [61, rolesRead([], [clara])]], asked().record);
		expect(record).toMatchObject({ state: "expired", outcome: { state: "expired" } });
	});

	it("hands it back to the others when the role is gone right before the call", () => {
		const { record } = play([ahead(clara), rolesRead([], [clara])], asked().record);
		expect(record).toMatchObject({ state: "awaiting-approval" });
		expect(record.goAhead).toBeUndefined();
	});
});

describe("withdrawing", () => {
	it("ends a request that nobody else asks for", () => {
		const { record } = play([withdraw()], asked().record);
		expect(record).toMatchObject({ state: "withdrawn", outcome: { state: "withdrawn" } });
	});

	it("is for the requester alone", () => {
		expect(play([joined(), withdraw(bernard), withdraw(clara)], asked().record).record.state).toBe(
			"awaiting-approval",
		);
	});

	it("passes the request to the oldest joiner, with their reason, and keeps the yeses", () => {
		const { record } = play(
			[approve(dora), joined(bernard), joined(clara), withdraw()],
			asked({ required: 2 }).record,
		);
		expect(record).toMatchObject({ state: "awaiting-approval", requester: bernard });
		expect(record.reason).toBeUndefined();
		expect(record.decisions).toHaveLength(1);
		expect(play([withdraw(bernard)], record).record.requester).toEqual(clara);
	});

	it("passes it on with what its next requester said", () => {
		const asker = { actor: bernard, conversationKey: "other", at: "later", reason: "users are lost" };
		const { record } = play([{ kind: "joined", asker }, withdraw()], asked().record);
		expect(record).toMatchObject({ requester: bernard, reason: "users are lost" });
	});

	it("takes away the one entitled person of two, and lets nobody who asked decide", () => {
		const { record } = play([joined(bernard), withdraw()], two(true));
		expect(missingApprovals(record as never)).toBe(2);
		expect(play([approve(anna), approve(clara)], record).record.state).toBe("awaiting-approval");
	});

	it("can be followed by asking again", () => {
		const { record } = play(
			[joined(bernard), withdraw(), joined(anna, "chat"), withdraw(bernard)],
			asked().record,
		);
		expect(record).toMatchObject({ state: "awaiting-approval", requester: anna });
	});

	it("is too late once it is under way", () => {
		expect(play([approve(bernard), withdraw()], asked().record).record.state).toBe("submitting");
	});
});

describe("the deadline", () => {
	it("ends it, however late anybody looks", () => {
		for (const step of [
			approve(),
			reject(),
			withdraw(),
			joined(),
			deadline,
			ahead(),
			seen("running"),
			missing,
			denied,
		])
			expect(play([[60, step]], asked().record).record).toMatchObject({
				state: "expired",
				outcome: { state: "expired" },
			});
	});

	it("is a moment, not a timer: before it, nothing expires", () => {
		expect(play([[59.9, deadline]], asked().record).record.state).toBe("awaiting-approval");
		expect(play([[59.9, approve()]], asked().record).record.state).toBe("submitting");
	});

	it("lets nothing leave after it, also what had been approved before", () => {
		const approved = play([approve()], asked().record).record;
		for (const step of [attempted(bernard), rolesRead([bernard]), seen("running")])
			expect(play([[60, step]], approved).record).toMatchObject({ state: "expired", attempts: [] });
	});

	it("stops further asking about what may have reached Graph, and follows it", () => {
		const sent = play([approve(), attempted(bernard)], asked().record).record;
		expect(play([[61, seen("running")]], sent).record).toMatchObject({
			state: "stopping",
			stoppedAsking: { by: "time", deadline: true },
		});
		expect(play([[61, seen("abandoned")]], sent).record.state).toBe("abandoned");
	});

	it("forgets what put tries off before it waits for others again", () => {
		const late = play([approve(), { kind: "standing-unreadable" }], asked().record).record;
		expect(late.putOffBy).toEqual(["role-unreadable"]);
		const again = play([rolesRead([], [bernard])], late).record;
		expect(again).toMatchObject({ state: "awaiting-approval" });
		expect(again).not.toHaveProperty("putOffBy");
	});

	it("says nothing to who went ahead alone", () => {
		const { record } = play([ahead(clara), [61, attempted(clara)]], asked().record);
		expect(record.attempts).toHaveLength(1);
	});
});

describe("right before the call", () => {
	const approved = () => play([approve(bernard)], asked().record).record;

	it("whoever lost the role no longer counts, and the request waits again", () => {
		const { record, effects } = play([rolesRead([], [bernard])], approved());
		expect(record).toMatchObject({
			state: "awaiting-approval",
			decisions: [{ actor: bernard, lost: { rule: "no-role" } }],
			approval: { edition: 2 },
		});
		expect(effects.map(({ kind }) => kind)).toEqual(
			expect.arrayContaining(["watch", "expire", "remind", "copies", "post"]),
		);
		expect(isDue(record, { step: "watch", seq: record.watch.seq })).toBe(true);
		expect(play([approve(bernard)], record).record.state).toBe("submitting");
	});

	it("people who all hold it leave everything as it was", () => {
		const before = approved();
		const { record, effects } = play([rolesRead([bernard])], before);
		expect(record).toMatchObject({ state: "submitting", approval: before.approval });
		expect(effects).toEqual([]);
	});

	it("goes on with those who are left where they are enough, which the cards show", () => {
		const enough = play([approve(bernard)], two(true)).record;
		const { record, effects } = play([rolesRead([anna, bernard], [clara])], enough);
		expect(record).toMatchObject({ state: "submitting", approval: { entitled: true, edition: 2 } });
		expect(effects.map(({ kind }) => kind)).toEqual(["post", "copies"]);
	});

	it("keeps when somebody was first seen without the role", () => {
		const again = play([rolesRead([], [bernard]), approve(clara), rolesRead([clara], [bernard])], approved());
		const lost = again.record.decisions?.map((decision) => decision.lost?.at);
		expect(lost).toEqual([new Date(START.getTime() + 1_000).toISOString(), undefined]);
	});

	it("a warning goes to who follows it, and changes no other card", () => {
		const warned = play([attempted(bernard), rolesRead([], [bernard])], approved());
		expect(warned.effects.filter(({ kind }) => kind === "copies")).toHaveLength(1);
		expect(posts(warned.effects, "warning")).toHaveLength(1);
	});

	it("plans anew what is still to come when it waits again", () => {
		const { effects } = play([[40, rolesRead([], [bernard])]], approved());
		expect(effects.slice(1)).toEqual([
			{ kind: "expire", afterMs: 20 * MINUTE },
			{ kind: "remind", number: 1, afterMs: 15 * MINUTE },
			{ kind: "post", message: "live", conversationKey: "chat" },
			{ kind: "copies" },
		]);
		const atFirst = play([[30, rolesRead([], [bernard])]], approved()).effects;
		expect(atFirst.filter(({ kind }) => kind === "remind")).toHaveLength(1);
	});

	it("polls begin quickly again when it waits again", () => {
		const waited = play(
			Array.from({ length: 20 }, () => seen("running")),
			asked().record,
		).record;
		const { record, effects } = play([approve(), rolesRead([], [bernard])], waited);
		expect(effects).toContainEqual({ kind: "watch", seq: record.watch.seq, afterMs: 2_000 });
	});

	it("an entitled requester who lost the role leaves two others to find", () => {
		const { record } = play([approve(bernard), rolesRead([bernard], [anna])], two(true));
		expect(record).toMatchObject({ state: "awaiting-approval", approval: { entitled: false } });
		expect(missingApprovals(record as never)).toBe(1);
	});

	it("nothing is sent unless everybody needed was seen to hold the role", () => {
		expect(play([attempted()], approved()).record.attempts).toEqual([]);
		expect(play([attempted(clara)], approved()).record.attempts).toEqual([]);
		expect(play([attempted(bernard)], approved()).record.attempts).toMatchObject([
			{ held: [{ actor: bernard }] },
		]);
		const pair = play([approve(bernard)], two(true)).record;
		expect(play([attempted(bernard)], pair).record.attempts).toEqual([]);
		expect(play([attempted(anna, bernard)], pair).record.attempts).toHaveLength(1);
	});

	it("a role that cannot be read is an outage, not a no: it is tried again", () => {
		const { record } = play([rolesRead([])], approved());
		expect(record).toMatchObject({ state: "submitting", waiting: { why: "role-unreadable" } });
	});

	it("a job that may be stopping already is followed, not handed back", () => {
		const { record } = play([attempted(bernard), rolesRead([], [bernard])], approved());
		expect(record).toMatchObject({ state: "stopping", stoppedAsking: { by: "policy" } });
	});

	it("fifteen minutes of asking count from the approval, not from the request", () => {
		const { record } = play(
			[[40, approve()], attempted(bernard), answerTo("a0", "throttled", { httpStatus: 429 })],
			asked().record,
		);
		expect(record).toMatchObject({ state: "submitting", waiting: { why: "throttled" } });
	});

	it("polls begin quickly again once Graph has accepted", () => {
		const waited = play(
			Array.from({ length: 20 }, () => seen("running")),
			asked().record,
		).record;
		const { effects } = play([approve(), attempted(bernard), answerTo("a0", "accepted")], waited);
		expect(effects).toContainEqual({ kind: "watch", seq: waited.watch.seq + 1, afterMs: 2_000 });
	});
});

describe("a job that ends by itself", () => {
	it.each(["successful", "failed", "abandoned"])("closes the request as too late: %s", (status) => {
		const { record, effects } = play([seen(status)], asked().record);
		expect(record.outcome).toEqual({ state: "too-late", jobEnd: status });
		expect(posts(effects, "follow-up")).toHaveLength(1);
		expect(effects).toContainEqual({ kind: "copies" });
	});

	it("is looked for while it waits, and only a new status is told", () => {
		const { record, effects } = play([seen("running"), seen("calculating")], asked().record);
		expect(record.watch.seq).toBe(2);
		expect(effects.map(({ kind }) => kind)).toEqual(["watch", "watch", "post", "copies"]);
	});

	it("is looked for also where it was never seen", () => {
		const { seen: _seen, ...unseen } = asked().record;
		expect(play([unreadable, seen("running")], unseen).record.seen).toMatchObject({ status: "running" });
	});

	it("is looked for again when it could not be read, which nobody has to hear", () => {
		const { record, effects } = play([unreadable, denied, missing], asked().record);
		expect(record).toMatchObject({ state: "awaiting-approval", watch: { seq: 3 } });
		expect(effects.map(({ kind }) => kind)).toEqual(["watch", "watch", "watch"]);
	});

	it("is lost when it cannot be found", () => {
		expect(play([missing, missing, missing], asked().record).record.state).toBe("lost-track");
	});

	it("does not take what belongs to another state", () => {
		expect(play([standingLost], asked().record).record.version).toBe(1);
	});
});

describe("the review of an emergency", () => {
	const used = () => play([ahead(clara, true, "users are lost")], two(true)).record;
	const acknowledge = (actor = bernard) =>
		({
			kind: "review-acknowledged",
			actor,
			grant: asked().record.grant ?? { by: "group", groupId: "g" },
		}) as const;

	it("is told at once and again every day until somebody has acknowledged it", () => {
		const { record, effects } = play(
			[
				{ kind: "review-told", seq: 0 },
				{ kind: "review-told", seq: 0 },
			],
			used(),
		);
		expect(effects).toEqual([{ kind: "review", seq: 1, afterMs: 24 * 60 * MINUTE }]);
		expect(play([acknowledge(), { kind: "review-told", seq: 1 }], record).effects).toEqual([
			{ kind: "copies" },
		]);
	});

	it("is never closed by who used the emergency way", () => {
		expect(
			play([acknowledge(clara), acknowledge({ ...clara, userId: "CLARA" })], used()).record.review,
		).toEqual(used().review);
	});

	it("is closed once, by another person, also after the end", () => {
		const over = play([seen("failed")], used()).record;
		const first = { ...acknowledge(bernard), comment: "seen" };
		const { record } = play([first, acknowledge(dora)], over);
		expect(record).toMatchObject({
			state: "too-late",
			review: { acknowledged: { actor: bernard, comment: "seen" } },
		});
	});

	it("does not exist without an emergency", () => {
		const plain = play([ahead(clara)], asked().record).record;
		for (const step of [acknowledge(bernard), { kind: "review-told", seq: 0 } as const])
			expect(play([step], plain).record).toEqual(plain);
	});
});
