import type { RecoveryJob } from "../job.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** However little there is to do, Microsoft says to allow an hour. */
const LEAST_MS = HOUR_MS;
const MOST_CHANGES = 500_000;

/** In the order in which a job goes through them. */
const PHASES = ["initialized", "loadingData", "calculating", "running"];

/** Whether a job that goes on leaves the one phase before it is in the other; nothing is known of other phases. */
export function isEarlierPhase(one: string, other: string): boolean {
	const [first, second] = [PHASES.indexOf(one), PHASES.indexOf(other)];
	return first !== -1 && first < second;
}

/**
 * How long a job may stay in its present phase before it counts as stuck, in milliseconds; `undefined` for a
 * phase that nothing is known about. Microsoft names: up to 2.5 hours to load data, about 45 minutes for 100,000
 * changes to be calculated, up to 30 hours for 500,000 to be applied. While the number of changes is not known,
 * the most is allowed for.
 * https://learn.microsoft.com/entra/backup/backup-difference-report-recovery-model
 */
export function phaseLimitMs(job: Pick<RecoveryJob, "status" | "kind" | "counts">): number | undefined {
	switch (job.status) {
		case "initialized":
			return LEAST_MS;
		case "loadingData":
			return 2.5 * HOUR_MS;
		case "calculating":
			return calculatingMs(job);
		case "running":
			return job.kind === "preview" ? calculatingMs(job) : applyingMs(job);
		default:
			return undefined;
	}
}

function calculatingMs(job: Pick<RecoveryJob, "counts">): number {
	return Math.max(LEAST_MS, Math.ceil(changes(job) / 100_000) * 45 * MINUTE_MS);
}

function applyingMs(job: Pick<RecoveryJob, "counts">): number {
	return Math.max(LEAST_MS, (changes(job) / MOST_CHANGES) * 30 * HOUR_MS);
}

/** Zero may be "not calculated yet": Graph has been seen sending it while calculating. */
function changes({ counts }: Pick<RecoveryJob, "counts">): number {
	return (counts.changedObjects ?? 0) + (counts.changedLinks ?? 0) || MOST_CHANGES;
}
