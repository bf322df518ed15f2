import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { PgBoss } from "pg-boss";
import type { Task } from "../../src/app/store.js";
import type { Database } from "../../src/store/database.js";
import { createBoss, enqueueTasks, QUEUES } from "../../src/work/queues.js";
import { openTestDatabase } from "../store/open-test-database.js";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

describe("work that is put into a queue", () => {
	let database: Database;
	let boss: PgBoss;
	beforeAll(async () => {
		database = await openTestDatabase();
		boss = createBoss(database);
		boss.on("error", () => {});
		await boss.start();
		for (const [name, options] of Object.entries(QUEUES)) await boss.createQueue(name, options);
	}, 30_000);
	afterAll(async () => {
		await boss.stop({ graceful: false });
		await database.close();
	});

	/** What stands in the queue of a task that was put in alone. */
	async function enqueued(task: Task) {
		return database.transaction(async (sql) => {
			await sql.query("delete from pgboss.job");
			await enqueueTasks(boss, sql, [task]);
			return sql.query<{ wait: number; retry_limit: number; singleton_key: string | null; data: object }>(
				`select extract(epoch from start_after - now())::float8 as wait, retry_limit, singleton_key, data
					from pgboss.job where name = $1`,
				[task.queue],
			);
		});
	}

	it.each([
		["at once", 0, 0],
		["after a fraction of a second", 1_128, 1.128],
		["after days", 100 * 3_600_000, 360_000],
	])("becomes due %s by the database's own clock", async (_when, afterMs, seconds) => {
		const [row] = await enqueued({ queue: "watch", data: { cancellationId: id(1), seq: 3 }, afterMs });
		expect(row?.wait).toBeCloseTo(seconds, 3);
		expect(row?.data).toEqual({ cancellationId: id(1), seq: 3 });
	});

	it("stays for longer than any job is followed, however often it fails", async () => {
		const slowestPauseSeconds = 60;
		for (const task of [
			{ queue: "answer", data: { requestId: id(1) } },
			{ queue: "submit", data: { cancellationId: id(1), seq: 0 }, afterMs: 0 },
			{ queue: "watch", data: { cancellationId: id(1), seq: 0 }, afterMs: 0 },
			{ queue: "post", data: { messageId: id(1) }, afterMs: 0 },
		] as const) {
			const [row] = await enqueued(task);
			expect((row?.retry_limit ?? 0) * slowestPauseSeconds).toBeGreaterThan(168 * 3_600);
		}
	});

	it("goes before what is there already, when somebody waits for it", async () => {
		await database.transaction((sql) =>
			enqueueTasks(boss, sql, [
				{ queue: "post", data: { messageId: id(1) }, afterMs: 0 },
				{ queue: "post", data: { messageId: id(2) }, afterMs: 0, awaited: false },
			]),
		);
		await database.transaction((sql) =>
			enqueueTasks(boss, sql, [{ queue: "post", data: { messageId: id(3) }, afterMs: 0, awaited: true }]),
		);
		const [first] = await boss.fetch<object>("post");
		expect(first?.data).toEqual({ messageId: id(3) });
	});

	it("waits once for each message that is to be delivered", async () => {
		await enqueued({ queue: "post", data: { messageId: id(1) }, afterMs: 0 });
		const rows = await database.transaction(async (sql) => {
			await enqueueTasks(
				boss,
				sql,
				[1, 1, 2].map((n) => ({ queue: "post", data: { messageId: id(n) }, afterMs: 0 })),
			);
			return sql.query<{ singleton_key: string }>("select singleton_key from pgboss.job order by 1");
		});
		expect(rows.map((row) => row.singleton_key)).toEqual([id(1), id(2)]);
	});
});
