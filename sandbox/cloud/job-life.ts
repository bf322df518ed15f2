/** How a job of the local Graph lives: phases by the clock, and what a cancel does to it. */
export interface JobPlan {
	readonly id: string;
	readonly kind: "recovery" | "preview";
	readonly startedAt: Date;
	/** Milliseconds that each phase before `running` takes. */
	readonly phaseMs?: number;
	/** Milliseconds from the start until it ends by itself; absent means never. */
	readonly endsAfterMs?: number;
	readonly endsAs?: "successful" | "failed";
	/** Milliseconds between an accepted cancel and `abandoned`. */
	readonly stopLagMs?: number;
}

export interface Job extends JobPlan {
	cancelledAt?: Date;
}

export interface JobState {
	readonly status: string;
	readonly endedAt?: Date;
	/** Progress of a recovery, growing while it runs. */
	readonly modified: number;
}

const PHASES = ["initialized", "loadingData", "calculating"] as const;
const DEFAULT_STOP_LAG_MS = 4_000;
const MODIFIED_PER_SECOND = 12;

/** Where the job stands at this moment. */
export function jobState(job: Job, now: Date): JobState {
	const age = Math.max(0, now.getTime() - job.startedAt.getTime());
	const phaseMs = job.phaseMs ?? 0;
	const stopAge =
		job.cancelledAt &&
		job.cancelledAt.getTime() - job.startedAt.getTime() + (job.stopLagMs ?? DEFAULT_STOP_LAG_MS);
	const endAge = job.endsAfterMs ?? Number.POSITIVE_INFINITY;
	const stopped = stopAge !== undefined && stopAge <= endAge && age >= stopAge;
	const end = stopped ? stopAge : age >= endAge ? endAge : undefined;
	const ranFor = Math.max(0, (end ?? age) - PHASES.length * phaseMs);
	const modified = Math.floor((ranFor / 1_000) * MODIFIED_PER_SECOND);
	if (end !== undefined)
		return {
			status: stopped ? "abandoned" : (job.endsAs ?? "successful"),
			endedAt: new Date(job.startedAt.getTime() + end),
			modified,
		};
	const phase = phaseMs > 0 ? PHASES[Math.floor(age / phaseMs)] : undefined;
	return { status: phase ?? "running", modified };
}
