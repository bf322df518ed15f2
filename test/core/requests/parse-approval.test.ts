import { describe, expect, it } from "@jest/globals";
import { parseCommand } from "../../../src/core/requests/parse-command.js";

const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const RECEIPT = "RC-7F3K9Q";

describe("deciding on a request", () => {
	it.each([
		["approve RC-7F3K9Q", {}],
		["please approve request RC-7F3K9Q.", {}],
		["Approve the request rc-7f3k9q", {}],
		["approve RC 7F3K9Q", {}],
		["approve RC7F3K9Q", {}],
		["approve (RC-7F3K9Q)!", {}],
		["approve RC-7F3K9Q because: - go on", { comment: "go on" }],
		['approve "RC 7F3K9Q"', {}],
		["approve RC-7F3K9Q, - go on, now", { comment: "go on, now" }],
		["approve RC-7F3K9Q rc-7f3k9q", { comment: "rc-7f3k9q" }],
		["approve `RC-7F3K9Q` because it is the wrong snapshot", { comment: "it is the wrong snapshot" }],
		["approve RC-7F3K9Q, go on", { comment: "go on" }],
		["approve RC-7F3K9Q because RC-AAAAAA went well", { comment: "RC-AAAAAA went well" }],
	])("is understood: %s", (text, more) => {
		expect(parseCommand(text)).toEqual({ kind: "decide", verdict: "approve", reference: RECEIPT, ...more });
	});

	it("reads letters that the alphabet of receipts does not have as the digits they are taken for", () => {
		expect(parseCommand("reject rc-oil000")).toMatchObject({ verdict: "reject", reference: "RC-011000" });
	});

	it.each(["reject", "deny", "decline"])("is a no with the word %s", (word) => {
		expect(parseCommand(`${word} RC-7F3K9Q because users are lost`)).toEqual({
			kind: "decide",
			verdict: "reject",
			reference: RECEIPT,
			comment: "users are lost",
		});
	});

	it.each([
		["approve", "no-receipt"],
		["approve because of that", "no-receipt"],
		["approve RC-7F3", "not-a-receipt"],
		[`approve ${ID}`, "not-a-receipt"],
		["approve RC-7F3K9Q and RC-AAAAAA", "several-receipts"],
	])("is asked back for: %s", (text, problem) => {
		expect(parseCommand(text)).toMatchObject({ kind: "malformed", verb: "approve", problem });
	});

	it("gives back what it could not read, and not more than a line of it", () => {
		expect(parseCommand("approve RC-7F3")).toMatchObject({ found: "RC-7F3" });
		expect(parseCommand(`approve RC-${"7".repeat(100)}`)).toMatchObject({ found: `RC-${"7".repeat(57)}` });
	});

	it.each([
		"approve my leave",
		"approve arc-welding",
		"why because",
		"I approve RC-7F3K9Q",
		"they will approve RC-7F3K9Q",
		"do not approve RC-7F3K9Q",
		"did somebody reject RC-7F3K9Q?",
		"why not",
		"withdraw some money",
	])("is not read into: %s", (text) => {
		expect(parseCommand(text).kind).toBe("unknown");
	});

	it("has its other commands", () => {
		expect(parseCommand("withdraw RC-7F3K9Q")).toEqual({ kind: "withdraw", reference: RECEIPT });
		expect(parseCommand("why RC-7F3K9Q?")).toEqual({ kind: "why", reference: RECEIPT });
		expect(parseCommand("why was RC-7F3K9Q rejected")).toEqual({ kind: "why", reference: RECEIPT });
		expect(parseCommand("acknowledge review RC-7F3K9Q: all good")).toEqual({
			kind: "acknowledge",
			reference: RECEIPT,
			comment: "all good",
		});
		for (const text of ["approvals", "Show approvals.", "list me the approvals", "show the approvals?!"])
			expect(parseCommand(text)).toEqual({ kind: "approvals" });
		for (const text of [
			"no approvals",
			"approvals, please come",
			"the approvals here",
			"approvals here tomorrow",
		])
			expect(parseCommand(text).kind).toBe("unknown");
		expect(parseCommand("Approvals here!")).toEqual({ kind: "approvals-here", on: true });
		expect(parseCommand("approvals are on.")).toEqual({ kind: "approvals-here", on: true });
		expect(parseCommand("approvals off")).toEqual({ kind: "approvals-here", on: false });
	});
});
