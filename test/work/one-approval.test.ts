import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import type { Command } from "../../src/core/requests/command.js";
import { ADMIN_ROLE, conversation, JOB_ID, person } from "../app/world.js";
import { waitFor } from "../wait-for.js";
import { countedBot } from "./counted-bot.js";

jest.setTimeout(60_000);

const guid = (n: number) => `dddddddd-0000-4000-8000-${String(n).padStart(12, "0")}`;
const nora = person("Nora", guid(900));
const ada = person("Ada", guid(0));
/** From the question to the last card: a live card, a copy that decides, and a follow-up card. */
const STATEMENTS = 125;
/** Both cards say what is so after each of three moves; moves that follow at once share an update. */
const UPDATES = 6;

describe("one cancel that somebody else approves, from the question to the last card", () => {
	const bots: Awaited<ReturnType<typeof countedBot>>[] = [];
	afterEach(async () => {
		for (const bot of bots.splice(0)) await bot.close();
	});

	/** Plays it with so many people who hold the role in the conversation that decides. */
	async function play(deciders: number) {
		const bot = await countedBot(1_500);
		bots.push(bot);
		const { world, deps } = bot;
		Object.assign(world.approvals, { mode: "on-request" });
		const people = Array.from({ length: deciders }, (_, n) =>
			person(n === 0 ? "Ada" : `Admin ${n}`, guid(n)),
		);
		for (const admin of people) world.grant(admin, ADMIN_ROLE);
		world.membersOf.set("deciders", people);
		world.membersOf.set("chat", [nora]);
		await deps.store.transaction(async (tx) => {
			await tx.rememberConversation(conversation("deciders"));
			await tx.addApprovalConversation("deciders", ada, new Date());
		});
		await bot.start();
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
		await bot.done(["remind"]);
		return {
			statements: bot.statements(),
			updates: world.sent.filter(({ how }) => how === "update").length,
			calls: { ...bot.calls(), listings: world.listings.length },
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
