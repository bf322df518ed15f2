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
	/** Graph shows the job no more once it accepted a cancel. */
	readonly forgottenWhenCancelled?: true;
}

export interface Job extends JobPlan {
	cancelledAt?: Date;
}

export interface JobState {
	readonly status: string;
	readonly endedAt?: Date;
	/** The share of its work that is done, from 0 to 1, growing while it runs. */
	readonly done: number;
}

const PHASES = ["initialized", "loadingData", "calculating"] as const;
const DEFAULT_STOP_LAG_MS = 4_000;
/** What the work would take where a job has no end of its own. */
const WORK_MS = 3_600_000;

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
	const workBegan = PHASES.length * phaseMs;
	const work = Number.isFinite(endAge) ? endAge - workBegan : WORK_MS;
	const done = work > 0 ? Math.min(1, Math.max(0, (end ?? age) - workBegan) / work) : 1;
	if (end !== undefined)
		return {
			status: stopped ? "abandoned" : (job.endsAs ?? "successful"),
			endedAt: new Date(job.startedAt.getTime() + end),
			done,
		};
	const phase = phaseMs > 0 ? PHASES[Math.floor(age / phaseMs)] : undefined;
	return { status: phase ?? "running", done };
}
