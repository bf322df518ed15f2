import { beforeAll, expect, it, jest } from "@jest/globals";
import { lookAtJobs } from "../../src/app/on-call/look-at-jobs.js";
import { answerRequest } from "../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import type { Task } from "../../src/app/store.js";
import type { Command } from "../../src/core/requests/command.js";
import { createStore } from "../../src/store/create-store.js";
import { migrate } from "../../src/store/schema.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, TENANT } from "../app/world.js";
import { someoneWaits } from "../store/records.js";
import { waitFor } from "../wait-for.js";
import { useInstances } from "./instances.js";

// An embedded database has one transaction at a time.
const onServer = process.env.DATABASE_URL === undefined ? it.skip : it;
const anna = person("Anna");
const ON: Command = { kind: "alerts-on", filters: {} };
const FOLLOW: Command = { kind: "follow", jobId: JOB_ID };

jest.setTimeout(30_000);

const { database, start, put } = useInstances();
beforeAll(() => migrate(database()), 30_000);

onServer.each([
	["alerts on", ON],
	["follow", FOLLOW],
])(
	"the last look that waits is not the last when `%s` is being saved while it ends",
	async (_said, command) => {
		const world = createWorld(database());
		world.grant(anna, ADMIN_ROLE);
		let ended = 0;
		/** What goes on between the last statement of a transaction and its commit. */
		let beforeCommit = async () => {};
		const work = await start({
			"on-call": async ({ id }) => {
				await lookAtJobs(id, deps);
				ended++;
			},
		});
		const store = createStore(database(), {
			async enqueue(sql, tasks) {
				await work.enqueue(sql, tasks);
				await sql.query("select 'all that was sent before is done'");
				await beforeCommit();
			},
			enqueued: work.enqueued,
		});
		const deps = { ...world.deps, store };
		const look = (afterMs: number): Task => ({
			queue: "on-call",
			data: { work: "look", id: TENANT },
			afterMs,
		});
		// Planned while somebody was still told of jobs.
		await put(work, look(600_000));
		await receiveRequest(
			{ dedupeKey: "m-1", actor: anna, conversation: conversation("chat"), command, via: "message" },
			deps,
		);
		const [request] = await database().sql.query<{ id: string }>(
			"select id from requests where id::text > ''",
		);

		beforeCommit = async () => {
			beforeCommit = async () => {};
			await database().sql.query("update pgboss.job set start_after = now() where name = 'on-call'");
			work.enqueued([look(0)]);
			await waitFor(
				"the last look, which ends or waits",
				async () => ended > 0 || (await someoneWaits(database())),
				(over) => over,
			);
		};
		await answerRequest(request?.id ?? "", deps);
		await waitFor(
			"a look for the new subscription",
			() => world.graph.lists,
			(lists) => lists > 0,
			5_000,
		);
		await database().sql.query("delete from subscriptions");
		await database().sql.query("delete from requests");
		expect(ended).toBeGreaterThan(0);
	},
);
