import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { remind } from "../../src/app/approving/remind.js";
import { submitCancellation } from "../../src/app/cancelling/submit-cancellation.js";
import { watchCancellation } from "../../src/app/cancelling/watch-cancellation.js";
import { answerRequest } from "../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import { deliverMessage } from "../../src/app/telling/deliver-message.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { createWork, type Work } from "../../src/work/create-work.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, runningJob } from "../app/world.js";
import { openEmptyPglite } from "../empty-database.js";
import { waitFor } from "../wait-for.js";
import { counting } from "./counting.js";

jest.setTimeout(30_000);
const anna = person("Anna");
/** Two cards and one poll; a third card costs six statements, a further poll eight. */
const STATEMENTS = 51;

describe("one cancel, from the command to the last card", () => {
	const statements: string[] = [];
	let database: Database;
	let work: Work;
	beforeAll(async () => {
		database = counting(await openEmptyPglite(), statements);
		await migrate(database);
		work = createWork(database, { log: { warn: () => {}, error: () => {} }, suspect: () => {} });
	});
	afterAll(async () => {
		await work.stop(0);
		await database.close();
	});

	it("costs what is counted here, and no more", async () => {
		const world = createWorld(database, { poll: { minMs: 30, maxMs: 30 } });
		world.grant(anna, ADMIN_ROLE);
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
		await work.start({
			answer: ({ requestId }) => answerRequest(requestId, deps),
			submit: (submit) => submitCancellation(submit, deps),
			watch: (poll) => watchCancellation(poll, deps),
			post: ({ messageId }) => deliverMessage(messageId, deps),
			remind: (step) => remind(step, deps),
		});
		await waitFor(
			"the looks at the start",
			() => statements.filter((text) => text.includes("started_on = ")).length,
			(fetches) => fetches >= 5,
			5_000,
		);
		statements.length = 0;
		await receiveRequest(
			{
				dedupeKey: "key",
				actor: anna,
				conversation: conversation("chat"),
				command: { kind: "cancel", jobId: JOB_ID },
				via: "message",
			},
			deps,
		);
		await waitFor(
			"the end on both cards",
			() => world.sent.filter(({ view }) => "cancellation" in view && view.cancellation.outcome),
			(told) => told.length === 2,
			5_000,
		);
		await waitFor(
			"the last task",
			() => database.sql.query("select 1 from pgboss.job where state < 'completed'"),
			(rows) => rows.length === 0,
			5_000,
		);
		const ours = statements.filter((text) => !text.startsWith("select 1 from pgboss.job"));
		expect({ posts: world.graph.posts.length, standings: world.standingReads.length, reads }).toEqual({
			posts: 1,
			standings: 1,
			reads: 2,
		});
		if (ours.length > STATEMENTS) process.stderr.write(`${ours.join("\n")}\n`);
		expect(ours.length).toBeLessThanOrEqual(STATEMENTS);
	});
});
