import { PgBoss, type Queue } from "pg-boss";
import type { Task } from "../app/store.js";
import type { Database, Sql } from "../store/database.js";

export type QueueName = Task["queue"];

/** Work left by a process that died is taken up again after this many seconds (the least pg-boss allows). */
const HEARTBEAT_SECONDS = 10;

/**
 * Retries here are for unexpected failures only (the database away, a bug); everything that Graph or
 * Teams may answer is handled by the work itself, as a move of the record.
 */
const COMMON: Omit<Queue, "name"> = {
	notify: true,
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
	// One message is sent by one worker at a time, with at most one more sending waiting behind it.
	post: { ...COMMON, policy: "stately" },
};

/** pg-boss on the given database, not started yet. */
export function createBoss(database: Database): PgBoss {
	return new PgBoss({
		...database.boss,
		useListenNotify: true,
		superviseIntervalSeconds: 5,
		monitorIntervalSeconds: 5,
		schedule: false,
	});
}

/**
 * Puts a task into its queue as part of a transaction of ours. The wait goes in as a length of time: a
 * moment by our clock would be compared with the database's, and the two may be a minute apart.
 */
export async function enqueueTask(boss: PgBoss, sql: Sql, task: Task): Promise<void> {
	const afterMs = "afterMs" in task ? task.afterMs : 0;
	await boss.send(task.queue, task.data, {
		db: { executeSql: async (text, values) => ({ rows: await sql.query(text, values) }) },
		...(afterMs > 0 ? { startAfter: afterMs / 1_000 } : {}),
		...(task.queue === "post" ? { singletonKey: task.data.messageId } : {}),
	});
}
