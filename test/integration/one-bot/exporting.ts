import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { answerOffer, type Offer, offerTrail } from "../file-consent.js";
import { PEOPLE, type Stage } from "../stage.js";

/** Files in a personal chat. `opened` gives the stage once it is open. */
export function exporting(opened: () => Stage): void {
	describe("a file in a personal chat", () => {
		let stage: Stage;
		const anna = PEOPLE.admin;
		const chat = `chat-${anna.key}`;
		beforeAll(async () => {
			stage = opened();
			// Something to export.
			await stage.say(anna, "help");
			await stage.card(chat, /whoami/u);
		});

		const offer = () => offerTrail(stage);
		const invoke = (action: "accept" | "decline", of: Offer, uploadUrl?: string) =>
			answerOffer(stage, action, of, uploadUrl);

		it("is offered, put where Teams says without a token, and shown in the offer's place", async () => {
			const offered = await offer();
			const path = `/upload/${randomUUID()}`;
			const answer = await invoke("accept", offered, `${stage.cloud.origin}${path}`);
			expect(answer).toMatchObject({ status: 200 });
			const shown = await stage.card(chat, /teams\.card\.file\.info/u, "update");
			expect(shown.id).toBe(offered.message);
			const [file] = stage.cloud.files.uploaded;
			const size = Buffer.byteLength(file?.text ?? "");
			expect(file).toMatchObject({ path, authorized: false, range: `bytes 0-${size - 1}/${size}` });
			const lines = (file?.text ?? "").trimEnd().split("\n");
			expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, index) => `${index + 1}`));
			expect(stage.bot.lines.join("\n")).not.toContain(path);
		}, 60_000);

		it("goes nowhere else, and says so in its place", async () => {
			const offered = await offer();
			expect(await invoke("accept", offered, "https://evil.example/upload")).toMatchObject({ status: 200 });
			const told = await stage.card(chat, /FILE_UPLOAD_HOSTS/u, "update");
			expect(told.id).toBe(offered.message);
		}, 60_000);

		it("that was declined is told as declined; what cannot be read is answered, and does nothing", async () => {
			const offered = await offer();
			expect(await invoke("decline", offered)).toMatchObject({ status: 200 });
			const told = await stage.card(chat, /You declined it/u, "update");
			expect(told.id).toBe(offered.message);
			expect(await invoke("accept", { id: "nonsense", message: "x" })).toMatchObject({ status: 200 });
		}, 60_000);
	});
}
