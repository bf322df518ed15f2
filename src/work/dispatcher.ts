import { setTimeout as pause } from "node:timers/promises";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { nextDueMs } from "./next-due.js";
import { HEARTBEAT_SECONDS, QUEUES, type QueueName } from "./queues.js";

/** How a queue is worked off in one process. */
export interface Pace {
	/** So many tasks at the same time; they mostly wait for the network. */
	readonly slots: number;
	/** The least time between two fetches, in milliseconds: what becomes due meanwhile is fetched together. */
	readonly restMs: number;
}

/** Does one task; `failures` tells how often that has failed. */
export type Handler<Data> = (data: Data, attempt: { readonly failures: number }) => Promise<void>;

export interface DispatcherDeps<Data> {
	readonly boss: PgBoss;
	readonly handle: Handler<Data>;
	/** Hears of work that failed and will be tried again. */
	readonly failed: (error: unknown, job: { readonly data: Data; readonly failures: number }) => void;
	/** Hears what goes wrong with the queue itself: mostly that the database is away. */
	readonly suspect: (error: unknown) => void;
}

/** Node's timers may fire a millisecond early, and the database rounds. */
const LATE_MS = 2;
/** A task put off for longer, in milliseconds, has no timer of its own: it is seen when somebody looks. */
const LONGEST_TIMER_MS = 60 * 60 * 1000;
/**
 * Tasks that are done are told to the database together after so long, in milliseconds: by then their work is in
 * the database, and doing one again would find nothing to do.
 */
const SETTLE_MS = 100;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Works off one queue: claims as many tasks as there are free slots, and sleeps until it is woken. `wake` tells
 * of a task that was put in (now, or due in a while); `look` calls for what nobody told of (left by a process that
 * died, put off by another one). It looks by itself at its start, after a failure, and when what it saw falls due.
 * One loop fetches, so that a wake is never lost between fetching and sleeping; a task that is claimed is kept alive by
 * its heartbeat until it is settled.
 */
export class Dispatcher<Data extends object> {
	readonly #name: QueueName;
	readonly #pace: Pace;
	readonly #deps: DispatcherDeps<Data>;
	/** One task of a key at a time: the next one becomes free, unannounced, when it is settled. */
	readonly #keyed: boolean;
	readonly #held = new Map<string, JobWithMetadata<Data>>();
	readonly #running = new Set<Promise<void>>();
	/** Done, but claimed still as far as the database knows. */
	readonly #done: JobWithMetadata<Data>[] = [];
	#settleTimer: NodeJS.Timeout | undefined;
	#settling: Promise<void> = Promise.resolve();
	readonly #timers = new Set<NodeJS.Timeout>();
	#wakes = 0;
	#wanted = true;
	#looking = true;
	#lookTimer: NodeJS.Timeout | undefined;
	#heartbeat: NodeJS.Timeout | undefined;
	#stopping = false;
	#rouse = () => {};
	readonly #loop: Promise<void>;

	constructor(name: QueueName, pace: Pace, deps: DispatcherDeps<Data>) {
		this.#name = name;
		this.#pace = pace;
		this.#deps = deps;
		this.#keyed = QUEUES[name].policy === "stately";
		this.#loop = this.#run();
	}

	/** There is a task, or will be in so many milliseconds. */
	wake(afterMs = 0): void {
		if (this.#stopping || afterMs > LONGEST_TIMER_MS) return;
		if (afterMs > 0) {
			const timer = setTimeout(() => {
				this.#timers.delete(timer);
				this.wake();
			}, afterMs + LATE_MS);
			this.#timers.add(timer);
			return;
		}
		this.#wakes++;
		this.#wanted = true;
		this.#rouse();
	}

	/** There may be tasks that nobody told of, due now or later. */
	look(): void {
		this.#looking = true;
		this.wake();
	}

	/**
	 * Claims nothing more, and waits for what is claimed; what has not ended after `graceMs` is handed back, to be
	 * done by whoever runs next.
	 */
	async stop(graceMs: number): Promise<void> {
		this.#stopping = true;
		this.#rouse();
		clearTimeout(this.#lookTimer);
		for (const timer of this.#timers) clearTimeout(timer);
		await this.#loop;
		const patience = new AbortController();
		await Promise.race([
			Promise.all(this.#running),
			pause(graceMs, undefined, { signal: patience.signal }).catch(() => {}),
		]);
		patience.abort();
		clearInterval(this.#heartbeat);
		await this.#settleDone();
		for (const job of this.#held.values())
			await this.#deps.boss.fail(this.#name, job, { reason: "the process was stopped" });
	}

	async #run(): Promise<void> {
		let failures = 0;
		while (!this.#stopping) {
			const free = this.#pace.slots - this.#held.size;
			if (!this.#wanted || free <= 0) {
				await new Promise<void>((resolve) => {
					this.#rouse = resolve;
				});
				continue;
			}
			// Before anything is awaited: what is told from now on calls for another round.
			this.#wanted = false;
			const looking = this.#looking;
			this.#looking = false;
			try {
				// First what is due later: a task that falls due between the two questions is seen by the second.
				if (looking) this.#lookIn(Math.min((await this.#nextDueMs()) + LATE_MS, LONGEST_TIMER_MS));
				// What is done may be in the way of its key's next task.
				if (this.#keyed) await this.#settleDone();
				const batchSize = powerOfTwo(free);
				const jobs = await this.#deps.boss.fetch<Data>(this.#name, { batchSize, includeMetadata: true });
				for (const job of jobs) this.#start(job);
				// There may be more. A key may have two tasks waiting, of which one is claimed: then half of what
				// was asked for may be all that there was to choose from.
				if (jobs.length >= (this.#keyed ? batchSize / 2 : batchSize)) this.#wanted = true;
				failures = 0;
			} catch (error) {
				this.#deps.suspect(error);
				this.#lookIn(Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS));
			}
			await pause(this.#pace.restMs);
		}
	}

	async #nextDueMs(): Promise<number> {
		return (await nextDueMs(this.#deps.boss, this.#name)) ?? Number.POSITIVE_INFINITY;
	}

	#lookIn(ms: number): void {
		clearTimeout(this.#lookTimer);
		if (!this.#stopping) this.#lookTimer = setTimeout(() => this.look(), ms);
	}

	#start(job: JobWithMetadata<Data>): void {
		this.#held.set(job.id, job);
		this.#heartbeat ??= setInterval(() => void this.#touch(), (HEARTBEAT_SECONDS * 1_000) / 3);
		const wakes = this.#wakes;
		const work = this.#settle(job).finally(() => {
			this.#held.delete(job.id);
			this.#running.delete(work);
			if (this.#held.size === 0) {
				clearInterval(this.#heartbeat);
				this.#heartbeat = undefined;
			}
			// A task of the same key that was told of meanwhile could not be claimed.
			if (this.#keyed && this.#wakes !== wakes) this.wake();
			else this.#rouse();
		});
		this.#running.add(work);
	}

	/** Never rejects: what cannot be settled now is up again when its heartbeat has been missed. */
	async #settle(job: JobWithMetadata<Data>): Promise<void> {
		const { boss, handle, failed, suspect } = this.#deps;
		const attempt = { data: job.data, failures: job.retryCount };
		try {
			await handle(job.data, attempt);
		} catch (error) {
			failed(error, attempt);
			await boss.fail(this.#name, job, { reason: String(error) }).then(() => this.look(), suspect);
			return;
		}
		this.#done.push(job);
		this.#settleTimer ??= setTimeout(() => void this.#settleDone(), SETTLE_MS);
	}

	/** Until everything that is done has been told; never rejects, either. */
	#settleDone(): Promise<void> {
		clearTimeout(this.#settleTimer);
		this.#settleTimer = undefined;
		const done = this.#done.splice(0);
		if (done.length > 0)
			this.#settling = this.#settling.then(async () => {
				await this.#deps.boss.complete(this.#name, done).catch(this.#deps.suspect);
			});
		return this.#settling;
	}

	async #touch(): Promise<void> {
		await this.#deps.boss.touch(this.#name, [...this.#held.values()]).catch(this.#deps.suspect);
	}
}

/** pg-boss writes the number into its statement, and of few different ones the plans can be kept. */
function powerOfTwo(atMost: number): number {
	return 2 ** Math.floor(Math.log2(atMost));
}
