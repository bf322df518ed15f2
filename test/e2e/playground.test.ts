import { copyFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../wait-for.js";
import { OPEN_LIMIT_MS, openSandbox, type Sandbox } from "./sandbox.js";

describe("a person in the chat", () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await openSandbox();
	}, OPEN_LIMIT_MS);
	afterAll(() => sandbox?.close(), 60_000);

	const picture = (name: string) => sandbox.picture(name);

	it("is greeted with what to type", async () => {
		await sandbox.message("Hello. I stop recovery and preview jobs").waitFor();
		await picture("1-greeting");
	});

	it("is refused as somebody without a role", async () => {
		await sandbox.type("sandbox be nobody");
		await sandbox.message("You are now Alex Wilber").waitFor();
		await sandbox.type(`cancel job ${sandbox.recoveryId}`);
		await sandbox.message("Not cancelled: you may not cancel jobs").waitFor();
		await sandbox.message("Entra Backup Administrator and Global Administrator").waitFor();
		await sandbox.message("Sandbox: you play Alex Wilber (nobody)").waitFor();
		await picture("2-refused");
		await sandbox.type("sandbox be admin");
		await sandbox.message("You are now Adele Vance").waitFor();
	});

	it("types cancel job, sees the live card change and the follow-up card arrive", async () => {
		await sandbox.type(`cancel job ${sandbox.recoveryId} because wrong snapshot`);
		await sandbox.message("Stopping, not stopped yet").waitFor();
		await picture("3-stopping");
		const stopped = sandbox.page.getByText(/^■\s+Recovery job stopped$/u);
		await waitFor(
			"two cards that say that it stopped",
			() => stopped.count(),
			(count) => count === 2,
		);
		await sandbox.message("Cancelling is not an undo").waitFor();
		await sandbox.page.waitForTimeout(300);
		const path = await picture("4-stopped");
		if (process.env.UPDATE_README_PICTURE) await copyFile(path, "docs/playground.png");
	});

	it("presses the button on a card and hears the outcome", async () => {
		await sandbox.type(`status ${sandbox.previewId}`);
		await sandbox.page.getByRole("button", { name: "Cancel job…" }).last().click();
		const button = sandbox.page.getByRole("button", { name: /^Cancel preview job/u }).last();
		await button.waitFor();
		await sandbox.page
			.getByLabel(/Reason/u)
			.last()
			.fill("not needed any more");
		await picture("5-status");
		await button.click();
		await sandbox.message("Stopping, not stopped yet").waitFor();
		await sandbox.message("A preview changes nothing in the directory").waitFor();
		await picture("6-preview-stopped");
	});

	it("is somebody else when another shell says so", async () => {
		expect(await sandbox.instruct("be reader")).toContain("You are now Megan Bowen");
		await sandbox.type("whoami");
		await sandbox.message("You may see jobs, not cancel them").waitFor();
		expect(await sandbox.instruct("be admin")).toContain("You are now Adele Vance");
	});

	it("finds a job from the compose box, and has the bot post it below the card in its message", async () => {
		const { page } = sandbox;
		await page.getByLabel("Trigger Message Extension App").click();
		await page.getByText("Search Command").click();
		// Teams reads them from the manifest.
		await page.getByText("Specify Command ID or Parameter").click();
		await page.getByPlaceholder("Command ID").fill("jobs");
		await page.getByPlaceholder("Parameter name").fill("query");
		await page.getByPlaceholder("Enter a search term").fill(sandbox.recoveryId.slice(0, 8));
		await page.getByText("Recovery job: Stopped", { exact: true }).waitFor();
		await picture("7-search");
		await page.getByText("Recovery job: Stopped", { exact: true }).click();
		await page.getByLabel("Send Message").click();
		await sandbox.message("This card does not change.").waitFor();
		const helped = page.getByText("Press a button, or type one of these:");
		const named = page.getByText(sandbox.recoveryId, { exact: true });
		const before = await named.count();
		await page.getByRole("button", { name: "Post its state here" }).last().click();
		await waitFor(
			"the bot's own card of the job",
			() => named.count(),
			(count) => count > before,
		);
		// Her own message was none for the bot.
		expect(await helped.count()).toBe(0);
		await picture("8-search-posted");
	});

	it("sees the jobs, and is told who it is", async () => {
		await sandbox.type("sandbox job recovery");
		await sandbox.message("A recovery job runs").waitFor();
		await sandbox.type("jobs");
		await sandbox.message("Ended lately").waitFor();
		await picture("9-jobs");
		const opener = sandbox.page.getByRole("button", { name: /^Cancel [0-9a-f]{8}…$/u }).last();
		const button = sandbox.page.getByRole("button", { name: /^Cancel recovery job/u }).last();
		await opener.click();
		await button.waitFor();
		await picture("10-jobs-cancel");
		await sandbox.pressWithin(opener, button);
		const stopped = sandbox.page.getByText(/^■\s+Recovery job stopped$/u);
		await waitFor(
			"four cards that say that it stopped",
			() => stopped.count(),
			(count) => count === 4,
		);
		await sandbox.type("whoami");
		await sandbox.message("You may see and cancel jobs").waitFor();
		await sandbox.type("cancel jb 42");
		await sandbox.page.waitForTimeout(800);
		await picture("11-whoami");
	});
});
