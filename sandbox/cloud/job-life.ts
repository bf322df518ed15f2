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
	/** It never leaves its first phase. */
	readonly stalls?: true;
}

export interface Job extends JobPlan {
	cancelledAt?: Date;
	/** Somebody had it end before its time. */
	ended?: { readonly at: Date; readonly as: "successful" | "failed" };
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
	const cutAge = job.ended ? job.ended.at.getTime() - job.startedAt.getTime() : Number.POSITIVE_INFINITY;
	const lastAge = Math.min(endAge, cutAge);
	const stopped = stopAge !== undefined && stopAge <= lastAge && age >= stopAge;
	const end = stopped ? stopAge : age >= lastAge ? lastAge : undefined;
	const endsAs = job.ended && cutAge <= endAge ? job.ended.as : (job.endsAs ?? "successful");
	const workBegan = PHASES.length * phaseMs;
	const work = Number.isFinite(endAge) ? endAge - workBegan : WORK_MS;
	const share = work > 0 ? Math.min(1, Math.max(0, (end ?? age) - workBegan) / work) : 1;
	const done = job.stalls ? 0 : share;
	if (end !== undefined)
		return {
			status: stopped ? "abandoned" : endsAs,
			endedAt: new Date(job.startedAt.getTime() + end),
			done: !stopped && endsAs === "successful" ? 1 : done,
		};
	if (job.stalls) return { status: PHASES[0], done };
	const phase = phaseMs > 0 ? PHASES[Math.floor(age / phaseMs)] : undefined;
	return { status: phase ?? "running", done };
}
