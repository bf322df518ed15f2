/**
 * A limit as a line that moves on: so many messages may leave at once, and then one in each step. In any window of
 * time no more than `burst + ceil(window / stepMs) - 1` do.
 */
export interface SendLimit {
	readonly burst: number;
	/** In milliseconds. */
	readonly stepMs: number;
}

/** What may be sent to one place. */
export interface SendLimits {
	/** Of everything. */
	readonly all: readonly SendLimit[];
	/**
	 * Of messages that may come a minute later when much happens, so that they never take the way from the others. They
	 * count in `all` but do not wait there, so both together must stay below what is allowed.
	 */
	readonly later: readonly SendLimit[];
}

/**
 * What may be sent to one conversation, the threads of a channel together. Teams allows 7 messages in a second, 8 in
 * two, 60 in 30 seconds and 1,800 in an hour. Whether updates count is not documented: here they do.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export const CONVERSATION_LIMITS: SendLimits = {
	all: [
		{ burst: 4, stepMs: 600 },
		{ burst: 29, stepMs: 1_000 },
		{ burst: 400, stepMs: 3_000 },
	],
	later: [
		{ burst: 1, stepMs: 1_000 },
		{ burst: 10, stepMs: 1_430 },
		{ burst: 200, stepMs: 6_000 },
	],
};

/** What may be sent altogether, given how many requests a second Teams allows an app in a tenant. */
export function appLimits(perSecond: number): SendLimits {
	const share = (atOnce: number, lasting: number): SendLimit[] => [
		{ burst: Math.max(1, Math.floor(perSecond * atOnce)), stepMs: Math.ceil(1_000 / (perSecond * lasting)) },
	];
	// Little at once and more in the long run: what waits after a rush is soon told.
	return { all: share(0.12, 0.59), later: share(0.08, 0.2) };
}
