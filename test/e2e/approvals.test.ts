import { copyFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { OPEN_LIMIT_MS, openSandbox, type Sandbox } from "./sandbox.js";

describe("two people in the chat", () => {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await openSandbox();
	}, OPEN_LIMIT_MS);
	afterAll(() => sandbox?.close(), 60_000);

	const picture = (name: string) => sandbox.picture(`approvals-${name}`);
	const press = (name: string) => sandbox.page.getByRole("button", { name, exact: true }).last().click();
	const become = async (key: string, name: string) => {
		await sandbox.type(`sandbox be ${key}`);
		await sandbox.message(`You are now ${name} (${key})`).waitFor();
	};
	const startJob = async (): Promise<string> => {
		const job = /[0-9a-f-]{36}/u.exec(await sandbox.instruct("job recovery"))?.[0];
		if (job === undefined) throw new Error("no job was started");
		return job;
	};
	/** Asks as somebody without the role, with the button on the refusal. */
	const ask = async (job: string, reason: string) => {
		await become("nobody", "Alex Wilber");
		await sandbox.type(`cancel job ${job}`);
		await sandbox.message("Not cancelled: you may not cancel jobs").waitFor();
		await sandbox.page
			.getByLabel(/Why \(required/u)
			.last()
			.fill(reason);
		await press("Ask for approval");
		await sandbox.message("Your request is recorded").waitFor();
	};
	const receipt = async (): Promise<string> => {
		const shown = await sandbox.page
			.getByText(/^RC-[0-9A-Z]{6}$/u)
			.last()
			.textContent();
		return shown ?? "";
	};

	it("ask and approve: the job stops, and the last card names both and what they said", async () => {
		const { recoveryId } = sandbox;
		await ask(recoveryId, "it restores the wrong snapshot");
		await sandbox.message("Approve or reject: cancel this recovery job?").waitFor();
		await picture("1-asked");
		await become("admin", "Adele Vance");
		await sandbox.page
			.getByLabel(/Comment/u)
			.last()
			.fill("seen it too, stop it");
		const path = await picture("2-decide");
		if (process.env.UPDATE_README_PICTURE) await copyFile(path, "docs/approval.png");
		await press("Approve");
		// The job may stop before the first sentence is seen.
		await sandbox.message(/You approved it\. It goes ahead|Recovery job stopped/u).waitFor();
		await picture("3-approved");
		const last = sandbox.page.locator(".ac-adaptiveCard").last();
		// The live card says that the job stopped, too, and may be the last one for a moment.
		await last
			.filter({ hasText: "Recovery job stopped" })
			.filter({ hasText: "seen it too, stop it" })
			.waitFor();
		expect(await last.textContent()).toMatch(/Alex Wilber.*Adele Vance.*seen it too, stop it/u);
		await picture("4-stopped");
	});

	it("cannot decide what they asked for, and are told so on the card", async () => {
		await ask(await startJob(), "wrong tenant");
		await press("Approve");
		await sandbox.message("This did not count").waitFor();
		await picture("5-own");
	});

	it("take back what they asked for", async () => {
		await press("Withdraw");
		await sandbox.message("You withdrew it. It has ended").waitFor();
		await picture("6-withdrawn");
	});

	it("say no, with a comment that the next request shows", async () => {
		const job = await startJob();
		await ask(job, "wrong snapshot");
		await become("admin2", "Grady Archie");
		await sandbox.page
			.getByLabel(/Comment/u)
			.last()
			.fill("this one is wanted");
		await press("Reject");
		await sandbox.message("You rejected it. It has ended").waitFor();
		await picture("7-rejected");
		await ask(job, "look again, please");
		await sandbox.message(/Grady Archie.*this one is wanted.*rejected the same before/u).waitFor();
		await picture("8-asked-again");
	});

	it("stand behind every recovery job where two are wanted, and type instead of pressing", async () => {
		await sandbox.type("sandbox approvals two-person");
		await sandbox.message("The bot starts anew with APPROVALS=two-person").waitFor();
		await become("admin", "Adele Vance");
		const job = await startJob();
		await sandbox.type(`cancel job ${job} because wrong snapshot`);
		await sandbox.message("1 of 2: Adele Vance, who asks and holds the role").waitFor();
		await picture("9-two");
		const asked = await receipt();
		await become("admin2", "Grady Archie");
		await sandbox.type(`approve ${asked} because I saw it, too`);
		await sandbox.message("You approved it. It goes ahead").waitFor();
		await sandbox.message(/2 of 2: Adele Vance.*Grady Archie/u).waitFor();
		await picture("10-two-stopped");
	});

	it("are skipped in an emergency, and one of them reviews it", async () => {
		await become("admin", "Adele Vance");
		const job = await startJob();
		await sandbox.type(`cancel job ${job} --emergency because users are being lost`);
		await sandbox.message("Review this: cancelled without a second person").waitFor();
		await picture("11-emergency");
		await become("admin2", "Grady Archie");
		await press("Acknowledge");
		await sandbox.message("Emergency reviewed").waitFor();
		await picture("12-reviewed");
	});
});
