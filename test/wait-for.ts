import { setTimeout as delay } from "node:timers/promises";

const PAUSE_MS = 10;

/**
 * Looks again and again until `fits` says so, for what tells of itself by no event. Rejects after `limitMs`,
 * and says what was waited for and what was seen last.
 */
export async function waitFor<Seen>(
	what: string,
	look: () => Promise<Seen> | Seen,
	fits: (seen: Seen) => boolean,
	limitMs = 30_000,
): Promise<Seen> {
	const end = Date.now() + limitMs;
	for (;;) {
		const seen = await look();
		if (fits(seen)) return seen;
		if (Date.now() > end)
			throw new Error(`waited ${limitMs} ms for ${what}; seen last: ${JSON.stringify(seen)}`);
		await delay(PAUSE_MS);
	}
}
