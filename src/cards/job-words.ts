import { type JobCounts, type JobKind, jobEnd, type RecoveryJob } from "../core/job.js";
import { type Fact, facts } from "./face.js";
import { duration, moment } from "./times.js";
import { escapeText } from "./user-text.js";

/** The words of the Entra admin centre for Graph's states; a state not known here is shown as it is. */
const PORTAL_WORDS: ReadonlyMap<string, string> = new Map([
	["initialized", "Starting"],
	["loadingData", "Loading data"],
	["calculating", "In progress"],
	["running", "In progress"],
	["successful", "Completed"],
	["failed", "Failed"],
	["abandoned", "Abandoned"],
]);

export function kindWords(kind: JobKind): string {
	return kind === "unknown" ? "job" : `${kind} job`;
}

/** For example `In progress (running)`. */
export function statusWords(status: string, counts: JobCounts = {}): string {
	const word = PORTAL_WORDS.get(status);
	const warned = status === "successful" && (counts.failedChanges ?? 0) > 0 ? " with warnings" : "";
	if (word === undefined) return escapeText(status);
	return word.toLowerCase() === status ? word : `${word}${warned} (${status})`;
}

export function jobFacts(job: RecoveryJob): Fact[] {
	return facts(
		["Job", escapeText(job.id)],
		["Started", moment(job.startedAt)],
		["Ended", moment(job.endedAt)],
		["Took", jobEnd(job) && job.startedAt && job.endedAt ? duration(job.startedAt, job.endedAt) : ""],
		["Target state", moment(job.targetStateAt)],
		["To change", pair(job.counts.changedObjects, job.counts.changedLinks)],
		...(job.kind === "preview" ? [] : appliedRows(job.counts)),
	);
}

/** What a job has applied. A count that Graph did not report is not zero. */
export function appliedRows(counts: JobCounts): (readonly [string, string])[] {
	const shown = (count: number | undefined) =>
		count === undefined ? "not reported" : count.toLocaleString("en");
	return [
		["Objects modified", shown(counts.modifiedObjects)],
		["Links modified", shown(counts.modifiedLinks)],
		["Changes failed", shown(counts.failedChanges)],
	];
}

function pair(objects: number | undefined, links: number | undefined): string {
	const parts = [
		objects === undefined ? undefined : `${objects.toLocaleString("en")} objects`,
		links === undefined ? undefined : `${links.toLocaleString("en")} links`,
	];
	return parts.filter((part) => part !== undefined).join(", ");
}

export function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
