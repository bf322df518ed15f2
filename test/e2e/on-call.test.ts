import { copyFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { OPEN_LIMIT_MS, openSandbox, type Sandbox } from "./sandbox.js";

describe("whoever is on call, in a channel", () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await openSandbox();
		const { page } = sandbox;
		// The list of conversations lies over the chat in a window of this width.
		const menu = page.locator("button").first();
		await menu.click();
		await page.getByText("Identity team").first().click();
		await page.getByText("Start a new post").waitFor();
		await menu.click();
	}, OPEN_LIMIT_MS);
	afterAll(() => sandbox?.close(), 60_000);

	/** Starts a post that mentions the bot: it hears no other there. */
	const post = async (text: string) => {
		const { page } = sandbox;
		const composer = page.locator("[contenteditable=true]").first();
		await composer.click();
		await page.keyboard.type("@Rec", { delay: 30 });
		// Of the list of whom one can mention: the bot's name stands on its messages, too.
		await page.getByRole("menuitem", { name: "Recovery Control" }).click();
		await composer.locator(".mention").waitFor();
		await page.keyboard.insertText(` ${text}`);
		await page.getByRole("button", { name: "Post" }).first().click();
	};
	/** The newest post is the uppermost one. */
	const button = (name: string | RegExp) => sandbox.page.getByRole("button", { name }).first();
	const press = (name: string) => button(name).click();
	const shown = (text: string | RegExp) => sandbox.page.getByText(text).first().waitFor();
	const picture = (name: string) => sandbox.picture(`on-call-${name}`);

	it("is told what runs already, and of each job that starts", async () => {
		await post("alerts on");
		await shown("2 jobs are running already");
		expect(await sandbox.instruct("job recovery")).toContain("A recovery job runs");
		await shown(/^Nobody has it yet\. \d+ of 1,024 objects/u);
		await picture("1-alert");
	});

	it("takes the job, which the card and the thread below it say", async () => {
		await sandbox.instruct("be admin2");
		await press("I have it");
		await shown(/^Grady Archie has it\. \d+ of 1,024 objects/u);
		await shown(/^…\s+Grady Archie has it$/u);
		const path = await picture("2-taken");
		if (process.env.UPDATE_README_PICTURE) await copyFile(path, "docs/on-call.png");
	});

	it("cancels it from the alert, whose thread tells what came of that", async () => {
		await sandbox.pressWithin(button("Cancel job…"), button(/^Cancel recovery job/u));
		await shown(/^■\s+Recovery job: Stopped$/u);
		await shown(/^Cancellation RC-/u);
		await shown(/accepted is not stopped$/u);
		await shown("Cancelling is not an undo");
		await picture("3-stopped");
	});

	it("hands over what is open, and the next person takes it", async () => {
		await post("handover");
		await shown(/^Handover: 2 open$/u);
		await picture("4-handover");
		await sandbox.instruct("be reader");
		await press("I take over");
		await shown("Megan Bowen has taken over what was open.");
		await picture("5-taken-over");
	});
});
