/** A moment for a card, shown by the client in the reader's own time zone; nothing when it is no date. */
export function moment(iso: string | undefined): string {
	const instant = iso === undefined ? Number.NaN : Date.parse(iso);
	if (Number.isNaN(instant)) return "";
	// The functions take no fractions of seconds.
	const stamp = new Date(instant).toISOString().replace(/\.\d+/u, "");
	return `{{DATE(${stamp},SHORT)}} {{TIME(${stamp})}}`;
}

/** Words and a moment, such as `ended …`; nothing at all when there is no moment to name. */
export function momentAfter(words: string, iso: string | undefined): string {
	const shown = moment(iso);
	return shown === "" ? "" : `${words} ${shown}`;
}

/** Puts moments into words for plain text, where no client fills them in. */
export function momentsInWords(text: string): string {
	return text.replace(
		/\{\{DATE\((\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ,SHORT\)\}\} \{\{TIME\([^)]*\)\}\}/gu,
		"$1 $2 UTC",
	);
}

const UNITS = [
	[86_400, "d"],
	[3_600, "h"],
	[60, "min"],
	[1, "s"],
] as const;

/** The time between two moments in its two largest units, such as `4 min 10 s`. */
export function duration(fromIso: string, toIso: string): string {
	let seconds = Math.max(0, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 1_000));
	if (seconds === 0) return "less than 1 s";
	const parts: string[] = [];
	for (const [size, unit] of UNITS) {
		const count = Math.floor(seconds / size);
		seconds -= count * size;
		if (count > 0) parts.push(`${count} ${unit}`);
		else if (parts.length > 0) break;
		if (parts.length === 2) break;
	}
	return parts.join(" ");
}
