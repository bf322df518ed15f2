import { monotonicMs } from "./ledger.js";

/** How the cloud lets jobs end, and whether it keeps the times of polls. */
export interface JobRules {
	/**
	 * The poll that finds a cancelled job `abandoned`, the first being 1. `never` keeps jobs running until the
	 * cloud is told to end them.
	 */
	readonly endsAtPoll: number | "never";
	/** A job that keeps running all the same. */
	readonly except?: string;
}

interface Job {
	readonly id: string;
	readonly startedAt: string;
	cancelled: boolean;
	polls: number;
	endedAt?: string;
	/** When it was last polled, in milliseconds of the monotonic clock. */
	polledAt?: number;
}

/** A poll of a followed job: when it came, and how long after the one before. */
export interface Poll {
	readonly jobId: string;
	readonly at: number;
	readonly before?: number;
}

/** Recovery jobs that exist as soon as somebody asks for them, so that thousands cost nothing to set up. */
export class Jobs {
	#jobs = new Map<string, Job>();
	#polls: Poll[] = [];
	rules: JobRules = { endsAtPoll: 1 };

	/** Whether the job has been asked to stop. */
	isFollowed(id: string): boolean {
		return this.#jobs.get(id)?.cancelled ?? false;
	}

	cancel(id: string): void {
		this.#job(id).cancelled = true;
	}

	/** Makes jobs that were cancelled long ago and still run. */
	follow(ids: readonly string[]): void {
		for (const id of ids) this.cancel(id);
	}

	/** Ends jobs: whoever reads them next finds them `abandoned`. */
	end(ids: readonly string[]): void {
		for (const id of ids) this.#job(id).endedAt = new Date().toISOString();
	}

	/** Forgets all jobs and polls. */
	clear(): void {
		this.#jobs = new Map();
		this.#polls = [];
	}

	/** The polls since the last call. */
	takePolls(): readonly Poll[] {
		const polls = this.#polls;
		this.#polls = [];
		return polls;
	}

	/** The job as Graph shows it; a read of a cancelled job is a poll. */
	read(id: string): object {
		const job = this.#job(id);
		if (job.cancelled) this.#poll(job);
		const status = job.endedAt === undefined ? "running" : "abandoned";
		return {
			"@odata.type": "#microsoft.graph.entraRecoveryServices.recoveryJob",
			id,
			status,
			targetStateDateTime: job.startedAt,
			jobStartDateTime: job.startedAt,
			jobCompletionDateTime: job.endedAt ?? null,
			filteringCriteria: null,
			totalChangedObjectsCalculated: 1_024,
			totalChangedLinksCalculated: 124,
			totalObjectsModified: 512,
			totalLinksModified: 20,
			totalFailedChanges: job.endedAt === undefined ? null : 0,
		};
	}

	ids(): readonly string[] {
		return [...this.#jobs.keys()];
	}

	#job(id: string): Job {
		const known = this.#jobs.get(id);
		if (known) return known;
		const job: Job = { id, startedAt: new Date().toISOString(), cancelled: false, polls: 0 };
		this.#jobs.set(id, job);
		return job;
	}

	#poll(job: Job): void {
		const at = monotonicMs();
		const { polledAt } = job;
		this.#polls.push({ jobId: job.id, at, ...(polledAt === undefined ? {} : { before: polledAt }) });
		job.polledAt = at;
		job.polls++;
		const { endsAtPoll, except } = this.rules;
		if (job.id !== except && endsAtPoll !== "never" && job.polls >= endsAtPoll)
			job.endedAt ??= new Date().toISOString();
	}
}
