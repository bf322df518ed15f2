const HOURS = { h: 1, d: 24, w: 7 * 24 } as const;
/** Ten years; nothing is older. */
const MOST_HOURS = 10 * 366 * 24;
const PERIOD = /^(?:(?:the )?(?:last|past) )?(\d{1,5}) ?([hdw])(?:ours?|ays?|eeks?)?$/iu;

/** Whether a text is meant as a period, such as `7d` or `last 3 days`. */
export function isPeriod(text: string): boolean {
	return PERIOD.test(text);
}

/** The hours of a period; `undefined` when it is none, empty, or longer than ten years. */
export function readPeriod(text: string): number | undefined {
	const [, count, unit] = PERIOD.exec(text) ?? [];
	const hours = Number(count) * HOURS[unit?.toLowerCase() as keyof typeof HOURS];
	return hours > 0 && hours <= MOST_HOURS ? hours : undefined;
}
