import { describe, expect, it } from "@jest/globals";
import { face, SYMBOLS } from "../../src/cards/face.js";
import { expand } from "../../src/cards/template.js";

const data = {
	...face({ tone: "good", symbol: SYMBOLS.yes, title: "Done" }),
	lang: "en",
	rtl: false,
	heading: "Done",
	factRows: [],
	buttonRows: [],
	fallbackText: "Done",
};

describe("the template", () => {
	it("is filled anew each time", () => {
		const cards = ["one", "two"].map((heading) => JSON.stringify(expand("card", { ...data, heading })));
		expect(cards[0]).toContain('"one"');
		expect(cards[1]).toContain('"two"');
		expect(cards[1]).not.toContain('"one"');
	});

	it.each(["$".concat("{title}"), "$".concat("{$root.symbol}"), "$".concat("{1+1}")])(
		"never reads a text as a template itself: %s",
		(lead) => {
			expect(JSON.stringify(expand("card", { ...data, lead }))).toContain(JSON.stringify(lead));
		},
	);

	it("leaves buttons as they are, whatever their words look like", () => {
		const title = "$".concat("{lead}");
		const buttonRows = [{ buttons: [{ type: "Action.OpenUrl", title, url: "https://entra.example/" }] }];
		expect(JSON.stringify(expand("card", { ...data, buttonRows }))).toContain(JSON.stringify(title));
	});
});
