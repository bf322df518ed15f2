import { PgBoss, type Queue } from "pg-boss";
import type { Task } from "../app/store.js";
import { known } from "../core/known.js";
import type { Database, Sql } from "../store/database.js";

export type QueueName = Task["queue"];

/** A claim that its process has not renewed for so many seconds is up for somebody else (pg-boss' least). */
export const HEARTBEAT_SECONDS = 10;

/**
 * Retries here are for unexpected failures only (the database away, a bug); everything that Graph or
 * Teams may answer is handled by the work itself, as a move of the record.
 */
const COMMON: Omit<Queue, "name"> = {
	heartbeatSeconds: HEARTBEAT_SECONDS,
	expireInSeconds: 120,
	// Never given up: an open cancellation without work would be joined by later askers for ever.
	retryLimit: 1_000_000,
	retryDelay: 1,
	retryBackoff: true,
	retryDelayMax: 60,
	deleteAfterSeconds: 24 * 60 * 60,
};

export const QUEUES: Readonly<Record<QueueName, Omit<Queue, "name">>> = {
	answer: COMMON,
	submit: COMMON,
	watch: COMMON,
	remind: COMMON,
	// One message is sent by one process at a time, with at most one more sending waiting behind it.
	post: { ...COMMON, policy: "stately" },
	// One look at a time at a tenant's jobs, and one more behind it, however many instances run. Every look acts on
	// what is stored, so one that is dropped because another waits, or that fails for good, costs nothing.
	"on-call": { ...COMMON, policy: "stately" },
};

export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];

/** pg-boss on the given database, not started yet; its passes over all queues are made when we ask for them. */
export function createBoss(database: Database): PgBoss {
	return new PgBoss({
		...database.boss,
		// Nobody would look at what a pass of its own has set free.
		supervise: false,
		// Only keeps instances from doing the same pass twice; a pass that is asked for must not be skipped.
		monitorIntervalSeconds: 5,
		// Nothing here waits for other work, and no upgrade of its tables goes on behind our back.
		flowIntervalSeconds: 3600,
		bamIntervalSeconds: 600,
		schedule: false,
		// Nobody looks at pg-boss' list of processes, for which it measures this one fifty times a second.
		registerInstance: false,
	});
}

/**
 * Puts tasks into their queues as part of a transaction of ours. The wait goes in as a length of time: a
 * moment by our clock would be compared with the database's, and the two may be a minute apart. Resolves when they are
 * sent: the commit waits for the answers.
 */
export async function enqueueTasks(boss: PgBoss, sql: Sql, tasks: readonly Task[]): Promise<void> {
	const db = {
		// Nobody needs the answer.
		async executeSql(text: string, values?: unknown[]) {
			void sql.query(text, values);
			return { rows: [] };
		},
	};
	for (const queue of new Set(tasks.map((task) => task.queue)))
		await boss.insert(queue, tasks.filter((task) => task.queue === queue).map(toJob), { db });
}

function toJob(task: Task) {
	const afterMs = waitMs(task);
	return {
		data: task.data,
		...(afterMs > 0 ? { startAfter: afterMs / 1_000 } : {}),
		...known({ singletonKey: keyOf(task) }),
		...(task.queue === "post" && { priority: task.awaited ? 1 : 0 }),
	};
}

/** What only one task at a time may be about. */
function keyOf(task: Task): string | undefined {
	if (task.queue === "post") return task.data.messageId;
	return task.queue === "on-call" ? `${task.data.work} ${task.data.id}` : undefined;
}

/** How long a task is put off, in milliseconds. */
export function waitMs(task: Task): number {
	return "afterMs" in task ? task.afterMs : 0;
}
