import type { JobCounts, RecoveryJob } from "../core/job.js";
import type { Pen } from "./pen.js";
import { duration } from "./times.js";
import { escapeText, plainText } from "./user-text.js";
import type { MessageKey, Words } from "./words.js";

/** The words of the Entra admin centre for Graph's states; a state not known here is shown as it is. */
const STATUS_WORDS: ReadonlyMap<string, MessageKey> = new Map([
	["initialized", "status.initialized"],
	["loadingData", "status.loadingData"],
	["calculating", "status.calculating"],
	["running", "status.running"],
	["successful", "status.successful"],
	["failed", "status.failed"],
	["abandoned", "status.abandoned"],
]);

/** Characters of an id that tell jobs apart for people. */
const SHORT_ID = 8;

/** An id as people can compare it at a glance, as plain text; the whole one stands on the job's own card. */
export function shortId(id: string): string {
	return plainText(id, SHORT_ID + 1);
}

export function statusWords(status: string, counts: JobCounts, { say }: Words): string {
	const key = STATUS_WORDS.get(status);
	if (key === undefined) return escapeText(status);
	const warned = status === "successful" && (counts.failedChanges ?? 0) > 0;
	return say(warned ? "status.withWarnings" : key);
}

/** What a job has applied so far. A count that Graph did not report is not zero. */
export function appliedWords(counts: JobCounts, { say }: Words): string {
	const { modifiedLinks: links, changedLinks: ofLinks, failedChanges: failed } = counts;
	return [
		objectsWords(counts, say),
		links === undefined
			? say("counts.linksUnknown")
			: ofLinks === undefined || links > ofLinks
				? say("counts.links", { count: links })
				: say("counts.linksOfTotal", { count: links, total: ofLinks }),
		failed === undefined ? say("counts.failedUnknown") : say("counts.failed", { count: failed }),
	].join(" · ");
}

/** The counts of a running job besides its objects, which stand in its progress. */
export function linksWords({ modifiedLinks: count, changedLinks: total }: JobCounts, { say }: Words): string {
	if (count === undefined) return say("counts.notReported");
	return total === undefined || count > total
		? say("counts.number", { count })
		: say("counts.ofTotal", { count, total });
}

export function failedWords({ failedChanges: count }: JobCounts, { say }: Words): string {
	return count === undefined ? say("counts.notReported") : say("counts.number", { count });
}

/** For example `200 of 1,024 objects (20%)`. */
export function objectsWords(
	{ modifiedObjects: count, changedObjects: total }: JobCounts,
	say: Words["say"],
): string {
	if (count === undefined) return say("counts.objectsUnknown");
	if (total === undefined || total === 0 || count > total) return say("counts.objects", { count });
	const share = count / total;
	// What is not done is never rounded to 100 %.
	return say("counts.objectsOfTotal", { count, total, share: share < 1 ? Math.min(share, 0.99) : 1 });
}

/** What would change by a recovery like this preview. */
export function wouldChangeWords(
	{ changedObjects: objects, changedLinks: links }: JobCounts,
	{ say }: Words,
): string {
	return [
		objects === undefined ? "" : say("counts.objects", { count: objects }),
		links === undefined ? "" : say("counts.links", { count: links }),
	]
		.filter((part) => part !== "")
		.join(" · ");
}

/** How long a job had been running when it was read, in words; nothing where that is not known. */
export function runningFor(job: Pick<RecoveryJob, "startedAt">, readAt: string, { words }: Pen): string {
	return duration(job.startedAt, readAt, words);
}
