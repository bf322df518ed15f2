import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { lookAtJobs } from "../../src/app/on-call/look-at-jobs.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { createWork, type Work } from "../../src/work/create-work.js";
import { conversation, createWorld, person, runningJob, TENANT } from "../app/world.js";
import { openEmptyPglite } from "../empty-database.js";
import { counting } from "./counting.js";
import { NO_WORK } from "./instances.js";

jest.setTimeout(30_000);
const SUBSCRIPTIONS = 100;

describe("one look at all jobs that shows nothing new, with a hundred conversations that are told", () => {
	const statements: string[] = [];
	let database: Database;
	let work: Work;
	beforeAll(async () => {
		database = counting(await openEmptyPglite(), statements);
		await migrate(database);
		work = createWork(database, { log: { warn: () => {}, error: () => {} }, suspect: () => {} });
		await work.start(NO_WORK);
	});
	afterAll(async () => {
		await work.stop(0);
		await database.close();
	});

	it("costs one call to Graph, one question, and one line beside the plan for the next look", async () => {
		const world = createWorld(database);
		world.graph.more = Array.from({ length: 20 }, (_, n) =>
			runningJob({ id: `ended-${n}`, status: "successful" }),
		);
		const deps = { ...world.deps, store: createStore(database, { enqueue: work.enqueue }) };
		await deps.store.transaction(async (tx) => {
			for (let n = 0; n < SUBSCRIPTIONS; n++) await tx.rememberConversation(conversation(`chat ${n}`));
			for (let n = 0; n < SUBSCRIPTIONS; n++)
				await tx.putSubscription({
					kind: "alerts",
					id: deps.ids.uuid(),
					tenantId: TENANT,
					conversationKey: `chat ${n}`,
					by: person("Anna"),
					at: world.now().toISOString(),
					filters: {},
				});
		});
		for (let looks = 0; looks < 3; looks++) {
			await lookAtJobs(TENANT, deps);
			world.turn(15_000);
		}
		const { lists } = world.graph;
		statements.length = 0;
		await lookAtJobs(TENANT, deps);
		const planned = statements.filter((text) => text.includes("pgboss"));
		const own = statements.filter(
			(text) => !text.includes("pgboss") && text !== "begin" && text !== "commit",
		);
		expect({
			calls: world.graph.lists - lists,
			own: own.map((text) => text.slice(0, 25)),
			planned: planned.length,
		}).toEqual({
			calls: 1,
			own: ["with open as (select job_", "insert into watches (tena"],
			planned: 1,
		});
	});

	it("ends once nobody is told any more, which is asked again when nobody can be subscribing", async () => {
		const world = createWorld(database);
		const deps = { ...world.deps, store: createStore(database, { enqueue: work.enqueue }) };
		await database.transaction((sql) => sql.query("delete from subscriptions"));
		statements.length = 0;
		await lookAtJobs(TENANT, deps);
		expect(statements.map((text) => text.slice(0, 25))).toEqual([
			"with open as (select job_",
			"begin",
			"insert into watches (tena",
			"with open as (select job_",
			"commit",
		]);
		expect(world.graph.lists).toBe(0);
	});
});
