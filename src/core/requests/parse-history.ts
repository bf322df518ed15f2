import type { HistoryUnclear } from "../history.js";
import type { Command } from "./command.js";
import { isPeriod, readPeriod } from "./read-period.js";

const LONGEST_NAME = 64;

/**
 * What a history is asked of, from what stands behind the word: nothing, the one job in `ids`, a period such as
 * `7d`, or else a person. `undefined` when it is none of these.
 */
export function parseHistory(rest: string, ids: readonly string[]): Command | undefined {
	const [jobId, ...more] = ids;
	const found = rest.slice(0, LONGEST_NAME).replace(/\p{Surrogate}/gu, "");
	const unclear = (problem: HistoryUnclear): Command => ({ kind: "history-unclear", problem, found });
	if (more.length > 0) return unclear("several-ids");
	if (jobId !== undefined) return { kind: "history", filter: { by: "job", jobId } };
	if (rest === "") return { kind: "history", filter: { by: "all" } };
	if (isPeriod(rest)) {
		const hours = readPeriod(rest);
		return hours === undefined
			? unclear("no-such-period")
			: { kind: "history", filter: { by: "period", hours } };
	}
	// What looks like an id, and is none, is nobody's name.
	if (/^[0-9a-f-]{6,}$/iu.test(rest) && /\d/u.test(rest)) return unclear("not-an-id");
	if (rest.length > LONGEST_NAME || !/\p{L}/u.test(rest)) return undefined;
	return { kind: "history", filter: { by: "person", name: rest } };
}
