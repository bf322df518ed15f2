import { describe, expect, it } from "@jest/globals";
import { LONGEST_REASON } from "../../../src/core/requests/command.js";
import { readReason } from "../../../src/core/requests/reason.js";

describe("a reason or a comment", () => {
	it.each(["42", "é", "👍", "go on"])("may be as short as %j", (text) => {
		expect(readReason(text)).toBe(text);
	});

	it.each(["", " ", "...!", "– ?"])("is none without a word, a number or a sign of approval: %j", (text) => {
		expect(readReason(text)).toBeUndefined();
	});

	it.each(["because of ", "Because: ", "reason = ", "comment - ", ", ", "... "])(
		"is told without what begins it: %j",
		(beginning) => {
			expect(readReason(`${beginning}wrong group `)).toBe("wrong group");
		},
	);

	it("loses only one such beginning", () => {
		expect(readReason("reason: because it is late")).toBe("because it is late");
	});

	it("is cut between characters, since the database accepts no halves", () => {
		const most = "x".repeat(LONGEST_REASON);
		expect(readReason(`${most}x`)).toBe(most);
		expect(readReason(`${most.slice(1)}🧯`)).toBe(most.slice(1));
	});
});
