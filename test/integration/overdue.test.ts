import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type Asked, approvalSteps } from "./approval-steps.js";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin, nobody } = PEOPLE;
/** The shortest that can be set. */
const TTL_MINUTES = 1;
const OVER_MS = 90_000;
const OVER = /This changed nothing: (?:it had expired|its deadline had passed)/u;

/** On a server nobody has ended them meanwhile: the database's clock did not jump. Else the bot does that as it starts. */
describe("requests whose deadline has passed while the bot was down", () => {
	let stage: Stage;
	const { inChat, posts, asked, request, press, eachCard } = approvalSteps(() => stage);
	let approved: Asked;
	let typed: Asked;
	let withdrawn: Asked;
	let renewed: Asked;
	beforeAll(async () => {
		stage = await openStage({ APPROVALS: "on-request", APPROVAL_TTL_MINUTES: `${TTL_MINUTES}` });
		approved = await request("overdue");
		typed = await request("overdue");
		withdrawn = await request("overdue");
		renewed = await request("overdue");
		await stage.bot.stop();
		await stage.restart(OVER_MS);
	});
	afterAll(() => stage?.close());

	/** What every card in the chat says then: that it is over, or that a press, answered late, changed nothing. */
	const ENDED = /Not approved in time|This changed nothing/u;
	/** What was pressed counts for nothing: the answer says so, or a message after it when the machine is busy. */
	async function isOver(answer: { readonly body: string }, chat: string): Promise<void> {
		if (answer.body.includes("still checking")) await stage.card(chat, OVER, "create");
		else expect(answer.body).toMatch(OVER);
	}

	it("are not decided by a press on the old card, and the card says so", async () => {
		const { job, chat, id, card } = approved;
		for (const verb of ["approve", "reject", "approve"])
			await isOver(await press(admin, verb, id, chat, {}, card), chat);
		await stage.card(chat, /Not approved in time/u, "update");
		await eachCard(chat, ENDED);
		expect(posts(job)).toBe(0);
	});

	it("are not decided by typing", async () => {
		const { job, chat, receipt } = typed;
		await stage.say(admin, `approve ${receipt}`, inChat(chat));
		await stage.card(chat, OVER, "create");
		expect(posts(job)).toBe(0);
	});

	it("are not withdrawn", async () => {
		const { job, chat, id, card } = withdrawn;
		await isOver(await press(nobody, "withdraw", id, chat, {}, card), chat);
		await stage.card(chat, /Not approved in time/u, "update");
		await eachCard(chat, ENDED);
		expect(posts(job)).toBe(0);
	});

	it("make room for a new one, and a yes to the old one is no yes to that", async () => {
		const { job, chat, id, card } = renewed;
		const again = `again-${job.id}`;
		const fresh = await asked(job, again);
		expect(fresh).not.toBe(id);
		await isOver(await press(admin, "approve", id, chat, {}, card), chat);
		expect(posts(job)).toBe(0);
		expect((await press(admin, "approve", fresh, again)).body).toContain("It goes ahead");
		await eachCard(again, /job stopped/u);
		expect(posts(job)).toBe(1);
	});
});
