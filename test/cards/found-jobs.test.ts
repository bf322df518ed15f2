import { describe, expect, it } from "@jest/globals";
import { drawFound, notHereWords } from "../../src/cards/found-jobs.js";
import { wordsFor } from "../../src/cards/words.js";
import { at, job, jobId } from "./fixtures.js";
import { foundJobs } from "./found-states.js";
import { wordsOf } from "./golden.js";

const pen = { words: wordsFor("en"), now: new Date(at), adminCenterUrl: "https://entra.microsoft.com" };
const NONE = ["not-found", "refused", "unchecked", "unavailable"] as const;

describe("what the search box shows", () => {
	it("is a line for each job, and a card that says nothing that changes", () => {
		const found = drawFound({ kind: "found", jobs: [job({ status: "running" })] }, pen);
		if (found.kind !== "results") throw new Error("there are no results");
		const [result] = found.results;
		expect(result?.title).toMatch(/^Recovery job: /u);
		expect(result?.text).toMatch(/^3f4a6b60.*started .*UTC$/u);
		const card = JSON.stringify(result?.card);
		expect(card).toContain(jobId);
		expect(card).not.toMatch(/running|500|started|cancel/iu);
	});

	it("has one button, which asks the bot for a card of its own", () => {
		const found = drawFound({ kind: "found", jobs: [job()] }, pen);
		const card = JSON.stringify(found.kind === "results" ? found.results[0]?.card : undefined);
		expect(card.match(/"Action\.Execute"/gu)).toHaveLength(1);
		expect(card).toContain('"verb":"post-job"');
		expect(card).toContain(`"data":{"id":"${jobId}","version":1}`);
	});

	it.each(NONE)("says why there is none: %s", (kind) => {
		const found = drawFound({ kind }, pen);
		expect(found).toEqual({ kind: "message", text: expect.stringMatching(/\w{3,}.*\.$/u) });
	});

	it("says the same as ever", () => {
		const found = drawFound({ kind: "found", jobs: foundJobs.map(([, one]) => one) }, pen);
		if (found.kind !== "results") throw new Error("there are no results");
		const results = found.results.map(({ title, text, card }) => [title, text, ...wordsOf(card)].join("\n"));
		const why = NONE.map((kind) => drawFound({ kind }, pen)).map((one) => "text" in one && one.text);
		expect([...results, ...why, notHereWords(pen)].join("\n\n")).toMatchSnapshot();
	});

	it("says where the bot is not what to do", () => {
		expect(notHereWords(pen)).toMatch(/Add the app/u);
	});
});
