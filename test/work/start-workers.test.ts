import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { PgBoss } from "pg-boss";
import type { Database } from "../../src/store/database.js";
import { createBoss } from "../../src/work/queues.js";
import { startWorkers } from "../../src/work/start-workers.js";
import { openEmptyPglite } from "../empty-database.js";

describe("the workers", () => {
	let database: Database;
	let boss: PgBoss;
	beforeEach(async () => {
		database = await openEmptyPglite();
		boss = createBoss(database);
	}, 30_000);
	afterEach(async () => {
		await boss?.stop({ graceful: false });
		await database?.close();
	});

	it("tell what went wrong with the queue itself: the error, its code, the queue and the worker", async () => {
		const failed = new Promise<{ error: unknown; facts: object }>((resolve) => {
			const nothing = async () => {};
			void startWorkers(
				boss,
				{ answer: nothing, submit: nothing, watch: nothing, post: nothing },
				{
					log: { warn: () => {}, error: () => {} },
					suspect: (error, facts) => {
						// The supervision of all queues fails too, and belongs to none.
						if ("queue" in facts) resolve({ error, facts });
					},
					takeOverActive: true,
				},
			).then(() => database.transaction((sql) => sql.query("alter table pgboss.job_common rename to gone")));
		});
		const { error, facts } = await failed;
		expect(error).toMatchObject({ code: "42P01", message: expect.stringContaining("does not exist") });
		expect(facts).toEqual({
			code: "queue-failed",
			queue: expect.stringMatching(/^(?:answer|submit|watch|post)$/u),
			worker: expect.stringMatching(/^[0-9a-f-]{36}$/u),
		});
	}, 20_000);
});
