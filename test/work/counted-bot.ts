import { remind } from "../../src/app/approving/remind.js";
import { submitCancellation } from "../../src/app/cancelling/submit-cancellation.js";
import { watchCancellation } from "../../src/app/cancelling/watch-cancellation.js";
import { answerRequest } from "../../src/app/requests/answer-request.js";
import type { Task } from "../../src/app/store.js";
import { deliverMessage } from "../../src/app/telling/deliver-message.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { createWork } from "../../src/work/create-work.js";
import { QUEUE_NAMES } from "../../src/work/queues.js";
import { createWorld, runningJob } from "../app/world.js";
import { openEmptyPglite } from "../empty-database.js";
import { waitFor } from "../wait-for.js";
import { counting } from "./counting.js";

/** The use cases on their real work and store, by the real clock; every statement and every call is counted. */
export async function countedBot(pollMs: number) {
	const statements: string[] = [];
	const database: Database = counting(await openEmptyPglite(), statements);
	await migrate(database);
	const work = createWork(database, { log: { warn: () => {}, error: () => {} }, suspect: () => {} });
	const world = createWorld(database, { poll: { minMs: pollMs, maxMs: pollMs } });
	let reads = 0;
	const deps = {
		...world.deps,
		clock: { now: () => new Date() },
		jobs: {
			...world.deps.jobs,
			async read() {
				reads++;
				const status = world.graph.posts.length > 0 ? "abandoned" : "running";
				return { kind: "found" as const, job: runningJob({ status }) };
			},
		},
		directory: {
			...world.deps.directory,
			async standing(...asked: Parameters<typeof world.deps.directory.standing>) {
				return { ...(await world.deps.directory.standing(...asked)), at: new Date().toISOString() };
			},
		},
		store: createStore(database, { enqueue: work.enqueue, enqueued: work.enqueued }),
	};
	return {
		world,
		deps,
		/** Begins to work, and to count once every queue has been looked at. */
		async start() {
			await work.start({
				answer: ({ requestId }) => answerRequest(requestId, deps),
				submit: (submit) => submitCancellation(submit, deps),
				watch: (poll) => watchCancellation(poll, deps),
				post: ({ messageId }) => deliverMessage(messageId, deps),
				remind: (step) => remind(step, deps),
				"on-call": async () => {},
			});
			work.enqueued(QUEUE_NAMES.map((queue) => ({ queue, data: {} }) as Task));
			await waitFor(
				"the looks at the start",
				() => statements.filter((text) => text.includes("started_on = ")).length,
				(fetches) => fetches >= QUEUE_NAMES.length,
				5_000,
			);
			statements.length = 0;
		},
		/** Waits until nothing is due in the queues any more, those in `besides` not looked at. */
		async done(besides: readonly string[] = []) {
			await waitFor(
				"the last task",
				() =>
					database.sql.query("select 1 from pgboss.job where state < 'completed' and name <> all($1)", [
						`{${besides}}`,
					]),
				(rows) => rows.length === 0,
				5_000,
			);
		},
		/** What reached the database since the start, without the looks of `done`. */
		statements: () => statements.filter((text) => !text.startsWith("select 1 from pgboss.job")),
		calls: () => ({ posts: world.graph.posts.length, standings: world.standingReads.length, reads }),
		async close() {
			await work.stop(0);
			await database.close();
		},
	};
}
