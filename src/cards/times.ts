import type { Pen } from "./pen.js";
import type { Words } from "./words.js";

/** A moment nearer than this, in milliseconds, is today for whoever reads the card, and needs no date. */
const TODAY_MS = 12 * 60 * 60 * 1000;

/** A moment for a card, shown by the client in the reader's own time zone; nothing when it is no date. */
export function moment(iso: string | undefined, { now }: Pick<Pen, "now">): string {
	const instant = time(iso);
	if (Number.isNaN(instant)) return "";
	// The functions take no fractions of seconds.
	const stamp = new Date(instant).toISOString().replace(/\.\d+/u, "");
	const today = Math.abs(now.getTime() - instant) < TODAY_MS;
	return today ? `{{TIME(${stamp})}}` : `{{DATE(${stamp},SHORT)}} {{TIME(${stamp})}}`;
}

/** Puts moments into words for plain text, where no client fills them in. */
export function momentsInWords(text: string, words: Pick<Words, "utc">): string {
	const stamp = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)`;
	return text
		.replace(
			new RegExp(String.raw`\{\{DATE\(${stamp},SHORT\)\}\} \{\{TIME\(\1\)\}\}`, "gu"),
			(_, iso: string) => words.utc(new Date(iso), "date and time"),
		)
		.replace(new RegExp(String.raw`\{\{TIME\(${stamp}\)\}\}`, "gu"), (_, iso: string) =>
			words.utc(new Date(iso), "time"),
		);
}

/** How long it was from one moment to another, in words; nothing where one of them is no date. */
export function duration(fromIso: string | undefined, toIso: string | undefined, words: Words): string {
	const ms = time(toIso) - time(fromIso);
	return Number.isNaN(ms) ? "" : words.duration(ms);
}

function time(iso: string | undefined): number {
	return iso === undefined ? Number.NaN : Date.parse(iso);
}
