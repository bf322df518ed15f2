import pg from "pg";
import type { Database } from "../../src/store/database.js";
import { openPostgres } from "../../src/store/engines/open-postgres.js";
import { openEmptyPglite } from "../empty-database.js";

/**
 * A database of its own for a test: on the server that `DATABASE_URL` names, else an embedded one.
 * The same tests run on both.
 */
export async function openTestDatabase(): Promise<Database> {
	const server = process.env.DATABASE_URL;
	if (server === undefined) return openEmptyPglite();
	const { url, drop } = await createTestDatabase(server);
	let closing = false;
	const database = openPostgres(url, (error) => {
		// Dropping the database ends connections that are about to close anyway.
		if (!closing) throw error;
	});
	return {
		...database,
		async close() {
			closing = true;
			await database.close();
			await drop();
		},
	};
}

/** An empty database on a server, until it is dropped. */
export async function createTestDatabase(server: string): Promise<{ url: string; drop(): Promise<void> }> {
	const name = `test_${process.pid}_${Math.random().toString(36).slice(2)}`;
	await runOnServer(server, `create database ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.href, drop: () => runOnServer(server, `drop database ${name} with (force)`) };
}

async function runOnServer(url: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	await client.query(statement);
	await client.end();
}
