import type { AttemptAnswer, Cancellation } from "../../../src/core/cancelling/cancellation.js";
import type { Effect, Event } from "../../../src/core/cancelling/events.js";
import { move } from "../../../src/core/cancelling/move.js";
import { openCancellation } from "../../../src/core/cancelling/submitting.js";
import type { RecoveryJob } from "../../../src/core/job.js";

export const START = new Date("2026-11-23T03:00:00Z");
export const MINUTE = 60_000;
export const limits = {
	poll: { minMs: 2_000, maxMs: 30_000 },
	watchLimitMs: 36 * 60 * MINUTE,
	submitLimitMs: 15 * MINUTE,
};
export const job = (status: string): RecoveryJob => ({ id: "job", kind: "recovery", status, counts: {} });
export const anna = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
export const bernard = { tenantId: "t", userId: "bernard", name: "Bernard", channelUserId: "29:bernard" };
export const grant = { by: "group", groupId: "g" } as const;

export function opened(): { record: Cancellation; effects: readonly Effect[] } {
	return openCancellation(
		{ id: "c", receipt: "RC-1", job: job("running"), requester: anna, grant, conversationKey: "chat" },
		START,
	);
}

/** An event, or one that depends on the record as it then stands. */
export type Step = Event | ((record: Cancellation) => Event);

/** Plays events one second apart, or at the given minutes; conflicts change nothing. */
export function play(
	steps: readonly (Step | readonly [minute: number, step: Step])[],
	record = opened().record,
) {
	const effects: Effect[] = [];
	let current = record;
	let now = START.getTime();
	for (const entry of steps) {
		const [minute, step] = Array.isArray(entry) ? (entry as [number, Step]) : [undefined, entry as Step];
		now = minute === undefined ? now + 1_000 : START.getTime() + minute * MINUTE;
		const event = typeof step === "function" ? step(current) : step;
		const result = move(current, event, new Date(now), limits);
		if (result.kind === "conflict") continue;
		current = result.record;
		effects.push(...result.effects);
	}
	return { record: current, effects };
}

export const started =
	(clientRequestId: string, by = anna): Step =>
	(record) => ({ kind: "attempt-started", clientRequestId, by, grant, after: record.attempts.length });
export const attempt = started("a");
export const answerTo = (
	clientRequestId: string,
	kind: AttemptAnswer["kind"],
	more: Partial<AttemptAnswer> & { retryAfterMs?: number } = {},
): Event => {
	const { retryAfterMs, ...facts } = more;
	return {
		kind: "attempt-answered",
		clientRequestId,
		answer: { at: START.toISOString(), kind, ...facts },
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	};
};
export const answer = (kind: AttemptAnswer["kind"], more = {}): Event => answerTo("a", kind, more);
export const throttled = answer("throttled", { httpStatus: 429 });
export const seen = (status: string): Event => ({ kind: "job-seen", job: job(status) });
export const missing: Event = { kind: "job-missing" };
export const denied: Event = { kind: "job-unreadable", denied: true };
export const unreadable: Event = { kind: "job-unreadable", denied: false };
export const standingLost: Event = { kind: "standing-lost", rule: "no-role", checked: ["anna", "bernard"] };
export const turnedDown: Event = { kind: "rejection-confirmed", code: "rejected", httpStatus: 400 };
export const joined = (actor = bernard, conversationKey = "other"): Event => ({
	kind: "joined",
	asker: { actor, conversationKey, at: START.toISOString() },
});
export const posts = (effects: readonly Effect[], message: string) =>
	effects.filter((effect) => effect.kind === "post" && effect.message === message);
export const planned = (effects: readonly Effect[]) =>
	effects.filter((effect) => effect.kind !== "post").at(-1);
export const stopping = () => play([attempt, answer("accepted")]).record;
