import type { PgBoss } from "pg-boss";
import type { QueueName } from "./queues.js";

/**
 * Milliseconds, by the database's clock, until the next put-off task of a queue falls due, or `undefined` when
 * none is put off. pg-boss has no question for this, so its table is asked: each half reads one entry of the
 * index that `fetch` uses (`job_i14`), where a plain `min` would read them all.
 */
export async function nextDueMs(boss: PgBoss, queue: QueueName): Promise<number | undefined> {
	const { rows } = await boss.getDb().executeSql(NEXT_DUE, [queue]);
	const wait = rows[0]?.wait;
	// PostgreSQL's numeric arrives as text.
	return wait === null || wait === undefined ? undefined : Number(wait);
}

const soonest = (
	state: string,
) => `(select start_after as due from pgboss.job where name = $1 and state = '${state}'
	and not blocked and start_after > pgboss.job_now() order by start_after limit 1)`;

const NEXT_DUE = `select ceil(extract(epoch from min(due) - pgboss.job_now()) * 1000) as wait
	from (${soonest("created")} union all ${soonest("retry")}) as soonest`;

/** Those of the given queues in which something waits, due or put off, whoever put it in. */
export async function queuesThatHold(boss: PgBoss, queues: readonly QueueName[]): Promise<QueueName[]> {
	const { rows } = await boss.getDb().executeSql(HOLD, [queues]);
	return rows.map(({ queue }: { queue: QueueName }) => queue);
}

const HOLD = `select queue from unnest($1::text[]) as queue where exists (
	select from pgboss.job where name = queue and state in ('created', 'retry') and not blocked)`;
