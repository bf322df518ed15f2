import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Job } from "../../../sandbox/cloud/job-life.js";
import { approvalSteps } from "../approval-steps.js";
import { PEOPLE, type Stage } from "../stage.js";

const { admin } = PEOPLE;

/** What somebody writes who decides, as it comes from their client. */
export function commenting(opened: () => Stage): void {
	describe("a comment on a request for approval", () => {
		let stage: Stage;
		const { posts, latest, request, press, eachCard } = approvalSteps(() => stage);
		beforeAll(() => {
			stage = opened();
		});

		/** The cards after the no, without what stands in notifications, which are plain text. */
		const commented = async (job: Job, chat: string) => {
			await eachCard(chat, /rejected/iu);
			expect(posts(job)).toBe(0);
			const plain = new Set(["summary", "fallbackText"]);
			return [...latest(chat).values()]
				.map((card) => JSON.stringify(JSON.parse(card, (key, value) => (plain.has(key) ? "" : value))))
				.join("\n");
		};

		it.each([
			["none", undefined],
			["nothing but blanks", " \n\t "],
			["something that is no text", { toString: "x" }],
		])("that is %s is decided without one", async (_what, comment) => {
			const one = await request("commented");
			const no = await press(admin, "reject", one.id, one.chat, { comment }, one.card);
			expect(no.body).toContain("You rejected it");
			expect(await commented(one.job, one.chat)).not.toMatch(/Adele Vance \(“|object Object/u);
		});

		it("that is over-long shows as much of it as a card has room for", async () => {
			const one = await request("commented");
			const comment = `${"long ".repeat(5_000)}END`;
			const no = await press(admin, "reject", one.id, one.chat, { comment }, one.card);
			expect(no.body).toContain("You rejected it");
			const shown = await commented(one.job, one.chat);
			expect(shown).toContain("long long");
			expect(shown).not.toContain("END");
			expect(shown).not.toContain("long ".repeat(110));
		});

		it("that is markup shows it as it was written, and mentions and links nobody", async () => {
			const one = await request("commented");
			const comment =
				"<at>Everyone</at> **bold** [here](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}} \u202eevil";
			const no = await press(admin, "reject", one.id, one.chat, { comment }, one.card);
			expect(no.body).toContain("You rejected it");
			const shown = await commented(one.job, one.chat);
			expect(shown).toContain("Everyone");
			for (const markup of ["<at>Everyone", " **bold", "[here](", "{{DATE(2026-01-01", "\u202e"])
				expect(shown).not.toContain(markup);
		});
	});
}
