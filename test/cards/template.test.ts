import { describe, expect, it } from "@jest/globals";
import { face } from "../../src/cards/face.js";
import { expand, type TemplateName } from "../../src/cards/template.js";

const data = face({ tone: "good", symbol: "✔", title: "Done" });

describe("a template", () => {
	it.each(["notice", "live", "follow-up", "job", "jobs", "help"] as const)(
		"of the card %s is filled anew each time",
		(name: TemplateName) => {
			const cards = ["one", "two"].map((title) => JSON.stringify(expand(name, { ...data, title })));
			expect(cards[0]).toContain("✔  one");
			expect(cards[1]).toContain("✔  two");
			expect(cards[1]).not.toContain("✔  one");
		},
	);

	it.each(["$".concat("{title}"), "$".concat("{$root.symbol}"), "$".concat("{1+1}")])(
		"never reads a text as a template itself: %s",
		(lead) => {
			expect(JSON.stringify(expand("notice", { ...data, lead }))).toContain(JSON.stringify(lead));
		},
	);
});
