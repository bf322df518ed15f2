import type { Person } from "./cloud/people.js";

const CARD = "AdaptiveCard";

/** How the sandbox says who is played. */
export function played({ name, key }: Person): string {
	return `${name} (${key})`;
}

/**
 * Adds to every card, in a message of the bot or in its answer to a press, for whom it is: the chat client knows only
 * one person. Anything else stays as it is.
 */
export function withPersonaLine(body: string, person: Person): string {
	if (!body.includes(CARD)) return body;
	const line = {
		type: "TextBlock",
		text: `Sandbox: you play ${played(person)}`,
		size: "Small",
		isSubtle: true,
		separator: true,
		wrap: true,
	};
	// A card inside a card, such as the form of a button, is no card of its own: only those that messages carry are.
	return JSON.stringify(JSON.parse(body), (key, value) =>
		(key === "content" || key === "value") && value?.type === CARD
			? { ...value, body: [...(value.body ?? []), line] }
			: value,
	);
}
