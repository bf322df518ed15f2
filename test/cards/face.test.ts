import { describe, expect, it } from "@jest/globals";
import { face, facts, notes } from "../../src/cards/face.js";

describe("a face", () => {
	it("says nothing that it was not given", () => {
		expect(face({ tone: "good", symbol: "✔", title: "Done" })).toEqual({
			tone: "good",
			symbol: "✔",
			title: "Done",
			lead: "",
			quote: "",
			facts: [],
			notes: [],
			smallPrint: [],
		});
	});

	it("says what it was given", () => {
		const parts = {
			tone: "warning",
			symbol: "?",
			title: "What",
			lead: "lead",
			quote: "quote",
			facts: [{ title: "a", value: "b" }],
			notes: [{ text: "note" }],
			smallPrint: [{ text: "small" }],
		} as const;
		expect(face(parts)).toEqual(parts);
	});

	it("has the notes and facts that there is something to say of", () => {
		expect(notes("a", undefined, "", "b")).toEqual([{ text: "a" }, { text: "b" }]);
		expect(facts(["A", "1"], ["B", undefined], ["C", ""], ["D", "0"])).toEqual([
			{ title: "A", value: "1" },
			{ title: "D", value: "0" },
		]);
	});
});
