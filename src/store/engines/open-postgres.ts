import type { Duplex } from "node:stream";
import pg from "pg";
import { type Database, NotCommitted, type Sql } from "../database.js";
import { PreparingClient } from "./preparing-client.js";
import { tryWrite } from "./try-write.js";

/** How long a transaction may wait for a connection, and then take, in milliseconds. */
export interface PostgresLimits {
	readonly waitMs: number;
	readonly transactionMs: number;
}

/** Together less than Teams waits for an answer; a healthy server needs some milliseconds. */
const LIMITS: PostgresLimits = { waitMs: 5_000, transactionMs: 4_000 };
/** How long a probe may take, in milliseconds. */
const PROBE_MS = 2_000;
/** The server ends a statement itself before this process gives up on it, in milliseconds. */
const GRACE_MS = 500;
/** A connection on which nothing is said for this long is asked whether it is still there, in milliseconds. */
const ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/** Passed through to the `pg` pool and the listening connection of pg-boss, in milliseconds. */
const BOSS_LIMITS = {
	connectionTimeoutMillis: 5_000,
	statement_timeout: 14_000,
	query_timeout: 15_000,
	idle_in_transaction_session_timeout: 15_000,
};

/** The database did not answer in time. */
export class DatabaseTimeout extends Error {
	readonly code = "database-timeout";
}

/**
 * Opens a PostgreSQL server. `onError` hears of connections that break, each once. With `prepare`, statements are
 * prepared on their connection, which poolers that lend connections for one transaction may not carry.
 */
export function openPostgres(
	url: string,
	onError: (error: Error) => void,
	limits: PostgresLimits = LIMITS,
	prepare = true,
): Database {
	const connections = { ...ALIVE, ...(prepare && { Client: PreparingClient }) };
	const pool = new pg.Pool({
		...connections,
		connectionString: url,
		max: 10,
		application_name: "recovery-control",
		connectionTimeoutMillis: limits.waitMs,
		// Statements are sent without waiting for the answers to those before them, as far as whoever sends them does.
		pipeline: true,
	});
	// For the connection's whole life: the pool listens only while it is idle, and an 'error' event that
	// nobody listens to ends the process. Its statements are rejected besides.
	pool.on("connect", (client) => client.on("error", onError));
	// What the pool tells of idle connections has been told by the line above.
	pool.on("error", () => {});

	/** Lends a connection for so long; what is not done by then may or may not have been done. */
	async function onConnection<T>(limitMs: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
		const client = await connect(pool, limits.waitMs);
		let overdue: DatabaseTimeout | undefined;
		let released = false;
		const release = (broken?: Error) => {
			if (released) return;
			released = true;
			clearTimeout(timer);
			// The pool would wait for what it owes, and the server may be frozen.
			if (broken) streamOf(client).destroy();
			client.release(broken);
		};
		// A connection that owes an answer is broken off: the late answer would go to the next statement.
		const timer = setTimeout(() => {
			overdue = new DatabaseTimeout(
				`The database did not answer within ${limitMs} ms; the transaction may or may not have been committed.`,
			);
			release(overdue);
		}, limitMs + GRACE_MS);
		try {
			const result = await work(client);
			release();
			return result;
		} catch (error) {
			// Harmless outside a transaction. A connection that cannot even do that is thrown away.
			await client.query("rollback").then(
				() => release(),
				(broken: Error) => release(broken),
			);
			throw overdue ?? error;
		}
	}

	const transaction = <T>(work: (sql: Sql) => Promise<T>, limitMs = limits.transactionMs): Promise<T> =>
		onConnection(limitMs, async (client) => {
			let failure: { readonly cause: unknown } | undefined;
			const sent = <R>(answer: Promise<R>): Promise<R> => {
				answer.catch((cause: unknown) => {
					failure ??= { cause };
				});
				return answer;
			};
			const { query } = statements(client);
			// The first statement follows at once: this one fails only when the connection does.
			const begun = sent(send(client, begin(limitMs)));
			const result = await work({ query: (text, values) => sent(query(text, values)) });
			const [{ command }] = await Promise.all([sent(send(client, "commit")), begun]);
			if (command !== "COMMIT") throw new NotCommitted(failure);
			return result;
		});

	return {
		exclusive: false,
		boss: { ...connections, ...BOSS_LIMITS, connectionString: url, max: 10 },
		transaction,
		sql: {
			query: (text, values) =>
				onConnection(limits.transactionMs, (client) => statements(client).query(text, values)),
		},
		probe: () => transaction(tryWrite, Math.min(PROBE_MS, limits.transactionMs)),
		close: () => pool.end(),
	};
}

function statements(client: pg.PoolClient): Sql {
	return {
		query: async <Row extends object>(text: string, values?: readonly unknown[]) =>
			(await send<Row>(client, text, values)).rows,
	};
}

/** What is sent one after the other without waiting reaches the server in one packet. */
function send<Row extends object>(
	client: pg.PoolClient,
	text: string,
	values?: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
	const stream = streamOf(client);
	stream.cork();
	process.nextTick(() => stream.uncork());
	return client.query<Row>(text, values && [...values]);
}

function streamOf(client: pg.PoolClient): Duplex {
	return (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection.stream;
}

/** The limits hold on the server, too: a process that died or froze must not keep its locks. */
function begin(limitMs: number): string {
	// The wait for a lock is part of a statement's time.
	return `begin;
		set local statement_timeout = ${limitMs};
		set local idle_in_transaction_session_timeout = ${limitMs}`;
}

async function connect(pool: pg.Pool, waitMs: number): Promise<pg.PoolClient> {
	try {
		return await pool.connect();
	} catch (error) {
		// The pool says "not in time" in several ways, and only in words.
		if (!(error instanceof Error && /timeout/u.test(error.message))) throw error;
		throw new DatabaseTimeout(`No connection to the database within ${waitMs} ms; nothing was done.`, {
			cause: error,
		});
	}
}
