import { describe, expect, it } from "@jest/globals";
import { refusalWords } from "../../src/cards/refusal-words.js";

describe("the words of a refusal", () => {
	it.each(["other-tenant", "no-identity", "account-disabled", "guest", "scoped-role", "no-role"] as const)(
		"say why: %s",
		(rule) => {
			expect(refusalWords(rule, "cancel")).toMatchSnapshot();
			expect(refusalWords(rule, "view")).toMatchSnapshot();
		},
	);

	it.each(["not-found", "forbidden", "throttled", "timeout", "unavailable", undefined] as const)(
		"say why nobody could look: %s",
		(problem) => {
			expect(refusalWords("unreadable-standing", "cancel", problem)).toMatchSnapshot();
		},
	);
});
