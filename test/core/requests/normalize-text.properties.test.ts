import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { normalizeText } from "../../../src/core/requests/normalize-text.js";
import { anyText } from "../../any-text.js";

const normalize = (raw: string) => normalizeText(raw, ["Recovery Control", "R&D Bot"]);

describe("the text of a message", () => {
	it("is one line of single spaces that any database keeps, whatever came in", () => {
		fc.assert(
			fc.property(anyText(300), (raw) => {
				const text = normalize(raw);
				expect(text).toBe(text.trim());
				expect(text).not.toMatch(/\s{2}|[^\S ]|\p{Control}|\p{Surrogate}/u);
			}),
		);
	});
});
