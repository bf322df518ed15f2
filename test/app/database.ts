import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { openTestDatabase } from "../store/open-test-database.js";

let database: Database | undefined;

/** One real database for the file of tests that calls this, empty before each test: `theDatabase`. */
export function useDatabase(): void {
	beforeAll(async () => {
		database = await openTestDatabase();
		await migrate(database);
	}, 30_000);
	beforeEach(async () => {
		await database?.transaction(async (sql) => {
			await sql.query("delete from requests");
			await sql.query("delete from subscriptions");
			await sql.query("delete from watches");
			await sql.query("delete from incidents");
			await sql.query("delete from news");
			await sql.query("delete from sending_lines");
			await sql.query("delete from messages");
			await sql.query("delete from cancellations");
			await sql.query("delete from approval_conversations");
			await sql.query("delete from conversations");
		});
	});
	afterAll(() => database?.close());
}

export function theDatabase(): Database {
	if (!database) throw new Error("the database is not open yet");
	return database;
}
