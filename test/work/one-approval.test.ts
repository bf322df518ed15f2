import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { remind } from "../../src/app/approving/remind.js";
import { submitCancellation } from "../../src/app/cancelling/submit-cancellation.js";
import { watchCancellation } from "../../src/app/cancelling/watch-cancellation.js";
import { answerRequest } from "../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import { deliverMessage } from "../../src/app/telling/deliver-message.js";
import type { Command } from "../../src/core/requests/command.js";
import { createStore } from "../../src/store/create-store.js";
import { migrate } from "../../src/store/schema.js";
import { createWork } from "../../src/work/create-work.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, runningJob } from "../app/world.js";
import { openEmptyPglite } from "../empty-database.js";
import { waitFor } from "../wait-for.js";
import { counting } from "./counting.js";

jest.setTimeout(60_000);

const guid = (n: number) => `dddddddd-0000-4000-8000-${String(n).padStart(12, "0")}`;
const nora = person("Nora", guid(900));
const ada = person("Ada", guid(0));
/** From the question to the last card: a live card, a copy that decides, and a follow-up card. */
const STATEMENTS = 125;
/** Both cards say what is so after each of three moves; moves that follow at once share an update. */
const UPDATES = 6;

describe("one cancel that somebody else approves, from the question to the last card", () => {
	const opened: (() => Promise<void>)[] = [];
	afterEach(async () => {
		for (const close of opened.splice(0)) await close();
	});

	/** Plays it with so many people who hold the role in the conversation that decides. */
	async function play(deciders: number) {
		const statements: string[] = [];
		const database = counting(await openEmptyPglite(), statements);
		await migrate(database);
		const work = createWork(database, { log: { warn: () => {}, error: () => {} }, suspect: () => {} });
		opened.push(async () => {
			await work.stop(0);
			await database.close();
		});
		const world = createWorld(database, { poll: { minMs: 1_500, maxMs: 1_500 } });
		Object.assign(world.approvals, { mode: "on-request" });
		const people = Array.from({ length: deciders }, (_, n) =>
			person(n === 0 ? "Ada" : `Admin ${n}`, guid(n)),
		);
		for (const admin of people) world.grant(admin, ADMIN_ROLE);
		world.membersOf.set("deciders", people);
		world.membersOf.set("chat", [nora]);
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
		await deps.store.transaction(async (tx) => {
			await tx.rememberConversation(conversation("deciders"));
			await tx.addApprovalConversation("deciders", ada, new Date());
		});
		await work.start({
			answer: ({ requestId }) => answerRequest(requestId, deps),
			submit: (submit) => submitCancellation(submit, deps),
			watch: (poll) => watchCancellation(poll, deps),
			post: ({ messageId }) => deliverMessage(messageId, deps),
			remind: (step) => remind(step, deps),
		});
		const say = (actor: typeof nora, where: string, command: Command) =>
			receiveRequest(
				{
					dedupeKey: `${where} ${command.kind}`,
					actor,
					conversation: conversation(where),
					command,
					via: "message",
				},
				deps,
			);
		const cards = (where: string) => world.sent.filter((sent) => sent.conversation === where);
		await waitFor(
			"the looks at the start",
			() => statements.filter((text) => text.includes("started_on = ")).length,
			(n) => n >= 5,
			5_000,
		);
		statements.length = 0;
		await say(nora, "chat", { kind: "ask", jobId: JOB_ID, reason: "wrong snapshot" });
		await waitFor(
			"both cards",
			() => [cards("chat"), cards("deciders")],
			(both) => both.every((some) => some.length > 0),
			5_000,
		);
		const [waiting] = await deps.store.read.waitingCancellations(nora.tenantId);
		const reference = waiting?.receipt ?? "";
		await say(ada, "deciders", { kind: "decide", verdict: "approve", reference });
		await waitFor(
			"the end on all three cards",
			() => world.sent.filter(({ view }) => "cancellation" in view && view.cancellation.outcome),
			(told) => told.length >= 3,
			10_000,
		);
		await waitFor(
			"the last task that is due",
			() => database.sql.query("select 1 from pgboss.job where state < 'completed' and name <> 'remind'"),
			(rows) => rows.length === 0,
			5_000,
		);
		return {
			statements: statements.filter((text) => !text.startsWith("select 1 from pgboss.job")),
			updates: world.sent.filter(({ how }) => how === "update").length,
			calls: {
				posts: world.graph.posts.length,
				standings: world.standingReads.length,
				reads,
				listings: world.listings.length,
			},
		};
	}

	it("costs what is counted here, and no more, whether two or sixty people see a card of their own", async () => {
		const [few, many] = [await play(2), await play(60)];
		// The role of who asks, of who approves, and of who approved right before the call. The job: for the question,
		// right before the call, and once to see its end.
		expect(few.calls).toEqual({ posts: 1, standings: 3, reads: 3, listings: 3 });
		expect(many.calls).toEqual(few.calls);
		for (const { statements, updates } of [few, many]) {
			expect(updates).toBeLessThanOrEqual(UPDATES);
			if (statements.length > STATEMENTS)
				process.stderr.write(`${statements.length}\n${statements.join("\n")}\n`);
			expect(statements.length).toBeLessThanOrEqual(STATEMENTS);
		}
	});
});
