/**
 * A recovery or preview job as Graph last showed it.
 *
 * Every count is optional: a count that Graph did not send is unknown, which is not the same as zero.
 * Times are ISO 8601 strings in UTC.
 */
export interface RecoveryJob {
	readonly id: string;
	readonly kind: JobKind;
	/** Graph's `recoveryStatus`, kept verbatim: new members may appear at any time. */
	readonly status: string;
	readonly startedAt?: string;
	readonly endedAt?: string;
	/** The moment in the past to which the tenant is being recovered. */
	readonly targetStateAt?: string;
	readonly counts: JobCounts;
}

export type JobKind = "recovery" | "preview" | "unknown";

export interface JobCounts {
	readonly changedObjects?: number;
	readonly changedLinks?: number;
	readonly modifiedObjects?: number;
	readonly modifiedLinks?: number;
	readonly failedChanges?: number;
}

const COUNTS: readonly (keyof JobCounts)[] = [
	"changedObjects",
	"changedLinks",
	"modifiedObjects",
	"modifiedLinks",
	"failedChanges",
];

/** Whether two reads of a job gave the same numbers; one that neither gave is the same. */
export function hasSameCounts(one: JobCounts, other: JobCounts): boolean {
	return COUNTS.every((count) => one[count] === other[count]);
}

/** How a job ended. Anything else that Graph says means the job still runs. */
export type JobEnd = "successful" | "failed" | "abandoned";

/**
 * How the job ended, or `undefined` while it runs. A status this version does not know counts as
 * running: claiming an end that was not seen is the worse mistake.
 */
export function jobEnd(job: Pick<RecoveryJob, "status">): JobEnd | undefined {
	switch (job.status) {
		case "successful":
		case "failed":
		case "abandoned":
			return job.status;
		default:
			return undefined;
	}
}
