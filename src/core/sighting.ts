import type { Sighting } from "./cancellation.js";
import type { JobCounts, RecoveryJob } from "./job.js";

const COUNTS: readonly (keyof JobCounts)[] = [
	"changedObjects",
	"changedLinks",
	"modifiedObjects",
	"modifiedLinks",
	"failedChanges",
];

/** What was seen of a job, and when. */
export function sighting(job: RecoveryJob, at: string): Sighting {
	return {
		at,
		status: job.status,
		counts: job.counts,
		...(job.startedAt === undefined ? {} : { startedAt: job.startedAt }),
		...(job.endedAt === undefined ? {} : { endedAt: job.endedAt }),
		...(job.targetStateAt === undefined ? {} : { targetStateAt: job.targetStateAt }),
	};
}

/** Whether the second sighting shows anything that the first did not. */
export function changed(before: Sighting | undefined, after: Sighting | undefined): boolean {
	return (
		before?.status !== after?.status || COUNTS.some((count) => before?.counts[count] !== after?.counts[count])
	);
}
