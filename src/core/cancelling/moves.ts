import type { Cancellation, LostWhy, Outcome, RefusedWhy, StoppedAsking } from "./cancellation.js";
import type { Effect, Event, Move, MoveLimits } from "./events.js";

/** When a move is made, and how long things may take. */
export interface Turn {
	readonly now: Date;
	readonly limits: MoveLimits;
}

export type Moved = Extract<Move, { kind: "moved" }>;

export function moved(record: Cancellation, effects: readonly Effect[] = []): Moved {
	return { kind: "moved", record: { ...record, version: record.version + 1 }, effects };
}

export function conflict(record: Cancellation, event: Event): Move {
	return { kind: "conflict", why: `${event.kind} does not fit a cancellation that is ${record.state}` };
}

/**
 * Every follower hears: each conversation once, however many people asked in it. With a live card, the cards in
 * other conversations are brought up to date, too.
 */
export function tellFollowers(record: Cancellation, message: "live" | "warning" | "follow-up"): Effect[] {
	const keys = new Set(record.askers.map((a) => a.conversationKey));
	const posts = [...keys].map((conversationKey) => ({ kind: "post", message, conversationKey }) as const);
	const others = message === "live" && (record.approval || record.review);
	return others ? [...posts, { kind: "copies" }] : posts;
}

export function finish(record: Cancellation, outcome: Outcome, { now }: Turn): Moved {
	const ended: Cancellation = {
		...withoutWait(record),
		state: outcome.state,
		outcome,
		endedAt: now.toISOString(),
	};
	return moved(ended, [...tellFollowers(ended, "live"), ...tellFollowers(ended, "follow-up")]);
}

export function lose(record: Cancellation, why: LostWhy, turn: Turn): Moved {
	return finish(record, { state: "lost-track", why }, turn);
}

/** The end when no POST can have reached Graph. */
export function refuse(record: Cancellation, why: StoppedAsking, turn: Turn): Moved {
	const clear: RefusedWhy = why.by === "time" ? { by: "graph", code: "throttled" } : why;
	return finish(record, { state: "refused", why: clear }, turn);
}

/** Milliseconds until so much time has passed since it was opened or, where others decided, let through. */
export function timeLeft(record: Cancellation, { now }: Turn, limitMs: number): number {
	return Date.parse(record.goAhead?.at ?? record.openedAt) + limitMs - now.getTime();
}

export function withoutWait(record: Cancellation): Cancellation {
	const { waiting: _over, ...rest } = record;
	return rest;
}
