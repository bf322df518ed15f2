import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import { LANGUAGES, wordsFor } from "../../src/cards/words.js";
import { draw } from "./fixtures.js";
import { rareViews } from "./rare-states.js";
import { views } from "./states.js";

/** Where a view keeps nothing of a person but the name. */
const NAMES: ReadonlySet<string> = new Set([
	"requesterName",
	"requester",
	"sentFor",
	"taker",
	"takenBy",
	"who",
]);
const STORY = ["asked", "decided", "alone", "emergency", "sent"];

/** A view in which people are called so; `nameOf` counts them. */
function called(nameOf: (nth: number) => string, view: View): View {
	let people = 0;
	const walk = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(walk);
		if (value === null || typeof value !== "object") return value;
		const fields = value as Readonly<Record<string, unknown>>;
		const person = "userId" in fields || "channelUserId" in fields || STORY.includes(String(fields.what));
		const isName = (key: string) =>
			NAMES.has(key) || (key === "name" && person) || (key === "from" && "change" in fields);
		return Object.fromEntries(
			Object.entries(fields).map(([key, inner]) => {
				if (isName(key) && typeof inner === "string") return [key, nameOf(people++)];
				if (key === "named" && Array.isArray(inner)) return [key, inner.map(() => nameOf(people++))];
				return [key, walk(inner)];
			}),
		);
	};
	return walk(view) as View;
}

const everybody = () => true;
const everyOther = (nth: number) => nth % 2 === 0;
const theOthers = (nth: number) => nth % 2 === 1;

describe("a person whose name is not known", () => {
	it.each(LANGUAGES)("is somebody on every card, in the words of who reads it: %s", (locale) => {
		const somebody = wordsFor(locale).say("names.somebody");
		let drawn = 0;
		for (const view of [...views.map(([, one]) => one), ...rareViews])
			for (const isNameless of [everybody, everyOther, theOthers]) {
				const shown = (name: string) => {
					const nameOf = (nth: number) => (isNameless(nth) ? name : "Kim");
					return draw(called(nameOf, view), { locale });
				};
				expect(shown("")).toEqual(shown(somebody));
				if (JSON.stringify(shown("")) !== JSON.stringify(shown("Lee"))) drawn++;
			}
		expect(drawn).toBeGreaterThan(400);
	});
});
