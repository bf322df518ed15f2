import type { PGlite, Transaction } from "@electric-sql/pglite";
import pg from "pg";
import type { fromPglite } from "pg-boss";
import { PREPARABLE, StatementNames } from "./statement-names.js";

/** PGlite itself, or a transaction on it. */
type Session = Pick<Transaction, "query" | "exec">;

/** Sends one statement with its values; resolves with its rows. */
export type Send = <Row extends object>(
	on: Session,
	text: string,
	values?: readonly unknown[],
) => Promise<Row[]>;

/**
 * The embedded PostgreSQL has nobody who would notice that tables grow. Looking at them anew, after three times as
 * many statements each time and then after so many, makes new plans, too, in place of those that were kept.
 */
const FIRST_LOOK = 300;
const LOOK_EVERY = 30_000;
/** The tables of the bot and its queues. PostgreSQL's own would be most of the work, and nearly stay as they are. */
const TABLES = `select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables from pg_tables
	where schemaname !~ '^(pg_|information_schema$)'`;

/**
 * Prepares the statements that come again and again, where PGlite's own `query` parses and plans each time. It has
 * one session, in which what was prepared stays, whatever becomes of the transaction.
 */
export function preparingSend(): Send {
	const names = new StatementNames();
	const prepared = new Map<string, string>();
	let prepares = 0;
	let sent = 0;
	let look = FIRST_LOOK;

	async function prepare(on: Session, text: string, name: string): Promise<string> {
		// Two who come at once prepare it twice, since neither may wait for the other: one may be in a transaction.
		const own = `${name}_${++prepares}`;
		await on.exec(`prepare ${own} as ${text}`);
		prepared.set(text, own);
		return own;
	}

	return async (on, text, values) => {
		const name = names.of(text);
		if (name === undefined) return (await on.query(text, values && [...values])).rows as never[];
		const own = prepared.get(text) ?? (await prepare(on, text, name));
		if (++sent === look) {
			look += Math.min(sent * 2, LOOK_EVERY);
			const [{ tables } = {}] = (await on.query<{ tables: string | null }>(TABLES)).rows;
			if (tables) await on.exec(`analyze ${tables}`);
		}
		const [result] = await on.exec(`execute ${own}${values?.length ? `(${values.map(literal)})` : ""}`);
		return (result?.rows ?? []) as never[];
	};
}

/** PGlite as pg-boss is to see it. */
export function preparingPglite(pglite: PGlite, send: Send): Parameters<typeof fromPglite>[0] {
	return {
		query: async <Row>(text: string, values?: unknown[]) => ({
			rows: (await send(pglite, text, values)) as Row[],
		}),
		exec: async (text) => (PREPARABLE.test(text) ? [{ rows: await send(pglite, text) }] : pglite.exec(text)),
		listen: (channel, onNotification) => pglite.listen(channel, onNotification),
	};
}

/** A value as PostgreSQL writes it; its type follows from its place in the prepared statement. */
function literal(value: unknown): string {
	if (value === null || value === undefined) return "null";
	return pg.escapeLiteral(Array.isArray(value) ? `{${value.map(element)}}` : plain(value));
}

function element(value: unknown): string {
	return value === null ? "null" : `"${plain(value).replaceAll(/["\\]/gu, "\\$&")}"`;
}

function plain(value: unknown): string {
	if (value instanceof Date) return value.toISOString();
	return typeof value === "object" ? JSON.stringify(value) : String(value);
}
