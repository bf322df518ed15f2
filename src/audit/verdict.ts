import type { BrokenLink, ChainReport, Link } from "./chain.js";

/** Why an event does not fit, in words for whoever runs the bot. */
const WHY: Readonly<Record<BrokenLink["why"], string>> = {
	missing: "it is not there, although later ones are",
	"out-of-order": "another event stands in its place",
	"not-joined": "it does not follow the event before it: one of the two was put in or replaced",
	changed: "it is not as it was recorded: its line or its hash was changed",
	beside: "what stands beside its line, for reading and searching, says something else than the line",
	head: "the end of the trail is not where the database remembers it: events were cut off or the memory was changed",
};

/**
 * What a check has shown, and what it cannot show, line by line. `noted` is the hash that was known from
 * elsewhere.
 */
export function verdict(
	{ count, first, last, broken, notedSeq }: ChainReport,
	of: "database" | "export",
	noted?: string,
): { readonly whole: boolean; readonly lines: readonly string[] } {
	if (broken) {
		const before = last ? ` ${span(first, last)} before it ${count === 1 ? "is" : "are"} whole.` : "";
		return { whole: false, lines: [`Broken at event ${broken.seq}: ${WHY[broken.why]}.${before}`] };
	}
	if (!first || !last) return empty(of, noted);
	const head = noted === undefined ? [] : [headLine(noted, notedSeq, last, of)];
	const whole = noted === undefined || notedSeq !== undefined;
	const lines = [`Whole: ${span(first, last)}, ${count} in all, follow each other as they were recorded.`];
	if (of === "export" && first.seq > 1)
		lines.push(
			`The export begins in the middle of the trail: it shows nothing of what was before. An export that ends with event ${first.seq - 1} joins it if its last hash is ${first.previousHash}.`,
		);
	if (of === "export") lines.push("It cannot show whether events followed.");
	if (noted === undefined)
		lines.push(
			"Whoever can write to the database can also write the whole trail anew, with hashes that fit. Only a hash that was kept elsewhere shows that: give it with --head.",
		);
	lines.push(...head, `The last hash, to be kept elsewhere: ${last.hash}`);
	return { whole, lines };
}

function empty(of: "database" | "export", noted: string | undefined) {
	if (of === "export") return { whole: false, lines: ["The export holds no events, so nothing is shown."] };
	return noted === undefined
		? { whole: true, lines: ["The trail is empty, and is said to be."] }
		: { whole: false, lines: [`The trail is empty: no event has the hash ${noted}.`] };
}

function headLine(noted: string, seq: number | undefined, last: Link, of: "database" | "export"): string {
	if (seq === undefined)
		return of === "database"
			? `No event has the hash ${noted}: the trail was written anew or cut off since that hash was noted, or the hash belongs to another database.`
			: `No event in the export has the hash ${noted}: it was noted before the first or after the last of them, or the trail was written anew since.`;
	const end = seq === last.seq ? ", and it is the last one" : "";
	return `The noted hash is that of event ${seq}${end}: up to there, this is the trail that it was noted from.`;
}

function span(first: Link | undefined, last: Link): string {
	return first === undefined || first.seq === last.seq
		? `event ${last.seq}`
		: `events ${first.seq} to ${last.seq}`;
}
