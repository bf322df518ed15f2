import type { JobWithMetadata, PgBoss } from "pg-boss";
import type { Task } from "../app/store.js";
import { QUEUES, type QueueName } from "./queues.js";

/** What each queue's work is. A handler that rejects is run again later, with growing pauses. */
export type Handlers = {
	readonly [Name in QueueName]: (
		data: Extract<Task, { queue: Name }>["data"],
		attempt: { readonly failures: number },
	) => Promise<void>;
};

interface Log {
	warn(facts: object, message: string): void;
	error(facts: object, message: string): void;
}

/**
 * How many of a queue run at the same time in one process (they mostly wait for the network), and how
 * often each looks for work that has become due: new work is announced, only delayed work is found.
 */
const WORKERS: Readonly<Record<QueueName, { readonly concurrency: number; readonly lookSeconds: number }>> = {
	answer: { concurrency: 8, lookSeconds: 2 },
	submit: { concurrency: 4, lookSeconds: 1 },
	watch: { concurrency: 4, lookSeconds: 0.5 },
	post: { concurrency: 8, lookSeconds: 1 },
};

/**
 * Starts pg-boss, makes the queues and sets the workers to work. `suspect` hears what goes wrong with the
 * queues themselves: mostly that the database is away, and then from every worker, again and again.
 */
export async function startWorkers(
	boss: PgBoss,
	handlers: Handlers,
	deps: {
		readonly log: Log;
		readonly suspect: (error: unknown, facts: object, message: string) => void;
		readonly takeOverActive: boolean;
	},
): Promise<void> {
	boss.on("error", (error) =>
		deps.suspect(error, { code: "queue-failed", ...whereabouts(error) }, "work queue error"),
	);
	boss.on("warning", ({ message }) =>
		deps.log.warn({ code: "queue-warning", why: message }, "work queue warning"),
	);
	await boss.start();
	for (const [name, options] of Object.entries(QUEUES)) await boss.createQueue(name, options);
	if (deps.takeOverActive) await releaseActive(boss);
	await startWorker(boss, "answer", handlers.answer, deps.log);
	await startWorker(boss, "submit", handlers.submit, deps.log);
	await startWorker(boss, "watch", handlers.watch, deps.log);
	await startWorker(boss, "post", handlers.post, deps.log);
}

/** Errors of a worker are plain copies of what it met, with its queue and its id on them. */
function whereabouts(error: Error & { readonly queue?: string; readonly worker?: string }): object {
	const { queue, worker } = error;
	return queue === undefined ? {} : { queue, worker };
}

async function startWorker<Data extends object>(
	boss: PgBoss,
	name: QueueName,
	handle: (data: Data, attempt: { readonly failures: number }) => Promise<void>,
	log: Log,
): Promise<void> {
	const { concurrency, lookSeconds } = WORKERS[name];
	const options = {
		includeMetadata: true,
		localConcurrency: concurrency,
		pollingIntervalSeconds: lookSeconds,
		notifyPollingIntervalSeconds: lookSeconds,
	} as const;
	await boss.work<Data, void, typeof options>(name, options, async (batch: JobWithMetadata<Data>[]) => {
		for (const job of batch) {
			try {
				await handle(job.data, { failures: job.retryCount });
			} catch (error) {
				log.error(
					{ code: "work-failed", err: error, queue: name, data: job.data, failures: job.retryCount },
					"work failed, will be tried again",
				);
				throw error;
			}
		}
	});
}

/**
 * Hands work that a dead process left active to this one at once, instead of waiting for its heartbeat
 * to be missed. Only for a database that no other process can be using.
 */
async function releaseActive(boss: PgBoss): Promise<void> {
	const { rows } = await boss
		.getDb()
		.executeSql("select name, id from pgboss.job where state = 'active' and name = any($1)", [
			Object.keys(QUEUES),
		]);
	for (const { name, id } of rows as { name: string; id: string }[])
		await boss.fail(name, id, { reason: "the process that did this work ended" });
}
