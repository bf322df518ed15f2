import { zoneNamed } from "../on-call/digest-time.js";
import { readFilters } from "../on-call/filters.js";
import type { OnCallCommand } from "./command.js";

/** A summary reaches back so far if nobody says how far, and at most as far as Graph remembers; in hours. */
const SHIFT_HOURS = 12;
const LONGEST_HOURS = 7 * 24;
const TIME = /^(?:([01]?\d|2[0-3])[:.]([0-5]\d))\b/u;

type Misunderstood = Extract<OnCallCommand, { kind: "misunderstood" }>;

/**
 * What somebody on call asked for, or `undefined` when it is something else. A setting is changed only when every
 * word was understood; anything else is asked about.
 */
export function parseOnCall(said: string): OnCallCommand | undefined {
	const [, verb = "", rest = ""] =
		/^(alerts?|escalations?|handover|hand over|digest)(?:\s+(.*))?$/iu.exec(said) ?? [];
	const [first = ""] = rest.toLowerCase().split(/\s+/u, 1);
	switch (verb.toLowerCase().replace(/s$/u, "")) {
		case "alert":
			return parseAlerts(first, rest);
		case "escalation":
			if (rest.toLowerCase() === "here" || rest.toLowerCase() === "on")
				return { kind: "escalations", here: true };
			if (rest.toLowerCase() === "off") return { kind: "escalations", here: false };
			return misunderstood("escalations", "not-here-or-off", rest);
		case "handover":
		case "hand over":
			return parseHandover(rest);
		case "digest":
			return parseDigest(first, rest);
		default:
			return undefined;
	}
}

function parseAlerts(first: string, rest: string): OnCallCommand {
	if (rest === "") return { kind: "alerts" };
	if (rest.toLowerCase() === "off") return { kind: "alerts-off" };
	if (first !== "on") return misunderstood("alerts", "not-a-filter", rest);
	const read = readFilters(rest.slice(first.length));
	return read.kind === "filters"
		? { kind: "alerts-on", filters: read.filters }
		: misunderstood("alerts", "not-a-filter", read.found);
}

function parseHandover(rest: string): OnCallCommand {
	if (rest === "") return { kind: "handover", hours: SHIFT_HOURS };
	const hours = Number(/^(\d{1,3}) ?(?:h|hrs?|hours?)$/iu.exec(rest)?.[1]);
	return hours >= 1 && hours <= LONGEST_HOURS
		? { kind: "handover", hours }
		: misunderstood("handover", "not-hours", rest);
}

function parseDigest(first: string, rest: string): OnCallCommand {
	if (rest.toLowerCase() === "off") return { kind: "digest-off" };
	const when =
		first === "daily"
			? rest
					.slice(first.length)
					.trim()
					.replace(/^at\s+/iu, "")
			: rest;
	const [written, hour = "", minute = ""] = TIME.exec(when) ?? [];
	if (written === undefined) return misunderstood("digest", "not-a-time", rest);
	const place = when
		.slice(written.length)
		.trim()
		.replace(/^in\s+/iu, "");
	const zone = zoneNamed(place);
	if (zone === undefined) return misunderstood("digest", "not-a-zone", place);
	return { kind: "digest-on", time: `${hour.padStart(2, "0")}:${minute}`, zone };
}

function misunderstood(verb: Misunderstood["verb"], problem: Misunderstood["problem"], found: string) {
	return { kind: "misunderstood", verb, problem, ...(found === "" ? {} : { found }) } as const;
}
