import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import { pressAnswer, unknownAction } from "../../src/teams/invoke-answer.js";

const render = (view: View) => ({ card: { shows: view.view }, summary: `In words: ${view.view}` });
const answer = (view: string, via: "press" | "press-in-list") => pressAnswer({ view } as View, via, render);
const NAMES = [
	"live",
	"working",
	"job",
	"follow-up",
	"refusal",
	"already-ended",
	"problem",
	"malformed",
	"unknown",
];

describe("the answer to a press", () => {
	it.each(NAMES)("takes the place of the pressed card: %s", (view) => {
		expect(answer(view, "press")).toEqual({
			statusCode: 200,
			type: "application/vnd.microsoft.card.adaptive",
			value: { shows: view },
		});
	});

	it.each(NAMES.slice(0, 3))(
		"leaves a list standing and says in words what is kept on a card of its own: %s",
		(view) => {
			expect(answer(view, "press-in-list")).toEqual({
				statusCode: 200,
				type: "application/vnd.microsoft.activity.message",
				value: `In words: ${view}`,
			});
		},
	);

	it.each(NAMES.slice(3))("takes the place of a list, too, where it is said nowhere else: %s", (view) => {
		expect(answer(view, "press-in-list")).toEqual(answer(view, "press"));
	});

	it("to a button that is not known says what to do", () => {
		expect(unknownAction()).toEqual({
			statusCode: 400,
			type: "application/vnd.microsoft.error",
			value: {
				code: "unknown-action",
				message: "This button is not known any more. Type jobs to get a fresh card.",
			},
		});
	});
});
