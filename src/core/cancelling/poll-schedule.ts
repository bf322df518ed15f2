/** How quickly the bot asks again, in milliseconds. */
export interface PollLimits {
	/** First and quickest poll (`WATCH_POLL_MIN_MS`). */
	readonly minMs: number;
	/** Slowest poll (`WATCH_POLL_MAX_MS`). */
	readonly maxMs: number;
}

/** How much slower each poll is than the one before. */
const GROWTH = 1.5;

/**
 * Milliseconds until poll number `seq` (0 is the first). Grows from `minMs` to `maxMs`; a wait that
 * Graph asked for (`Retry-After`) wins over both when it is longer.
 */
export function pollDelayMs(seq: number, limits: PollLimits, retryAfterMs?: number): number {
	const grown = Math.min(limits.minMs * GROWTH ** Math.min(seq, 64), Math.max(limits.minMs, limits.maxMs));
	return Math.ceil(Math.max(grown, retryAfterMs ?? 0));
}
