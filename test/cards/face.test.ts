import { describe, expect, it } from "@jest/globals";
import { press } from "../../src/cards/buttons.js";
import { buttonRows, face, factRows, facts, heading, notes, SYMBOLS } from "../../src/cards/face.js";

describe("a face", () => {
	it("is empty where nothing is to be said", () => {
		const { tone, symbol, title, ...rest } = face({ tone: "good", symbol: SYMBOLS.yes, title: "Done" });
		expect({ tone, symbol, title }).toEqual({ tone: "good", symbol: "√", title: "Done" });
		expect(new Set(Object.values(rest).map((part) => JSON.stringify(part)))).toEqual(new Set(['""', "[]"]));
		expect(Object.keys(rest)).toContain("buttons");
	});

	it("keeps what it is given", () => {
		const parts = {
			tone: "warning",
			symbol: SYMBOLS.unclear,
			title: "What",
			lead: "lead",
			facts: [{ title: "a", value: "b", wide: true }],
		} as const;
		expect(face(parts)).toMatchObject(parts);
	});

	it("has no symbol before its title where it needs none", () => {
		expect(heading({ symbol: "", title: "Help" })).toBe("Help");
		expect(heading({ symbol: "×", title: "No" })).toBe("×  No");
	});
});

describe("the symbols", () => {
	it("mean one thing each, and are letters of every font rather than pictures", () => {
		const all = Object.values(SYMBOLS);
		expect(new Set(all).size).toBe(all.length);
		for (const symbol of all) expect(symbol).not.toMatch(/\p{Emoji_Presentation}|\p{Extended_Pictographic}/u);
	});
});

describe("notes and facts", () => {
	it("are only those that say something", () => {
		expect(notes("a", undefined, "", "b")).toEqual([{ text: "a" }, { text: "b" }]);
		expect(facts(["a", "1"], ["b", undefined], ["c", ""], ["d", "2", "wide"])).toEqual([
			{ title: "a", value: "1", wide: false },
			{ title: "d", value: "2", wide: true },
		]);
	});

	it("stand two in a row, unless one needs the width", () => {
		const rows = (...wide: boolean[]) =>
			factRows(wide.map((one, index) => ({ title: `${index}`, value: "", wide: one }))).map((row) =>
				row.facts.map(({ title }) => title).join(""),
			);
		expect(rows(false, false, false)).toEqual(["01", "2"]);
		expect(rows(false, true, false, false)).toEqual(["0", "1", "23"]);
		expect(rows(true, true, false)).toEqual(["0", "1", "2"]);
		expect(rows()).toEqual([]);
	});
});

describe("buttons", () => {
	const rows = (...titles: string[]) =>
		buttonRows(titles.map((title) => press(title, "show-jobs", "jobs"))).map(({ buttons }) =>
			buttons.map(({ title }) => title),
		);

	it("begin a new line where a telephone has no room for them", () => {
		expect(rows("Refresh", "Open Entra admin centre")).toEqual([["Refresh", "Open Entra admin centre"]]);
		expect(rows("Check again", "Open Entra admin centre", "Details")).toEqual([
			["Check again"],
			["Open Entra admin centre", "Details"],
		]);
		expect(rows("A button that is wider than all of the card", "Details")).toEqual([
			["A button that is wider than all of the card"],
			["Details"],
		]);
		expect(rows()).toEqual([]);
	});

	it("are as wide as their letters are", () => {
		expect(rows("管理センターを開く", "ジョブを表示する")).toEqual([
			["管理センターを開く"],
			["ジョブを表示する"],
		]);
		expect(rows("abcdefghi", "abcdef")).toEqual([["abcdefghi", "abcdef"]]);
	});
});
