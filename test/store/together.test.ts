import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { answerRequest } from "../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, runningJob } from "../app/world.js";
import { openTestDatabase } from "./open-test-database.js";

const ROUNDS = process.env.DATABASE_URL === undefined ? 3 : 15;
const PEOPLE = 8;

/** On a server these transactions really run side by side; on the embedded database one after the other. */
describe("many people at one job", () => {
	let database: Database;
	beforeAll(async () => {
		database = await openTestDatabase();
		await migrate(database);
	}, 30_000);
	afterAll(() => database.close());

	it("never make two transactions wait for each other, and never cost a second POST", async () => {
		const world = createWorld(database);
		const people = Array.from({ length: PEOPLE }, (_, n) =>
			person(`Person ${n}`, `bbbbbbbb-0000-4000-8000-${String(n).padStart(12, "0")}`),
		);
		for (const someone of people) world.grant(someone, ADMIN_ROLE);
		const failures: unknown[] = [];
		const noted = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
		const ask = async (n: number, round: number) => {
			const someone = people[n];
			if (!someone) return;
			const { request } = await receiveRequest(
				{
					dedupeKey: `${n} ${round}`,
					actor: someone,
					conversation: conversation(`chat-${n % 3}`),
					command: { kind: n % 4 === 0 ? "cancel" : "status", jobId: JOB_ID },
					via: "message",
				},
				world.deps,
			);
			await answerRequest(request.id, world.deps);
		};
		for (let round = 0; round < ROUNDS; round++) {
			world.graph.job = runningJob({ status: round % 2 ? "running" : "calculating" });
			const asked = people.map((_, n) => noted(ask(n, round)));
			const due = world.tasks.splice(0);
			const worked = due
				.filter(({ task }) => task.queue !== "answer")
				.map(({ task }) => noted(world.run(task)));
			await Promise.all([...asked, ...worked]);
		}
		expect(failures.map(String)).toEqual([]);
		expect(world.log.filter((line) => line.level === "error")).toEqual([]);
		expect(world.graph.posts).toHaveLength(1);
	}, 60_000);
});
