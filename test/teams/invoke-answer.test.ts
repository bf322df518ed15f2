import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import { pressAnswer, unknownAction } from "../../src/teams/invoke-answer.js";

const render = (view: View) => ({ card: { shows: view.view }, summary: `In words: ${view.view}` });
const answer = (view: string, as: "card" | "words") => pressAnswer({ as, view: { view } as View }, render);

describe("the answer to a press", () => {
	it.each(["live", "working", "job", "refusal"])("takes the place of the pressed card: %s", (view) => {
		expect(answer(view, "card")).toEqual({
			statusCode: 200,
			type: "application/vnd.microsoft.card.adaptive",
			value: { shows: view },
		});
	});

	it.each(["live", "working", "job", "refusal"])(
		"leaves a card standing and says in words what became of it: %s",
		(view) => {
			expect(answer(view, "words")).toEqual({
				statusCode: 200,
				type: "application/vnd.microsoft.activity.message",
				value: `In words: ${view}`,
			});
		},
	);

	it("to a button that is not known is an error in words of the reader's language", () => {
		expect(unknownAction("Unbekannt.")).toEqual({
			statusCode: 400,
			type: "application/vnd.microsoft.error",
			value: {
				code: "unknown-action",
				message: "Unbekannt.",
			},
		});
	});
});
