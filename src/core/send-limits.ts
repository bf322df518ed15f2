/**
 * A limit as a line that moves on: so many messages may leave at once, and then one in each step. In any window of
 * time no more than `burst + ceil(window / stepMs) - 1` do.
 */
export interface SendLimit {
	readonly burst: number;
	/** In milliseconds. */
	readonly stepMs: number;
}

/** `first`: what somebody waits for, or must hear of. `later`: what may come a minute later when much happens. */
export type Rank = "first" | "later";

/**
 * What may be sent to one conversation, the threads of a channel together. Teams allows 7 messages in a second, 8 in
 * two, 60 in 30 seconds and 1,800 in an hour; what may wait has a share of its own, so that it never takes the way
 * from an escalation or an outcome. Whether updates count is not documented: here they do.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export const CONVERSATION_LIMITS: Readonly<Record<Rank, readonly SendLimit[]>> = {
	first: [
		{ burst: 5, stepMs: 1_500 },
		{ burst: 15, stepMs: 2_000 },
		{ burst: 400, stepMs: 9_000 },
	],
	later: [
		{ burst: 1, stepMs: 1_000 },
		{ burst: 10, stepMs: 1_430 },
		{ burst: 400, stepMs: 6_000 },
	],
};

/** What may be sent altogether, given how many requests a second Teams allows an app in a tenant. */
export function appLimits(perSecond: number): Readonly<Record<Rank, readonly SendLimit[]>> {
	const share = (part: number): SendLimit[] => {
		const burst = Math.max(1, Math.floor(perSecond * part));
		return [{ burst, stepMs: Math.ceil(1_000 / burst) }];
	};
	return { first: share(0.4), later: share(0.1) };
}
