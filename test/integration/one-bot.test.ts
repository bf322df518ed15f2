import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { approving } from "./one-bot/approving.js";
import { askingAndPressing } from "./one-bot/asking.js";
import { attacking } from "./one-bot/attacking.js";
import { cancelling } from "./one-bot/cancelling.js";
import { commenting } from "./one-bot/commenting.js";
import { exporting } from "./one-bot/exporting.js";
import { searching } from "./one-bot/searching.js";
import { openStage, type Stage } from "./stage.js";

jest.setTimeout(60_000);

/** A start costs seconds, so all that needs no settings or kill of its own shares one bot in one cloud. */
describe("one bot in its cloud", () => {
	let stage: Stage;
	beforeAll(async () => {
		stage = await openStage({ APPROVALS: "on-request" });
	});
	afterAll(() => stage?.close());

	// The first, since it needs a tenant in which no job runs.
	askingAndPressing(() => stage);
	cancelling(() => stage);
	searching(() => stage);
	exporting(() => stage);
	approving(() => stage);
	attacking(() => stage);
	commenting(() => stage);

	it("never prints a stack trace or a token", () => {
		const printed = stage.bot.lines.join("\n");
		expect(printed).not.toMatch(/eyJ[\w-]+\.[\w-]+\./u);
		expect(printed).not.toContain(stage.cloud.secret);
		expect(printed).not.toMatch(/"level":"(error|fatal)"/u);
	});
});
