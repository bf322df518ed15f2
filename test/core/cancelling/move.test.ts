import { describe, expect, it } from "@jest/globals";
import { type Cancellation, isDue } from "../../../src/core/cancelling/cancellation.js";
import type { Event } from "../../../src/core/cancelling/events.js";
import { move } from "../../../src/core/cancelling/move.js";
import {
	anna,
	answer,
	answerTo,
	attempt,
	bernard,
	denied,
	grant,
	job,
	joined,
	limits,
	MINUTE,
	missing,
	opened,
	planned,
	play,
	posts,
	START,
	seen,
	standingLost,
	started,
	stopping,
	throttled,
	turnedDown,
	unreadable,
} from "./story.js";

describe("the moves of a cancellation", () => {
	it("begin with asking Graph and with a live card", () => {
		expect(opened().record.state).toBe("submitting");
		expect(opened().effects).toEqual([
			{ kind: "submit", seq: 0, afterMs: 0 },
			{ kind: "post", message: "live", conversationKey: "chat" },
		]);
	});

	it("watch the job once Graph has accepted", () => {
		const { record, effects } = play([attempt, answer("accepted")]);
		expect(record).toMatchObject({ state: "stopping", acceptedAt: START.toISOString() });
		expect(effects).toContainEqual({ kind: "watch", seq: 0, afterMs: 2_000 });
		expect(posts(effects, "live")).toHaveLength(1);
	});

	it("count every move, so that no newer version is overwritten", () => {
		expect(play([attempt, answer("accepted"), seen("running")]).record.version).toBe(4);
	});

	it("do not read an end into a status that is not known", () => {
		expect(play([seen("unknownFutureValue"), seen("evaporating")], stopping()).record.state).toBe("stopping");
	});

	it("call a job abandoned before any request reached Graph too late, not ours", () => {
		expect(play([seen("abandoned")]).record.outcome).toEqual({ state: "too-late", jobEnd: "abandoned" });
		expect(play([attempt, throttled, seen("abandoned")]).record.state).toBe("too-late");
	});

	it("call a job abandoned after an unclear answer abandoned", () => {
		expect(play([attempt, answer("unclear"), seen("abandoned")]).record.state).toBe("abandoned");
		expect(play([attempt, seen("abandoned")]).record.state).toBe("abandoned");
	});

	it("tell each conversation of the end once, on the live card and with an announcement", () => {
		const { effects } = play([seen("successful")], stopping());
		expect(effects).toEqual([
			{ kind: "post", message: "live", conversationKey: "chat" },
			{ kind: "post", message: "follow-up", conversationKey: "chat" },
		]);
	});

	it("leave a cancellation that has ended alone", () => {
		const ended = play([seen("abandoned")], stopping()).record;
		const before = JSON.stringify(ended);
		for (const event of [seen("running"), missing, denied, standingLost, turnedDown, joined()])
			expect(move(ended, event, START, limits)).toMatchObject({
				kind: "conflict",
				why: expect.stringMatching(/cancellation/u),
			});
		expect(move(ended, (attempt as (r: Cancellation) => Event)(ended), START, limits).kind).toBe("conflict");
		expect(JSON.stringify(ended)).toBe(before);
	});

	it("keep the kind of job that was known when a later look does not show it", () => {
		const vague = { ...job("running"), kind: "unknown" } as const;
		expect(play([{ kind: "job-seen", job: vague }], stopping()).record.jobKind).toBe("recovery");
		const known = { ...job("running"), kind: "preview" } as const;
		expect(play([{ kind: "job-seen", job: known }], stopping()).record.jobKind).toBe("preview");
	});
});

describe("an attempt", () => {
	it("names on whose standing it is sent, and ends the waiting", () => {
		const waiting = play([attempt, throttled]).record;
		expect(waiting.waiting).toBeDefined();
		const { record } = play([started("b", bernard)], waiting);
		expect(record.attempts.at(-1)).toMatchObject({ clientRequestId: "b", by: bernard, grant });
		expect(record.waiting).toBeUndefined();
	});

	it("is not made when another one was started since it was decided", () => {
		const decided: Event = { kind: "attempt-started", clientRequestId: "b", by: anna, grant, after: 0 };
		expect(play([attempt, decided]).record.attempts.map((a) => a.clientRequestId)).toEqual(["a"]);
	});

	it("is not made once the job is being followed", () => {
		expect(play([started("b")], stopping()).record.attempts).toHaveLength(1);
	});

	it("takes one answer, and a second one changes nothing", () => {
		const { record } = play([attempt, answer("unclear"), answer("accepted")]);
		expect(record).toMatchObject({ state: "submitting", attempts: [{ answer: { kind: "unclear" } }] });
	});

	it("takes its own answer, whatever has been started since", () => {
		const { record } = play([started("a"), started("b"), answerTo("a", "accepted")]);
		expect(record.attempts.map((a) => a.answer?.kind)).toEqual(["accepted", undefined]);
		expect(record.state).toBe("stopping");
		const newest = play([started("a"), started("b"), answerTo("b", "accepted")]).record;
		expect(newest.attempts.map((a) => a.answer?.kind)).toEqual([undefined, "accepted"]);
	});

	it("leaves it to the newest one what happens next", () => {
		const late = play([started("a"), started("b"), answerTo("a", "throttled", { httpStatus: 429 })]);
		expect(late.record.attempts[0]?.answer?.kind).toBe("throttled");
		expect(late.effects).toEqual([]);
		const newest = play([started("a"), started("b"), answerTo("b", "throttled", { httpStatus: 429 })]);
		expect(planned(newest.effects)).toMatchObject({ kind: "submit" });
	});

	it("keeps an answer that comes after the end or while the job is followed, and shows it", () => {
		const followed = play([attempt, standingLost]).record;
		const late = play([answer("accepted")], followed);
		expect(late.record).toMatchObject({ state: "stopping", acceptedAt: START.toISOString() });
		expect(late.effects).toEqual([{ kind: "post", message: "live", conversationKey: "chat" }]);
		const over = play([answer("unclear")], play([seen("failed")], followed).record);
		expect(over.record).toMatchObject({ state: "too-late", attempts: [{ answer: { kind: "unclear" } }] });
		expect(over.record.acceptedAt).toBeUndefined();
	});

	it("was accepted when the first answer said so", () => {
		const later = answerTo("b", "accepted", { at: "2026-11-23T03:09:00.000Z" });
		const { record } = play([started("a"), started("b"), answerTo("a", "accepted"), later]);
		expect(record.acceptedAt).toBe(START.toISOString());
	});

	it("leaves the doubt while another one may have reached Graph", () => {
		const doubtful = [started("a"), answerTo("a", "unclear"), started("b"), standingLost];
		const late = answerTo("b", "throttled", { httpStatus: 429 });
		const { record, effects } = play([late], play(doubtful).record);
		expect(record).toMatchObject({ state: "stopping", stoppedAsking: { by: "policy" } });
		expect(effects).toEqual([{ kind: "post", message: "live", conversationKey: "chat" }]);
	});

	it("changes no end that has been told", () => {
		const over = play([attempt, standingLost, seen("failed")]).record;
		const { record, effects } = play([throttled], over);
		expect(record.outcome).toEqual({ state: "too-late", jobEnd: "failed" });
		expect(posts(effects, "follow-up")).toHaveLength(0);
	});

	it("ends the cancellation when its late answer shows that nothing reached Graph after all", () => {
		const followed = play([attempt, standingLost]).record;
		const { record, effects } = play([throttled], followed);
		expect(record.outcome).toEqual({ state: "refused", why: { by: "policy", rule: "no-role" } });
		expect(posts(effects, "follow-up")).toHaveLength(1);
	});

	it("that is answered by nobody known changes nothing", () => {
		expect(move(opened().record, answer("accepted"), START, limits).kind).toBe("conflict");
	});
});

describe("asking again", () => {
	it("is numbered, so that only the newest try is due", () => {
		const { record, effects } = play([attempt, throttled]);
		expect(planned(effects)).toEqual({ kind: "submit", seq: 1, afterMs: 2_000 });
		expect(isDue(record, { step: "submit", seq: 1 })).toBe(true);
		expect(isDue(record, { step: "submit", seq: 0 })).toBe(false);
		expect(isDue(record, { step: "watch", seq: 0 })).toBe(false);
	});

	it("waits as long as Graph asks, and says until when and why", () => {
		const { record, effects } = play([
			attempt,
			answer("throttled", { httpStatus: 429, retryAfterMs: 7_128 }),
		]);
		expect(planned(effects)).toMatchObject({ afterMs: 7_128 });
		expect(record.waiting).toEqual({ until: "2026-11-23T03:00:09.128Z", why: "throttled" });
		expect(posts(effects, "live")).toHaveLength(1);
	});

	it.each([
		["what was never sent", [attempt, answer("throttled")], "not-sent"],
		["an unclear answer", [attempt, answer("unclear")], "no-answer"],
		["a job that cannot be read", [unreadable], "job-unreadable"],
		["a role that cannot be read", [{ kind: "standing-unreadable" } as Event], "role-unreadable"],
	] as const)("says why it waits after %s", (_what, steps, why) => {
		expect(play(steps).record.waiting?.why).toBe(why);
	});

	it("grows slower with every try and failed look", () => {
		const { effects } = play([unreadable, unreadable, unreadable, unreadable]);
		expect(effects.flatMap((e) => (e.kind === "submit" ? [e.afterMs] : []))).toEqual([
			2_000, 3_000, 4_500, 6_750,
		]);
	});

	it("grows slower when the job is not found or not shown, too", () => {
		const waits = (event: Event, times: number) =>
			play(Array.from({ length: times }, () => event)).effects.flatMap((e) =>
				e.kind === "submit" ? [e.afterMs] : [],
			);
		expect(waits(missing, 2)).toEqual([2_000, 3_000]);
		expect(waits(denied, 3)).toEqual([2_000, 3_000, 4_500]);
	});

	it("goes on at once, and tells nobody, when the job is seen to run", () => {
		expect(play([seen("running")]).effects).toEqual([]);
	});

	it("looks longer, too, when only an earlier POST is of unknown fate", () => {
		const put = answerTo("b", "throttled", { httpStatus: 429 });
		const { record } = play([started("a"), answerTo("a", "unclear"), started("b"), put]);
		expect(planned(play([[0.08, seen("running")]], record).effects)).toMatchObject({ kind: "submit" });
	});

	it("only looks at the job for five seconds after a POST of unknown fate", () => {
		const cutOff = play([attempt]).record;
		const look = play([seen("running")], cutOff);
		expect(planned(look.effects)).toMatchObject({ kind: "submit", afterMs: 5_000 });
		expect(play([[0.1, seen("running")]], cutOff).record.submitSeq).toBe(0);
		expect(play([[0.09, seen("running")]], cutOff).record.waiting?.why).toBe("no-answer");
	});

	it("waits no longer than that when another instance's clock is a minute ahead", () => {
		const cutOff = play([[1, attempt]]).record;
		const result = move(cutOff, seen("running"), START, limits);
		expect(result.kind === "moved" && planned(result.effects)).toMatchObject({ afterMs: 5_000 });
	});

	it("does not wait for a POST that Graph clearly put off", () => {
		expect(play([attempt, throttled, seen("running")]).record.submitSeq).toBe(1);
	});

	it("ends with one try at the very limit, however long Graph asks to wait", () => {
		const hour = { httpStatus: 429, retryAfterMs: 60 * MINUTE };
		const waiting = play([attempt, answer("throttled", hour)]);
		expect(waiting.record.state).toBe("submitting");
		expect(planned(waiting.effects)).toMatchObject({ kind: "submit", afterMs: 15 * MINUTE - 2_000 });
		const last = play([[15, started("b")], answerTo("b", "throttled", hour)], waiting.record);
		expect(last.record.outcome).toEqual({ state: "refused", why: { by: "graph", code: "throttled" } });
	});

	it("ends as refused when every answer was a clear no", () => {
		const { record } = play([[1, attempt], throttled, [15, started("b")], answerTo("b", "throttled")]);
		expect(record.outcome).toEqual({ state: "refused", why: { by: "graph", code: "throttled" } });
		expect(record.endedAt).toBe("2026-11-23T03:15:01.000Z");
	});

	it("never ends as refused when one answer was unclear and the others put it off", () => {
		for (const kinds of [
			["unclear", "throttled"],
			["throttled", "unclear"],
		] as const) {
			const [first, second] = kinds;
			const { record, effects } = play([
				[1, started("a")],
				answerTo("a", first, { httpStatus: 429 }),
				[15, started("b")],
				answerTo("b", second, { httpStatus: 429 }),
			]);
			expect(record).toMatchObject({ state: "stopping", stoppedAsking: { by: "time" } });
			expect(record.acceptedAt).toBeUndefined();
			expect(posts(effects, "warning")).toHaveLength(1);
		}
	});

	it("ends without any claim of a request when none was sent", () => {
		for (const event of [unreadable, denied, missing])
			expect(play([[15, event]]).record.outcome).toEqual({ state: "lost-track", why: "job-unreadable" });
		expect(play([[15, { kind: "standing-unreadable" }]]).record.outcome).toEqual({
			state: "refused",
			why: { by: "policy", rule: "unreadable-standing" },
		});
	});
});

describe("time that runs out", () => {
	const outOfTime = { state: "refused", why: { by: "graph", code: "throttled" } };

	it("is laid to one thing only when nothing else kept it from being asked", () => {
		const [noRole, hour] = [{ kind: "standing-unreadable" } as const, { httpStatus: 429 }];
		const mixed: readonly (readonly [string[], Parameters<typeof play>[0]])[] = [
			[
				["throttled", "role-unreadable"],
				[attempt, answer("throttled", hour), [15, noRole]],
			],
			[
				["throttled", "job-unreadable"],
				[attempt, answer("throttled", hour), [15, unreadable]],
			],
			[
				["role-unreadable", "throttled"],
				[[1, noRole], [2, noRole], [15, started("b")], answerTo("b", "throttled", hour)],
			],
		];
		for (const [putOffBy, events] of mixed)
			expect(play(events).record).toMatchObject({ outcome: outOfTime, putOffBy });
		expect(
			play([
				[1, noRole],
				[2, noRole],
				[15, noRole],
			]).record,
		).toMatchObject({
			outcome: { why: { rule: "unreadable-standing" } },
			putOffBy: ["role-unreadable"],
		});
		expect(
			play([
				[1, unreadable],
				[15, unreadable],
			]).record,
		).toMatchObject({
			outcome: { state: "lost-track", why: "job-unreadable" },
		});
	});

	it("is not laid to what kept it from being asked when a request may have arrived", () => {
		for (const event of [{ kind: "standing-unreadable" } as const, unreadable]) {
			const { record } = play([
				[1, attempt],
				[15, event],
			]);
			expect(record).toMatchObject({ state: "stopping", stoppedAsking: { by: "time" } });
			expect(record.stoppedAsking).not.toHaveProperty("deadline");
		}
	});
});

describe("a rejection", () => {
	it("is judged only after another look at the job", () => {
		const rejected = play([attempt, answer("rejected")]);
		expect(rejected.record.state).toBe("submitting");
		expect(rejected.effects).toEqual([]);
		expect(play([seen("successful")], rejected.record).record.state).toBe("too-late");
		expect(play([turnedDown], rejected.record).record.outcome).toEqual({
			state: "refused",
			why: { by: "graph", code: "rejected", httpStatus: 400 },
		});
	});

	it("without an HTTP status is kept without one", () => {
		const unsent: Event = { kind: "rejection-confirmed", code: "unauthorized" };
		expect(play([attempt, answer("rejected"), unsent]).record.outcome).toStrictEqual({
			state: "refused",
			why: { by: "graph", code: "unauthorized" },
		});
	});

	it("only ends the asking when an earlier POST may be taking effect, and people are warned", () => {
		const { record, effects } = play([
			started("a"),
			answerTo("a", "unclear"),
			started("b"),
			answerTo("b", "rejected", { httpStatus: 400 }),
			turnedDown,
		]);
		expect(record).toMatchObject({
			state: "stopping",
			stoppedAsking: { by: "graph", code: "rejected", httpStatus: 400 },
		});
		expect(planned(effects)).toMatchObject({ kind: "watch", seq: 0, afterMs: 2_000 });
		expect(posts(effects, "warning")).toHaveLength(1);
		expect(posts(effects, "follow-up")).toHaveLength(0);
	});

	it("that ends the asking is a move like any other", () => {
		const doubtful = play([started("a"), answerTo("a", "unclear"), started("b")]).record;
		expect(move(doubtful, turnedDown, START, limits).kind).toBe("moved");
	});

	it("is no event of a job that is being followed", () => {
		expect(move(stopping(), turnedDown, START, limits).kind).toBe("conflict");
	});
});

describe("a lost standing", () => {
	it("ends the cancellation when nothing can have reached Graph", () => {
		const { record, effects } = play([attempt, throttled, standingLost]);
		expect(record.outcome).toEqual({ state: "refused", why: { by: "policy", rule: "no-role" } });
		expect(record.waiting).toBeUndefined();
		expect(posts(effects, "follow-up")).toHaveLength(1);
	});

	it("only ends the asking when something may have, and the job is followed to its end", () => {
		const { record } = play([attempt, answer("unclear"), standingLost]);
		expect(record.waiting).toBeUndefined();
		expect(record).toMatchObject({
			state: "stopping",
			stoppedAsking: { by: "policy", rule: "no-role" },
		});
		expect(play([seen("abandoned")], record).record.state).toBe("abandoned");
		expect(play([seen("successful")], record).record.state).toBe("too-late");
		expect(play([[36 * 60, seen("running")]], record).record.outcome).toEqual({
			state: "lost-track",
			why: "no-answer-to-cancel",
		});
	});

	it("changes nothing once Graph has accepted", () => {
		expect(move(stopping(), standingLost, START, limits).kind).toBe("conflict");
		expect(move(stopping(), { kind: "standing-unreadable" }, START, limits).kind).toBe("conflict");
	});

	it("is not the end for somebody who joined meanwhile: their standing is read at once", () => {
		const onlyAnna: Event = { kind: "standing-lost", rule: "no-role", checked: ["anna"] };
		const { record, effects } = play([joined(), attempt, throttled, onlyAnna]);
		expect(record.state).toBe("submitting");
		expect(planned(effects)).toEqual({ kind: "submit", seq: 2, afterMs: 0 });
		expect(record.waiting).toBeUndefined();
	});
});

describe("following the job", () => {
	it("polls ever slower, and no sooner than Graph asks", () => {
		const { effects } = play(
			[seen("running"), seen("running"), { ...seen("running"), retryAfterMs: 40_000 } as Event],
			stopping(),
		);
		expect(effects.filter((e) => e.kind === "watch")).toEqual([
			{ kind: "watch", seq: 1, afterMs: 3_000 },
			{ kind: "watch", seq: 2, afterMs: 4_500 },
			{ kind: "watch", seq: 3, afterMs: 40_000 },
		]);
	});

	it("updates the live cards only when the job shows something new", () => {
		expect(posts(play([seen("running")], stopping()).effects, "live")).toHaveLength(0);
		expect(posts(play([seen("calculating")], stopping()).effects, "live")).toHaveLength(1);
	});

	it.each([
		["missing", missing, 3, "job-not-found"],
		["refused", denied, 10, "access-lost"],
	] as const)("gives up after enough %s reads in a row", (_what, event, limit, why) => {
		const almost = Array.from({ length: limit - 1 }, () => event);
		const interrupted = play([...almost, seen("running"), ...almost], stopping()).record;
		expect(interrupted.state).toBe("stopping");
		expect(play([...almost, unreadable, ...almost], stopping()).record.state).toBe("stopping");
		expect(play([...almost, event], stopping()).record.outcome).toEqual({ state: "lost-track", why });
		expect(play([...almost, event]).record.outcome).toEqual({ state: "lost-track", why });
	});

	it("never gives up for reads that merely fail", () => {
		const { record } = play(
			Array.from({ length: 50 }, () => unreadable),
			stopping(),
		);
		expect(record).toMatchObject({ state: "stopping", watch: { failed: 50 } });
	});

	it("leaves the live cards alone when nothing could be read", () => {
		expect(posts(play([unreadable, denied, missing], stopping()).effects, "live")).toHaveLength(0);
	});

	it("forgets failures as soon as the job is seen", () => {
		const { record } = play([unreadable, denied, missing, seen("running")], stopping());
		expect(record.watch).toEqual({ seq: 4, missing: 0, denied: 0, failed: 0 });
	});

	it("takes a last look at the limit, and then says that it lost track", () => {
		const limit = 36 * 60;
		const before = play([[limit - 0.25, seen("running")]], stopping());
		expect(planned(before.effects)).toMatchObject({ kind: "watch", afterMs: 3_000 });
		const patient = { ...seen("running"), retryAfterMs: 60 * MINUTE } as Event;
		const last = play([[limit - 1, patient]], stopping());
		expect(planned(last.effects)).toMatchObject({ kind: "watch", afterMs: MINUTE });
		expect(play([[limit, seen("running")]], last.record).record.outcome).toEqual({
			state: "lost-track",
			why: "watch-limit",
		});
		expect(play([[limit, seen("abandoned")]], last.record).record.state).toBe("abandoned");
	});
});

describe("joining", () => {
	it("makes a second asker a follower, once, and tells every conversation once", () => {
		const { record } = play([joined(), joined(), joined(bernard, "chat")]);
		expect(record.askers.map(({ actor, conversationKey }) => `${actor.name} ${conversationKey}`)).toEqual([
			"Anna chat",
			"Bernard other",
			"Bernard chat",
		]);
		const { effects } = play([attempt, answer("accepted"), seen("abandoned")], record);
		expect(posts(effects, "follow-up")).toEqual([
			{ kind: "post", message: "follow-up", conversationKey: "chat" },
			{ kind: "post", message: "follow-up", conversationKey: "other" },
		]);
	});

	it("shows the newcomer on every live card, also while the job is followed", () => {
		const { effects } = play([joined()], stopping());
		expect(posts(effects, "live").map((e) => e.kind === "post" && e.conversationKey)).toEqual([
			"chat",
			"other",
		]);
	});
});
