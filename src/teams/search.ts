import { z } from "zod";

/** What the search box shows: results to choose from, or why there are none. */
export type SearchAnswer =
	| {
			readonly kind: "results";
			readonly results: readonly { readonly title: string; readonly text: string; readonly card: object }[];
	  }
	| { readonly kind: "message"; readonly text: string };

/** Longest text that is looked for, in characters. */
const LONGEST_SEARCH = 200;

const query = z.object({
	commandId: z.literal("jobs"),
	parameters: z.array(z.object({ name: z.string(), value: z.string().catch("") })).catch([]),
});

/** What is looked for; nothing at all when the box has just been opened. `undefined` for another command. */
export function readSearch(value: unknown): string | undefined {
	const { data } = query.safeParse(value);
	const text = data?.parameters.find(({ name }) => name === "query")?.value ?? "";
	return data && text.slice(0, LONGEST_SEARCH).trim();
}

/**
 * The body of an answer to a search.
 * https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands/respond-to-search
 */
export function searchBody(answer: SearchAnswer): object {
	if (answer.kind === "message") return { composeExtension: { type: "message", text: answer.text } };
	return {
		composeExtension: {
			type: "result",
			attachmentLayout: "list",
			attachments: answer.results.map(({ title, text, card }) => ({
				contentType: "application/vnd.microsoft.card.adaptive",
				content: card,
				preview: { contentType: "application/vnd.microsoft.card.thumbnail", content: { title, text } },
			})),
		},
	};
}
