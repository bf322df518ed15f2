import { afterAll, afterEach, beforeAll } from "@jest/globals";
import type { Task } from "../../src/app/store.js";
import type { Database } from "../../src/store/database.js";
import { createWork, type Handlers, type Work } from "../../src/work/create-work.js";
import { openTestDatabase } from "../store/open-test-database.js";
import { waitFor } from "../wait-for.js";

const nothing = async () => {};
/** Does each task by doing nothing. */
export const NO_WORK: Handlers = {
	answer: nothing,
	submit: nothing,
	watch: nothing,
	post: nothing,
	remind: nothing,
	"on-call": nothing,
};

/** Instances of the bot's work on one database, as `seen`; they are stopped, and their queues emptied, after each test. */
export function useInstances(seen: (database: Database) => Database = (database) => database) {
	let database: Database;
	const works: Work[] = [];
	beforeAll(async () => {
		database = seen(await openTestDatabase());
	}, 30_000);
	afterEach(async () => {
		for (const work of works.splice(0)) await work.stop(0);
		await database.transaction((sql) => sql.query("delete from pgboss.job"));
	});
	afterAll(() => database?.close());
	return {
		database: () => database,
		async start(
			handlers: Partial<Handlers>,
			{
				on = database,
				suspect = () => {},
				passesMs,
			}: {
				on?: Database;
				suspect?(error: unknown, facts: object): void;
				passesMs?: readonly [number, number];
			} = {},
		): Promise<Work> {
			const log = { warn: () => {}, error: () => {} };
			const work = createWork(on, { log, suspect, ...(passesMs && { passesMs }) });
			works.push(work);
			await work.start({ ...NO_WORK, ...handlers });
			return work;
		},
		/** Stops the one that was started last. */
		stopLast: async () => works.pop()?.stop(0),
		async put(work: Work, ...tasks: Task[]) {
			await database.transaction((sql) => work.enqueue(sql, tasks));
			work.enqueued(tasks);
		},
	};
}

/** Waits until so many tasks are done. */
export function finished(done: string[], count: number): Promise<string[]> {
	return waitFor(
		`${count} tasks`,
		() => done,
		(seen) => seen.length >= count,
	);
}
