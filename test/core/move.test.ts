import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Cancellation, isOpen } from "../../src/core/cancellation.js";
import type { Effect, Event } from "../../src/core/events.js";
import type { RecoveryJob } from "../../src/core/job.js";
import { move } from "../../src/core/move.js";
import { openCancellation } from "../../src/core/open-cancellation.js";

const START = new Date("2026-11-23T03:00:00Z");
const limits = {
	poll: { minMs: 2_000, maxMs: 30_000 },
	watchLimitMs: 36 * 3_600_000,
	submitLimitMs: 15 * 60_000,
};
const job = (status: string): RecoveryJob => ({ id: "job", kind: "recovery", status, counts: {} });
const anna = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
const bernard = { tenantId: "t", userId: "bernard", name: "Bernard", channelUserId: "29:bernard" };

function opened(): { record: Cancellation; effects: readonly Effect[] } {
	return openCancellation(
		{
			id: "c",
			receipt: "RC-1",
			job: job("running"),
			requester: anna,
			grant: { by: "group", groupId: "g" },
			conversationKey: "chat",
		},
		START,
	);
}

/** Plays events one second apart; conflicts change nothing. */
function play(events: readonly Event[], record = opened().record) {
	const effects: Effect[] = [];
	let current = record;
	for (const [index, event] of events.entries()) {
		const result = move(current, event, new Date(START.getTime() + 1_000 * (index + 1)), limits);
		if (result.kind === "conflict") continue;
		current = result.record;
		effects.push(...result.effects);
	}
	return { record: current, effects };
}

const attempt: Event = { kind: "attempt-started", clientRequestId: "a" };
const answer = (kind: "accepted" | "rejected" | "throttled" | "unclear"): Event => ({
	kind: "attempt-answered",
	answer: { at: START.toISOString(), kind },
});
const seen = (status: string): Event => ({ kind: "job-seen", job: job(status) });

describe("the moves of a cancellation", () => {
	it("begin with asking Graph and with a live card", () => {
		expect(opened().record.state).toBe("submitting");
		expect(opened().effects).toEqual([
			{ kind: "submit", afterMs: 0 },
			{ kind: "post", message: "live", conversationKey: "chat" },
		]);
	});

	it("watch the job once Graph has accepted", () => {
		const { record, effects } = play([attempt, answer("accepted")]);
		expect(record).toMatchObject({ state: "stopping", acceptedAt: START.toISOString() });
		expect(effects).toContainEqual({ kind: "watch", seq: 0, afterMs: 2_000 });
	});

	it("do not read an end into a status that is not known", () => {
		expect(
			play([attempt, answer("accepted"), seen("unknownFutureValue"), seen("evaporating")]).record.state,
		).toBe("stopping");
	});

	it("call a job abandoned before any request reached Graph too late, not ours", () => {
		expect(play([seen("abandoned")]).record.outcome).toEqual({ state: "too-late", jobEnd: "abandoned" });
		expect(play([attempt, answer("throttled"), seen("abandoned")]).record.state).toBe("too-late");
	});

	it("call a job abandoned after an unclear answer abandoned", () => {
		expect(play([attempt, answer("unclear"), seen("abandoned")]).record.state).toBe("abandoned");
		expect(play([attempt, seen("abandoned")]).record.state).toBe("abandoned");
	});

	it("judge a rejection only after another look at the job", () => {
		const rejected = play([attempt, answer("rejected")]);
		expect(rejected.record.state).toBe("submitting");
		expect(rejected.effects).toEqual([]);
		expect(play([seen("successful")], rejected.record).record.state).toBe("too-late");
		const confirmed: Event = { kind: "rejection-confirmed", code: "forbidden", httpStatus: 403 };
		expect(play([confirmed], rejected.record).record.outcome).toEqual({
			state: "refused",
			why: { by: "graph", code: "forbidden" },
			httpStatus: 403,
		});
	});

	it("need three misses in a row before the job counts as gone", () => {
		const stopping = play([attempt, answer("accepted")]).record;
		const missing: Event = { kind: "job-missing" };
		expect(play([missing, missing, seen("running"), missing, missing], stopping).record.state).toBe(
			"stopping",
		);
		expect(play([missing, missing, missing], stopping).record.outcome).toEqual({
			state: "lost-track",
			why: "job-not-found",
		});
	});

	it("take a second asker as a follower, once, and tell every conversation once", () => {
		const at = START.toISOString();
		const join = (actor: typeof anna, conversationKey: string): Event => ({
			kind: "joined",
			asker: { actor, conversationKey, at },
		});
		const { record } = play([join(bernard, "other"), join(bernard, "other"), join(bernard, "chat")]);
		expect(record.askers).toHaveLength(3);
		const { effects } = play([attempt, answer("accepted"), seen("abandoned")], record);
		expect(effects.filter((e) => e.kind === "post" && e.message === "follow-up")).toEqual([
			{ kind: "post", message: "follow-up", conversationKey: "chat" },
			{ kind: "post", message: "follow-up", conversationKey: "other" },
		]);
	});

	const anyEvent: fc.Arbitrary<Event> = fc.oneof(
		fc.constant(attempt),
		fc.constantFrom("accepted", "rejected", "throttled", "unclear").map((kind) => answer(kind as "accepted")),
		fc.constantFrom("running", "calculating", "abandoned", "failed", "successful", "new-status").map(seen),
		fc.constant<Event>({ kind: "job-missing" }),
		fc.boolean().map<Event>((denied) => ({ kind: "job-unreadable", denied })),
		fc.constant<Event>({ kind: "standing-lost", rule: "no-role" }),
		fc.constant<Event>({ kind: "rejection-confirmed", code: "conflict" }),
		fc.constant<Event>({ kind: "joined", asker: { actor: bernard, conversationKey: "other", at: "" } }),
	);

	it("never claim more than was seen, whatever happens in whatever order", () => {
		fc.assert(
			fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
				const { record, effects } = play(events);
				if (record.state === "abandoned") {
					expect(record.seen?.status).toBe("abandoned");
					expect(record.attempts.length).toBeGreaterThan(0);
				}
				if (record.state === "too-late")
					expect(["successful", "failed", "abandoned"]).toContain(record.seen?.status);
				if (record.state === "stopping") expect(record.acceptedAt).toBeDefined();
				if (!isOpen(record)) expect(record.outcome?.state).toBe(record.state);
				const announced = effects.filter((e) => e.kind === "post" && e.message === "follow-up");
				expect(announced).toHaveLength(
					isOpen(record) ? 0 : new Set(record.askers.map((a) => a.conversationKey)).size,
				);
			}),
			{ numRuns: 500 },
		);
	});

	it("always leave an open cancellation with work to come, unless a POST or its judgement is under way", () => {
		fc.assert(
			fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
				const { record } = play(events);
				if (record.state !== "stopping") return;
				const { effects } = play([seen("running")], record);
				expect(effects.filter((e) => e.kind === "watch")).toHaveLength(1);
			}),
		);
	});
});
