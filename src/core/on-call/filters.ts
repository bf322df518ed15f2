import type { JobKind } from "../job.js";

/** What a subscription wants to hear of; a job must pass every filter that is set. */
export interface Filters {
	/** Only jobs of these kinds. A job whose kind Graph does not say passes: rather one alert too many. */
	readonly kinds?: readonly Exclude<JobKind, "unknown">[];
	/** Only jobs that have run so long, in milliseconds; the start is told when that time has passed. */
	readonly longerThanMs?: number;
	/** Only jobs that failed. */
	readonly failedOnly?: true;
}

export type ReadFilters =
	| { readonly kind: "filters"; readonly filters: Filters }
	/** What is no filter, in the words that were typed. */
	| { readonly kind: "not-a-filter"; readonly found: string };

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Graph forgets a job after a week, so nobody can wait for longer. */
const LONGEST_MS = 7 * UNIT_MS.d;
const SEPARATOR = /^(?:[\s,;+&]|and\b|only\b|jobs?\b)+/iu;
const FAILED = /^(?:failed|failures?)\b/iu;
const KIND = /^(?:(recovery|recoveries)|(previews?))\b/iu;
const LONGER =
	/^(?:running |taking )?(?:longer|more) than (\d{1,4}(?:\.\d{1,2})?) ?(m(?:in(?:utes?)?)?|h(?:ours?|rs?)?|d(?:ays?)?)\b/iu;

/**
 * Reads `recovery`, `preview`, `failed` and `longer than 2h`, in any order. Anything else spoils all of it: a
 * filter that was not understood must not turn into alerts that do not come.
 */
export function readFilters(text: string): ReadFilters {
	const kinds = new Set<Exclude<JobKind, "unknown">>();
	let filters: Filters = {};
	let rest = text.trim();
	for (;;) {
		rest = rest.replace(SEPARATOR, "");
		if (rest === "") break;
		const kind = KIND.exec(rest);
		const longer = LONGER.exec(rest);
		const failed = FAILED.exec(rest);
		const ms = longer && lengthMs(longer[1], longer[2]);
		if (kind) kinds.add(kind[1] === undefined ? "preview" : "recovery");
		else if (ms) filters = { ...filters, longerThanMs: ms };
		else if (failed) filters = { ...filters, failedOnly: true };
		else return { kind: "not-a-filter", found: rest };
		rest = rest.slice((kind ?? longer ?? failed)?.[0].length);
	}
	// Both kinds are all jobs.
	return { kind: "filters", filters: kinds.size === 1 ? { kinds: [...kinds], ...filters } : filters };
}

/** Zero counts as none where it is read: it would filter nothing. */
function lengthMs(amount = "", unit = ""): number | undefined {
	const ms = Number(amount) * UNIT_MS[unit.charAt(0).toLowerCase() as keyof typeof UNIT_MS];
	return ms <= LONGEST_MS ? ms : undefined;
}

/** Whether jobs of this kind are wanted. */
export function wantsKind({ kinds }: Filters, kind: JobKind): boolean {
	return kinds === undefined || kind === "unknown" || kinds.includes(kind);
}
