import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { DatabaseNewer, migrate, STEPS } from "../../src/store/schema.js";
import { openTestDatabase } from "./open-test-database.js";
import { AT, cancellation, message } from "./records.js";

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
			const { records, jobs, versions } = await database.transaction(async (sql) => ({
				versions: await sql.query("select version from schema_version"),
				records: await sql.query("select record from cancellations order by id"),
				jobs: await sql.query("select data from pgboss.job"),
			}));
			expect(records).toEqual([
				{ record: { ...record([]), submitSeq: 0 } },
				{ record: { ...record([{ clientRequestId: "a", by: requester, grant }]), submitSeq: 0 } },
			]);
			expect(versions).toEqual([{ version: STEPS.length }]);
			expect(jobs).toEqual([{ data: { cancellationId: "c", seq: 0 } }]);
		} finally {
			await database.close();
		}
	}, 30_000);
});

describe("a database of the version before approvals", () => {
	it("is brought up to date: its records and messages are found as they were", async () => {
		const database = await openTestDatabase();
		try {
			const old = { ...cancellation(1), state: "stopping" } as const;
			await database.transaction(async (sql) => {
				for (const step of STEPS.slice(0, 3)) for (const statement of step) await sql.query(statement);
				await sql.query("create table schema_version (version integer not null)");
				await sql.query("insert into schema_version values (3)");
				await sql.query("insert into cancellations values ($1, $2, 't', $3, 'stopping', 1, $4)", [
					old.id,
					old.receipt,
					old.jobId,
					JSON.stringify(old),
				]);
				await sql.query("insert into messages values ($1, 'live', $2, 'chat', 'act', 'sent', 0, $3, 0)", [
					message(3).id,
					old.id,
					AT.toISOString(),
				]);
			});
			await migrate(database);
			const store = createStore(database, { enqueue: async () => {} });
			await store.transaction(async (tx) => {
				expect(await tx.lockCancellation(old.id)).toEqual(old);
				expect(await tx.insertCancellation(cancellation(2, old.jobId))).toBe(false);
				await tx.saveCancellation({ ...old, version: 2 });
				const found = await tx.ensureMessage({ ...message(4), cancellationId: old.id });
				expect(found).toMatchObject({ id: message(3).id, activityId: "act", state: "sent" });
			});
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
		await Promise.all([bringUpToDate(), bringUpToDate(), bringUpToDate()]);
	}, 30_000);
	afterAll(() => database.close());

	const version = () =>
		database.transaction((sql) => sql.query("select version, xmin::text as written_by from schema_version"));

	it("was made once, although three started together", async () => {
		expect(await version()).toHaveLength(1);
	});

	it("may take ten minutes to make, since a database that has grown needs long", () => {
		expect(limits).toEqual([600_000, 600_000, 600_000]);
	});

	it("has a table for each kind of record, beside what it is searched by", async () => {
		const columns = await database.transaction((sql) =>
			sql.query<{ line: string }>(
				`select table_name || ': ' || string_agg(column_name, ' ' order by ordinal_position) as line
					from information_schema.columns where table_schema = 'public' group by table_name order by table_name`,
			),
		);
		expect(columns.map(({ line }) => line)).toEqual([
			"approval_conversations: key tenant_id added_by added_at",
			"audit_events: seq at type user_id job_id cancellation_id line previous_hash hash",
			"audit_head: one seq hash",
			"cancellations: id receipt tenant_id job_id state version record opened_at people",
			"conversations: key reference updated_at",
			"incidents: id tenant_id job_id over_at version record",
			"messages: id kind subject_id conversation_key activity_id state tries created_at unclear copy audience slot_at turn",
			"news: id incident_id news at",
			"requests: id dedupe_key request late answer received_at answered_at",
			"schema_version: version",
			"sending_lines: key free_at",
			"subscriptions: id tenant_id kind conversation_key job_id record",
			"watches: tenant_id record",
		]);
	});

	it("finds audit events by cancellation and by job, cancellations by their job, incidents by their end, and news by their time", async () => {
		const indexes = await database.transaction((sql) =>
			sql.query<{ indexname: string }>(
				"select indexname from pg_indexes where schemaname = 'public' and indexname ~ '_by_|_per_' order by indexname",
			),
		);
		expect(indexes.map(({ indexname }) => indexname)).toEqual([
			"audit_events_by_cancellation",
			"audit_events_by_job",
			"cancellations_by_job",
			"cancellations_by_people",
			"cancellations_by_time",
			"incidents_per_end",
			"news_by_time",
			"one_message_per_copy",
			"one_open_cancellation_per_job",
			"rejected_cancellations_by_job",
		]);
	});

	it("begins with an empty audit trail, to which can only be added", async () => {
		const head = await database.transaction((sql) => sql.query("select seq::integer, hash from audit_head"));
		expect(head).toEqual([{ seq: 0, hash: "" }]);
		const emptied = database.transaction((sql) => sql.query("truncate audit_events"));
		await expect(emptied).rejects.toThrow("audit events are append-only");
	});

	it("can append to the audit trail by itself", async () => {
		const append = (...lines: string[]) =>
			database.transaction((sql) => sql.query("select append_audit($1)", [lines]));
		await append(
			'{"at":"2026-11-23T03:00:00Z","type":"first"}',
			'{"at":"2026-11-23T03:00:01Z","type":"second"}',
		);
		const [head] = await database.transaction((sql) =>
			sql.query("select h.seq::integer, line from audit_head h join audit_events using (hash)"),
		);
		expect(head).toEqual({ seq: 2, line: '{"seq":2,"at":"2026-11-23T03:00:01Z","type":"second"}' });
	});

	it("is brought up to date without anything being done", async () => {
		const before = await version();
		await bringUpToDate();
		expect(before).toEqual([{ version: STEPS.length, written_by: expect.any(String) }]);
		expect(await version()).toEqual(before);
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
