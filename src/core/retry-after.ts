/** No wait longer than this is believed, in milliseconds. */
const LONGEST_WAIT_MS = 60 * 60 * 1000;
const SECONDS = /^\d+(\.\d+)?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds, at most one hour. Graph sends whole
 * or fractional seconds (https://learn.microsoft.com/graph/throttling), Teams whole ones; a proxy may send an
 * HTTP date. Anything else is no answer.
 */
export function parseRetryAfter(value: unknown, now: Date): number | undefined {
	const text = typeof value === "string" ? value.trim() : "";
	if (SECONDS.test(text)) return capped(Number(text) * 1000);
	if (HTTP_DATE.test(text)) return capped(Date.parse(text) - now.getTime());
	return undefined;
}

function capped(ms: number): number | undefined {
	if (Number.isNaN(ms)) return undefined;
	// Rounded to the microsecond first, or floating point would turn 1001 ms into 1002.
	return Math.min(Math.max(0, Math.ceil(Number(ms.toFixed(3)))), LONGEST_WAIT_MS);
}
