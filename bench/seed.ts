import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { monotonicMs } from "./cloud/ledger.js";
import type { Side } from "./sides.js";

/** Long enough for the bot to start on the copies, in milliseconds. */
const FIRST_POLL_AFTER_MS = 12_000;

interface Sql {
	query<Row>(text: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
}

/**
 * Copies the one cancellation that a stopped bot has begun and still follows, with all rows that name it, until
 * there are `count`. Their polls fall due evenly over one interval. A row's text is copied with the new ids in the
 * places of the old ones, so that nothing here depends on what the product keeps.
 *
 * Resolves with when each job's first poll is due, in milliseconds of the monotonic clock.
 */
export async function multiplyFollowed(
	side: Side,
	count: number,
	intervalMs: number,
): Promise<ReadonlyMap<string, number>> {
	return withDatabase(side, async (sql) => {
		await sql.query(
			"create temp table one as select id, job_id, receipt from cancellations where state = 'stopping'",
		);
		const { rows: found } = await sql.query("select * from one");
		if (found.length !== 1) throw new Error(`${found.length} cancellations are followed, not one`);
		await sql.query(
			`create temp table copies as select n, gen_random_uuid() as id, gen_random_uuid() as job_id,
				'RC-' || lpad(n::text, 6, '0') as receipt, gen_random_uuid() as task_id, gen_random_uuid() as message_id
				from generate_series(1, $1::int) n`,
			[count - 1],
		);
		const renamed = (row: string) => `replace(replace(replace(to_jsonb(${row})::text,
			one.id::text, copies.id::text), one.job_id, copies.job_id::text), one.receipt, copies.receipt)::jsonb`;
		const copy = (table: string, more: string, where: string) =>
			insertRows(
				sql,
				table,
				`${renamed("source")} || ${more}`,
				`${table} source, one, copies where ${where}`,
			);
		await copy("cancellations", "'{}'", "source.id = one.id");
		await copy("messages", "jsonb_build_object('id', copies.message_id)", "source.subject_id = one.id");
		await copy(
			"pgboss.job",
			"jsonb_build_object('id', copies.task_id)",
			"source.name = 'watch' and source.state in ('created', 'retry')",
		);
		const spread = await sql.query<{ job_id: string; due_ms: number }>(
			`with due as (
				select job.id, cancellations.job_id,
					$1::int + ($2::float / $3) * (row_number() over (order by job.id)) as due_ms
				from pgboss.job join cancellations on cancellations.id::text = job.data->>'cancellationId'
				where job.name = 'watch' and job.state in ('created', 'retry')
			), put as (
				update pgboss.job set start_after = now() + due.due_ms * interval '1 millisecond'
				from due where job.id = due.id
			)
			select job_id, due_ms from due`,
			[FIRST_POLL_AFTER_MS, intervalMs, count],
		);
		const now = monotonicMs();
		if (spread.rows.length !== count)
			throw new Error(`${spread.rows.length} polls are planned, not ${count}`);
		return new Map(spread.rows.map((row) => [row.job_id, now + Number(row.due_ms)]));
	});
}

/** Lets the one followed cancellation have been asked for in so many conversations, named `follower-0` and so on. */
export async function multiplyFollowers(side: Side, count: number): Promise<void> {
	await withDatabase(side, async (sql) => {
		const others = `generate_series(1, ${count - 1}) n`;
		const moved = `replace(to_jsonb(source)::text, '"follower-0"', '"follower-' || n || '"')::jsonb`;
		await insertRows(
			sql,
			"conversations",
			moved,
			`conversations source, ${others} where source.key = 'follower-0'`,
		);
		await insertRows(
			sql,
			"messages",
			`${moved} || jsonb_build_object('id', gen_random_uuid())`,
			`messages source, ${others} where source.conversation_key = 'follower-0' and source.kind = 'live'`,
		);
		await sql.query(
			`update cancellations set record = jsonb_set(record, '{askers}', record->'askers' || (
				select jsonb_agg(replace((record->'askers'->0)::text, '"follower-0"', '"follower-' || n || '"')::jsonb)
				from ${others}))
				where state = 'stopping'`,
		);
	});
}

/** Inserts rows that are given as JSON; what the database computes of a row itself is left to it. */
async function insertRows(sql: Sql, table: string, row: string, from: string): Promise<void> {
	const { rows } = await sql.query<{ columns: string }>(
		`select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
			where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
		[table],
	);
	const columns = rows[0]?.columns ?? "";
	await sql.query(
		`with made as (select jsonb_populate_record(null::${table}, ${row}) as row from ${from})
			insert into ${table} (${columns}) select ${columns.replace(/(^|, )/gu, "$1(row).")} from made`,
	);
}

async function withDatabase<T>(side: Side, work: (sql: Sql) => Promise<T>): Promise<T> {
	if (side.data.url === undefined) {
		const pglite = await PGlite.create({ dataDir: `${side.data.directory}/pglite` });
		try {
			return await work(pglite);
		} finally {
			await pglite.close();
		}
	}
	const client = new pg.Client({ connectionString: side.data.url });
	await client.connect();
	try {
		return await work({ query: async (text, values) => client.query(text, values) } as Sql);
	} finally {
		await client.end();
	}
}
