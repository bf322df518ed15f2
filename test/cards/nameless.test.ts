import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import { wordsFor } from "../../src/cards/words.js";
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

function peopleIn(view: View): number {
	let people = 0;
	called(() => `${people++}`, view);
	return people;
}

const everybody = () => true;
const everyOther = (nth: number) => nth % 2 === 0;
const theOthers = (nth: number) => nth % 2 === 1;

/** Not English, in which a word that is no message would pass for one. */
const locale = "de";

describe("a person whose name is not known", () => {
	const somebody = wordsFor(locale).say("names.somebody");
	const all = [...views.map(([, one]) => one), ...rareViews];

	it.each([
		["everybody", everybody, 1],
		["every other person", everyOther, 2],
		["all the others", theOthers, 2],
	])("is somebody on every card, in the words of who reads it: %s", (_who, isNameless, atLeast) => {
		for (const view of all.filter((one) => peopleIn(one) >= atLeast)) {
			const shown = (name: string) =>
				draw(
					called((nth) => (isNameless(nth) ? name : "Kim"), view),
					{ locale },
				);
			expect(shown("")).toEqual(shown(somebody));
		}
	});

	it("is looked for where cards show people", () => {
		const shown = (name: string, view: View) => JSON.stringify(draw(called(() => name, view)));
		expect(all.filter((view) => shown("Kim", view) !== shown("Lee", view)).length).toBeGreaterThan(150);
	});
});
