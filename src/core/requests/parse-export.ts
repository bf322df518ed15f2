import type { Command } from "./command.js";
import { readPeriod } from "./read-period.js";

/** A month, as people mean it. */
const USUAL_HOURS = 30 * 24;

/**
 * What of the audit trail is wanted as a file, from the words behind "export", in any order: a format, and a period
 * or `all`. `undefined` when there is another word.
 */
export function parseExport(rest: string): Command | undefined {
	let format: "csv" | "ndjson" = "csv";
	let hours: number | undefined = USUAL_HOURS;
	let left = rest.toLowerCase();
	const named = /(?:^|\s)(?:as |in )?(csv|ndjson|json)(?=\s|$)/u.exec(left);
	if (named) {
		format = named[1] === "csv" ? "csv" : "ndjson";
		left = left.replace(named[0], " ");
	}
	left = left.trim();
	if (left === "all") hours = undefined;
	else if (left !== "") {
		hours = readPeriod(left);
		if (hours === undefined) return undefined;
	}
	return { kind: "export", format, ...(hours !== undefined && { hours }) };
}
