import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Effect, Event, MoveLimits } from "../../core/cancelling/events.js";
import { move } from "../../core/cancelling/move.js";
import type { Actor, Grant, Standing } from "../../core/person.js";
import type { Tx } from "../store.js";
import { auditLines } from "./apply.js";

/** Somebody who was seen to hold a role that allows the cancel, and the reading that shows it. */
export interface Held {
	readonly actor: Actor;
	readonly grant: Grant;
	readonly standing: Standing;
}

/** A POST that is written down and has not been sent yet. */
export interface Attempt extends Held {
	readonly clientRequestId: string;
	readonly jobId: string;
}

/** A reading that is older than this, in milliseconds, is no longer "right before" the call to Graph. */
const FRESH_MS = 2_000;

/** Whether the standing was read just now. */
export function isFresh(standing: Standing, now: Date): boolean {
	return now.getTime() - Date.parse(standing.at) <= FRESH_MS;
}

/** A cancellation with its first attempt, and what is left to be done once both are saved. */
export interface Begun {
	readonly record: Cancellation;
	readonly effects: readonly Effect[];
	audit(tx: Tx): void;
}

/**
 * Writes the first attempt down together with the opening, for whoever has just read role and job, and sends the
 * POST as soon as both are saved. So no submit is planned: the work that opens it goes on until Graph was asked.
 */
export function begin(
	opened: { readonly record: Cancellation; readonly effects: readonly Effect[] },
	{ clientRequestId, actor: by, grant }: Attempt,
	now: Date,
	limits: MoveLimits,
): Begun | undefined {
	const event: Event = { kind: "attempt-started", clientRequestId, by, grant, after: 0 };
	const begun = move(opened.record, event, now, limits);
	if (begun.kind === "conflict") return undefined;
	return {
		record: begun.record,
		effects: [...opened.effects.filter(({ kind }) => kind !== "submit"), ...begun.effects],
		audit(tx) {
			for (const line of auditLines(opened.record, begun.record, event, now, {})) tx.audit(line);
		},
	};
}
