import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import { ADMIN_ROLE, conversation, JOB_ID, person } from "../app/world.js";
import { waitFor } from "../wait-for.js";
import { countedBot } from "./counted-bot.js";

jest.setTimeout(30_000);
const anna = person("Anna");
/** Two cards and one poll; a third card costs six statements, a further poll eight. */
const STATEMENTS = 52;

describe("one cancel, from the command to the last card", () => {
	let bot: Awaited<ReturnType<typeof countedBot>> | undefined;
	afterEach(() => bot?.close());

	it("costs what is counted here, and no more", async () => {
		bot = await countedBot(30);
		const { world, deps } = bot;
		world.grant(anna, ADMIN_ROLE);
		await bot.start();
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
		await bot.done();
		expect(bot.calls()).toEqual({ posts: 1, standings: 1, reads: 2 });
		const ours = bot.statements();
		if (ours.length > STATEMENTS) process.stderr.write(`${ours.join("\n")}\n`);
		expect(ours.length).toBeLessThanOrEqual(STATEMENTS);
	});
});
