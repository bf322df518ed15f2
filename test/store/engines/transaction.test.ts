import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Database } from "../../../src/store/database.js";
import { openTestDatabase } from "../open-test-database.js";

describe("a transaction", () => {
	let database: Database;
	beforeAll(async () => {
		database = await openTestDatabase();
		await database.transaction((sql) => sql.query("create table kept (n integer primary key)"));
	}, 30_000);
	beforeEach(() => database.sql.query("delete from kept"));
	afterAll(() => database?.close());

	const numbers = async () =>
		(await database.sql.query<{ n: number }>("select n from kept order by n")).map(({ n }) => n);

	it("commits the statements that nobody waits for, in the order in which they were sent", async () => {
		await database.transaction(async (sql) => {
			await sql.query("insert into kept values (1)");
			void sql.query("insert into kept values (2)");
			void sql.query("update kept set n = n + 10");
		});
		expect(await numbers()).toEqual([11, 12]);
	});

	it("fails with one of them, and then nothing of it is there", async () => {
		const failing = database.transaction(async (sql) => {
			void sql.query("insert into kept values (1)");
			void sql.query("insert into kept values (1)");
			void sql.query("insert into kept values (2)");
		});
		await expect(failing).rejects.toMatchObject({
			code: "not-committed",
			cause: expect.objectContaining({ code: "23505" }),
		});
		expect(await numbers()).toEqual([]);
	});

	it("fails with its work, whatever was sent before", async () => {
		const failing = database.transaction(async (sql) => {
			void sql.query("insert into kept values (1)");
			throw new Error("the work failed");
		});
		await expect(failing).rejects.toThrow("the work failed");
		expect(await numbers()).toEqual([]);
	});
});
