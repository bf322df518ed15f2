import { expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import { draw } from "./fixtures.js";
import { views } from "./states.js";

/**
 * Keeps what these views say, to the letter: the words are the product. A change shows as a difference in
 * `__snapshots__`, which is reviewed like code; `npm test -- test/cards -u` takes it over.
 */
export function keepGolden(...names: readonly View["view"][]): void {
	const kept = views.filter(([, { view }]) => names.includes(view));
	const firstOfEach = new Map([...kept].reverse().map((named) => [named[1].view, named] as const));

	it.each(kept)("says the same as ever: %s", (_name, view) => {
		const { card, summary } = draw(view);
		expect(`${summary}\n\n${wordsOf(card).join("\n")}\n`).toMatchSnapshot();
	});

	it.each([...firstOfEach.values()])("looks the same as ever: %s", (_name, view) => {
		expect(`${JSON.stringify(draw(view).card, undefined, "\t")}\n`).toMatchSnapshot();
	});
}

/** One line for each thing that can be read or pressed, in the order of reading. */
export function wordsOf(part: unknown): string[] {
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
