import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { normalizeText } from "../../../src/core/requests/normalize-text.js";
import { parseCommand } from "../../../src/core/requests/parse-command.js";
import { anyText } from "../../any-text.js";

const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const OTHER = "99999999-7c1e-4e7c-9c7b-13f8d44b20c4";
const read = (raw: string) => parseCommand(normalizeText(raw, ["Recovery Control"]));

describe("the grammar", () => {
	it("survives anything", () => {
		fc.assert(
			fc.property(anyText(300), (raw) => {
				expect(typeof read(raw).kind).toBe("string");
				expect(typeof parseCommand(raw).kind).toBe("string");
			}),
		);
	});

	it("acts only on what begins with a cancel verb, courtesies aside", () => {
		const word = fc.constantFrom(
			...["cancel", "Stop", "abort", "please", "can you", "could you", "hey", "job", "the", "not", "do not"],
			...["don't", "never", "should I", "status", "because", "and", "/", "-", "?", ID, OTHER, "<s>", "Anna"],
		);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 7 }), (words) => {
				const courtesy = ["please", "can you", "could you", "hey", "/"];
				const first = words.find((said) => !courtesy.includes(said));
				const command = read(words.join(" "));
				if (command.kind !== "cancel") return;
				expect(["cancel", "Stop", "abort"]).toContain(first);
				expect(command.jobId).toBe(words.find((said) => said === ID || said === OTHER));
			}),
			{ numRuns: 2_000 },
		);
	});

	it("finds the id in whatever dress", () => {
		const wrapper = fc.constantFrom(
			["", ""],
			["{", "}"],
			['"', '"'],
			["`", "`"],
			["(", ")"],
			["**", "**"],
			["&lt;", "&gt;"],
		);
		const space = fc.constantFrom(" ", "\u00A0", "  ", "\u200B ", "&nbsp;", "\t", "\r\n");
		fc.assert(
			fc.property(fc.uuid(), wrapper, space, fc.boolean(), (id, [open, close], gap, upper) => {
				const shown = upper ? id.toUpperCase() : id;
				expect(read(`cancel${gap}job${gap}${open}${shown}${close}`)).toEqual({ kind: "cancel", jobId: id });
			}),
		);
	});

	it.each([
		...["cancel ", "<at>", "<p ", "a-", "((((", "))))", "....", "[x](", "](", ID, "&amp;", "/jobs/", ": "],
		...["because ", `${ID} `, "\u200B", "    ", "! "],
	])("stays quick on 120,000 characters of %j", (piece) => {
		const long = piece.repeat(120_000 / piece.length);
		// Tens of milliseconds; what grows with the square of the length takes from ten seconds on.
		const before = process.cpuUsage();
		for (const text of [`cancel job ${long}x`, `a${long}x`, `cancel job ${ID} ${long}x`]) {
			read(text);
			parseCommand(text);
		}
		expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
	});
});
