import type { PressAnswer } from "../app/requests/answer-press.js";
import type { View } from "../app/views.js";
import type { Rendered } from "./messenger.js";

/**
 * The body of an answer to a pressed button. The HTTP status is 200 whenever our code ran: anything
 * else makes Teams show an error of its own.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
 */
export type InvokeBody =
	| {
			readonly statusCode: 200;
			readonly type: "application/vnd.microsoft.card.adaptive";
			readonly value: object;
	  }
	| {
			readonly statusCode: 200;
			readonly type: "application/vnd.microsoft.activity.message";
			readonly value: string;
	  }
	| {
			readonly statusCode: 400;
			readonly type: "application/vnd.microsoft.error";
			readonly value: { readonly code: string; readonly message: string };
	  };

/** A card takes the place of the pressed one; where that one stays, the news is told in words. */
export function pressAnswer({ as, view }: PressAnswer, render: (view: View) => Rendered): InvokeBody {
	const { card, summary } = render(view);
	return as === "words"
		? wordsAnswer(summary)
		: { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: card };
}

export function wordsAnswer(value: string): InvokeBody {
	return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value };
}

export function unknownAction(message: string): InvokeBody {
	return {
		statusCode: 400,
		type: "application/vnd.microsoft.error",
		value: { code: "unknown-action", message },
	};
}
