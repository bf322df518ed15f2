/** A time of day in a place. */
export interface DigestTime {
	/** Such as `08:00`. */
	readonly time: string;
	/** An IANA time zone, such as `Europe/Oslo`. */
	readonly zone: string;
}

export interface DueDigest {
	readonly at: Date;
	/** The local date that it is for, such as `2026-11-24`. */
	readonly date: string;
}

const DAY_MS = 86_400_000;

/**
 * The next digest after the one for `lastDate`, which may be due already. On the day on which that time of day does
 * not exist (the clocks go forward over it) it comes as much later; when it exists twice, the first time. Digests that
 * were missed altogether are not made up for: only today's is late.
 */
export function nextDigest({ time, zone }: DigestTime, lastDate: string, now: Date): DueDigest {
	const today = localDate(now, zone);
	const date = lastDate < today ? today : shifted(lastDate, DAY_MS);
	return { at: instantOf(date, time, zone), date };
}

/** The date that counts as the last one when a digest is asked for: the first one is never late. */
export function dateBeforeFirst({ time, zone }: DigestTime, now: Date): string {
	const today = localDate(now, zone);
	return instantOf(today, time, zone).getTime() > now.getTime() ? shifted(today, -DAY_MS) : today;
}

/** The name of a time zone as IANA writes it, or `undefined` when there is none such. */
export function zoneNamed(text: string): string | undefined {
	// Offsets know nothing of daylight saving.
	if (!/^[a-z]/iu.test(text)) return undefined;
	try {
		return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
	} catch {
		return undefined;
	}
}

/** The date in a place, such as `2026-11-24`. */
export function localDate(instant: Date, zone: string): string {
	return new Date(instant.getTime() + offsetMs(instant, zone)).toISOString().slice(0, 10);
}

function shifted(date: string, ms: number): string {
	return new Date(Date.parse(`${date}T00:00:00Z`) + ms).toISOString().slice(0, 10);
}

function instantOf(date: string, time: string, zone: string): Date {
	const wall = Date.parse(`${date}T${time}:00Z`);
	const before = offsetMs(new Date(wall - DAY_MS), zone);
	const after = offsetMs(new Date(wall + DAY_MS), zone);
	const fits = (offset: number) => offsetMs(new Date(wall - offset), zone) === offset;
	// Reckoned by the old offset, a time that was skipped comes as much later as the clocks went forward.
	return new Date(wall - (fits(before) || !fits(after) ? before : after));
}

/** How far the clocks of a place are ahead of UTC at a moment, in milliseconds. */
function offsetMs(instant: Date, zone: string): number {
	const parts = new Intl.DateTimeFormat("en", {
		timeZone: zone,
		hourCycle: "h23",
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
	}).formatToParts(instant);
	const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((p) => p.type === type)?.value);
	const wall = Date.UTC(
		part("year"),
		part("month") - 1,
		part("day"),
		part("hour"),
		part("minute"),
		part("second"),
	);
	return wall - Math.floor(instant.getTime() / 1_000) * 1_000;
}
