import pRetry from "p-retry";

/** Pauses between two tries to save, in milliseconds. */
export interface SaveAgain {
	readonly firstMs: number;
	readonly longestMs: number;
}

export const SAVE_AGAIN: SaveAgain = { firstMs: 100, longestMs: 2_000 };

/**
 * Saves what came back from outside for as long as it takes: what Graph or Teams answered cost an
 * effect that cannot be had twice, so it must not go down with a transaction. `save` must be harmless to
 * repeat, since a commit whose confirmation was lost has happened. Each failure goes to `onFailure`.
 */
export async function saveUntilSaved<T>(
	save: () => Promise<T>,
	onFailure: (error: Error) => void,
	pauses: SaveAgain = SAVE_AGAIN,
): Promise<T> {
	return pRetry(() => save().catch(failToSave), {
		retries: Number.POSITIVE_INFINITY,
		minTimeout: pauses.firstMs,
		maxTimeout: pauses.longestMs,
		randomize: true,
		onFailedAttempt: ({ error }) => onFailure(error),
	});
}

/** p-retry gives up on a TypeError and on what is no error; a connection that breaks may leave either behind. */
function failToSave(cause: unknown): never {
	throw cause instanceof Error && !(cause instanceof TypeError) ? cause : new Error(String(cause), { cause });
}
