import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Database } from "../../../src/store/database.js";
import { openPostgres } from "../../../src/store/engines/open-postgres.js";
import { StatementNames } from "../../../src/store/engines/statement-names.js";
import { openEmptyPglite } from "../../empty-database.js";
import { createTestDatabase, openTestDatabase } from "../open-test-database.js";

const server = process.env.DATABASE_URL;

const PREPARED = "select count(*)::int as count from pg_prepared_statements where statement like $1";

async function timesPrepared(database: Database, text: string): Promise<number | undefined> {
	return database.transaction(async (sql) => {
		const [found] = await sql.query<{ count: number }>(PREPARED, [`%${text}%`]);
		return found?.count;
	});
}

describe.each([
	["in the embedded database", openEmptyPglite],
	...(server === undefined ? [] : [["on a server", openTestDatabase] as const]),
] as const)("statements that come again and again %s", (_, open) => {
	let database: Database;
	beforeAll(async () => {
		database = await open();
		await database.transaction((sql) => sql.query("create table kept (n integer, said text)"));
	}, 30_000);
	afterAll(() => database.close());

	it("carry every kind of value the same way each time", async () => {
		const at = new Date("2026-11-24T10:00:00.123Z");
		const said = `it's "so" \\ {1,2} \u{1F600}\n; drop`;
		const values = [
			7,
			said,
			null,
			[said, "null", "", "a,b"],
			[],
			at.toISOString(),
			{ said },
			true,
			undefined,
		];
		const text = `select $1::int as number, $2::text as text, $3::text as nothing, $4::text[] as list,
			$5::text[] as empty, $6::timestamptz as at, $7::jsonb as json, $8::boolean as yes, $9::text as missing`;
		for (let time = 0; time < 8; time++)
			expect(await database.transaction((sql) => sql.query(text, values))).toEqual([
				{
					number: 7,
					text: said,
					nothing: null,
					list: [said, "null", "", "a,b"],
					empty: [],
					at,
					json: { said },
					yes: true,
					missing: null,
				},
			]);
	});

	it("are prepared from the second time on, and serve after one of them has failed", async () => {
		const text = "select 6 / $1::int as whole";
		const divide = (by: number) => database.sql.query(text, [by]);
		await divide(1);
		await Promise.all([divide(1), divide(2), divide(3)]);
		await expect(divide(0)).rejects.toMatchObject({ code: "22012" });
		const failing = database.transaction((sql) => sql.query(text, [0]));
		await expect(failing).rejects.toMatchObject({ code: "22012" });
		expect(await divide(3)).toEqual([{ whole: 2 }]);
		expect(await timesPrepared(database, "select 6 /")).toBeGreaterThan(0);
	});

	it("stay prepared when the transaction that prepared them is rolled back", async () => {
		const insert = (n: number, fail: boolean) =>
			database.transaction(async (sql) => {
				await sql.query("insert into kept values ($1, 'rolled back or not')", [n]);
				if (fail) throw new Error("no");
			});
		for (const n of [1, 2, 3]) await expect(insert(n, true)).rejects.toThrow("no");
		await insert(4, false);
		expect(await database.sql.query("select n from kept")).toEqual([{ n: 4 }]);
	});

	it("see a table that has changed and grown meanwhile", async () => {
		const look = () => database.sql.query("select count(*)::int as count, max(said) as said from kept");
		for (let time = 0; time < 3; time++) await look();
		await database.transaction((sql) => sql.query("alter table kept add column more text"));
		await database.sql.query("insert into kept select n, 'many' from generate_series(1, 500) n");
		for (let time = 0; time < 400; time++)
			await database.sql.query("update kept set said = $1 where n = $2", [`time ${time}`, 500]);
		expect(await look()).toEqual([{ count: 501, said: "time 399" }]);
		// On a server, that is autovacuum's own time.
		const known = "select reltuples::int as rows from pg_class where relname = 'kept'";
		if (database.exclusive) expect(await database.sql.query(known)).toEqual([{ rows: 501 }]);
	});
});

describe("the names of statements", () => {
	it("are given from the second time on, one for each text", () => {
		const names = new StatementNames();
		const [one, other] = ["select 1", "WITH a AS (select 2) select * from a"];
		expect([names.of(one), names.of(other)]).toEqual([undefined, undefined]);
		const given = [names.of(one), names.of(other), names.of(one)];
		expect(given).toEqual([expect.any(String), expect.any(String), given[0]]);
		expect(given[0]).not.toBe(given[1]);
	});

	it("are given to one that has a semicolon in a text, but not to several at once", () => {
		const names = new StatementNames();
		const named = (text: string) => [names.of(text), names.of(text)].at(-1) !== undefined;
		expect(named("select split_part($1, ';', 1), 'it''s; so' where '' = ''")).toBe(true);
		expect(named("select ';'; select 2")).toBe(false);
		expect(named("select 'a' ; select 'b'")).toBe(false);
	});

	it("are not given to what cannot be prepared", () => {
		const names = new StatementNames();
		for (const text of ["begin", "select 1; select 2", "set local work_mem = '64kB'", "create table t ()"])
			expect([names.of(text), names.of(text), names.of(text)]).toEqual([undefined, undefined, undefined]);
	});

	it("do not become ever more when every text is another one", () => {
		const names = new StatementNames();
		const texts = Array.from({ length: 1_000 }, (_, n) => `select ${n}`);
		for (const text of texts) names.of(text);
		expect(new Set(texts.map((text) => names.of(text))).size).toBeLessThan(300);
	});
});

(server === undefined ? describe.skip : describe)("a server behind a pooler (needs DATABASE_URL)", () => {
	it("is sent nothing to prepare when that is switched off, by the work queues neither", async () => {
		const created = await createTestDatabase(server ?? "");
		const database = openPostgres(created.url, () => {}, undefined, false);
		for (let time = 0; time < 3; time++) await database.sql.query("select $1::int as plain", [time]);
		expect(await timesPrepared(database, "as plain")).toBe(0);
		expect(database.boss).not.toHaveProperty("Client");
		await database.close();
		await created.drop();
	});
});
