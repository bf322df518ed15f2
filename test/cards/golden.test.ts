import { describe, expect, it } from "@jest/globals";
import { renderCard } from "../../src/cards/render-card.js";
import { views } from "./fixtures.js";

/**
 * What every card says, to the letter: the words are the product. A change shows as a difference in
 * `__snapshots__`, which is reviewed like code; `npm test -- test/cards/golden -u` takes it over.
 */
describe("the words", () => {
	it.each(views)("of %s", (_name, view) => {
		const { card, summary } = renderCard(view);
		expect(`${summary}\n\n${wordsOf(card).join("\n")}\n`).toMatchSnapshot();
	});
});

describe("the whole card", () => {
	const firstOfEach = new Map([...views].reverse().map(([name, view]) => [view.view, [name, view] as const]));
	it.each([...firstOfEach.values()])("of %s", (_name, view) => {
		expect(`${JSON.stringify(renderCard(view).card, undefined, "\t")}\n`).toMatchSnapshot();
	});
});

/** One line for each thing that can be read or pressed, in the order of reading. */
function wordsOf(part: unknown): string[] {
	if (Array.isArray(part)) return part.flatMap(wordsOf);
	if (part === null || typeof part !== "object") return [];
	const { type, title, text, value, label, style, color, ...rest } = part as Record<string, unknown>;
	const look = [style, color].filter((one) => one !== undefined).join(" ");
	const said = [title, label, text, value].filter((one) => typeof one === "string").join(": ");
	const kind = typeof type === "string" && /^(?:Action|Input)\./u.test(type) ? `[${type}] ` : "";
	return [
		...(said + look === "" ? [] : [`${kind}${said}${look && ` (${look})`}`]),
		...Object.values(rest).flatMap(wordsOf),
	];
}
