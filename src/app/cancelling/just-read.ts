import type { Actor, Grant, Standing } from "../../core/person.js";

/** Somebody who was seen to hold a role that allows the cancel, and the reading that shows it. */
export interface Held {
	readonly actor: Actor;
	readonly grant: Grant;
	readonly standing: Standing;
}

/** A reading that is older than this, in milliseconds, is no longer "right before" the call to Graph. */
const FRESH_MS = 2_000;

/** Held, and the job that was seen running at the same time. */
export interface Fresh extends Held {
	readonly jobId: string;
}

/**
 * What was read to open a cancellation, for the submit that follows it in this process at once: role and job need
 * not be read twice within a blink. Nothing is lost with it: a submit that finds nothing here reads for itself.
 */
export class JustRead {
	readonly #held = new Map<string, Fresh>();

	keep(cancellationId: string, held: Fresh): void {
		const now = new Date(held.standing.at);
		for (const [id, { standing }] of this.#held) if (!isFresh(standing, now)) this.#held.delete(id);
		this.#held.set(cancellationId, held);
	}

	/** Gives it once, and only while it is fresh. */
	take(cancellationId: string, now: Date): Fresh | undefined {
		const held = this.#held.get(cancellationId);
		this.#held.delete(cancellationId);
		return held && isFresh(held.standing, now) ? held : undefined;
	}
}

/** Whether the standing was read just now. */
export function isFresh(standing: Standing, now: Date): boolean {
	return now.getTime() - Date.parse(standing.at) <= FRESH_MS;
}
