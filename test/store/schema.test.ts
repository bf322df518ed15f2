import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Database } from "../../src/store/database.js";
import { DatabaseNewer, migrate, STEPS } from "../../src/store/schema.js";
import { openTestDatabase } from "./open-test-database.js";

describe("a database of the first version", () => {
	it("is brought up to date: submits are numbered, and attempts name on whose standing they were made", async () => {
		const database = await openTestDatabase();
		try {
			const requester = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
			const grant = { by: "group", groupId: "g" };
			const record = (attempts: object[]) => ({ requester, grant, attempts, state: "submitting" });
			await database.transaction(async (sql) => {
				for (const statement of STEPS[0] ?? []) await sql.query(statement);
				await sql.query("create table schema_version (version integer not null)");
				await sql.query("insert into schema_version values (1)");
				await sql.query("create schema pgboss");
				await sql.query("create table pgboss.job (name text, state text, data jsonb)");
				await sql.query(`insert into pgboss.job values ('submit', 'created', '{"cancellationId": "c"}')`);
				const insert = `insert into cancellations values ($1, $2, 't', $2, 'submitting', 1, $3)`;
				const id = "00000000-0000-4000-8000-00000000000";
				await sql.query(insert, [`${id}1`, "none", JSON.stringify(record([]))]);
				await sql.query(insert, [`${id}2`, "one", JSON.stringify(record([{ clientRequestId: "a" }]))]);
			});
			await migrate(database);
			const { records, jobs } = await database.transaction(async (sql) => ({
				records: await sql.query("select record from cancellations order by id"),
				jobs: await sql.query("select data from pgboss.job"),
			}));
			expect(records).toEqual([
				{ record: { ...record([]), submitSeq: 0 } },
				{ record: { ...record([{ clientRequestId: "a", by: requester, grant }]), submitSeq: 0 } },
			]);
			expect(jobs).toEqual([{ data: { cancellationId: "c", seq: 0 } }]);
		} finally {
			await database.close();
		}
	}, 30_000);
});

describe("a database of this version", () => {
	let database: Database;
	const limits: (number | undefined)[] = [];
	const bringUpToDate = () =>
		migrate({
			...database,
			transaction(work, limitMs) {
				limits.push(limitMs);
				return database.transaction(work, limitMs);
			},
		});
	beforeAll(async () => {
		database = await openTestDatabase();
		await bringUpToDate();
	}, 30_000);
	afterAll(() => database.close());

	const version = () =>
		database.transaction((sql) => sql.query("select version, xmin::text as written_by from schema_version"));

	it("was made in one transaction that may take ten minutes, since a database that has grown needs long", () => {
		expect(limits).toEqual([600_000]);
	});

	it("is brought up to date without anything being done", async () => {
		const before = await version();
		await bringUpToDate();
		expect(before).toEqual([{ version: STEPS.length, written_by: expect.any(String) }]);
		expect(await version()).toEqual(before);
	});

	it("is brought up to date once, however many start together", async () => {
		await Promise.all([1, 2, 3].map(bringUpToDate));
		expect(await version()).toHaveLength(1);
	});

	it("is refused by an older program, which changes nothing in it and says what to do", async () => {
		await database.transaction((sql) => sql.query("update schema_version set version = version + 1"));
		const before = await version();
		const refusal = migrate(database);
		await expect(refusal).rejects.toThrow(DatabaseNewer);
		await expect(refusal).rejects.toMatchObject({
			code: "database-newer",
			settings: ["DATABASE_URL", "DATA_DIR"],
			message: expect.stringMatching(
				new RegExp(
					`version ${STEPS.length + 1}.*up to ${STEPS.length},.*Run the newer.*restore a backup`,
					"u",
				),
			),
		});
		expect(await version()).toEqual(before);
	});
});
