import type { Drawn } from "./draw-gallery.js";

export type Rule = "height" | "clipped" | "names";

/** A card that may break a rule, and why. One that breaks it no longer has to go from this list. */
export interface Exception {
	readonly rule: Rule;
	readonly state: RegExp;
	readonly why: string;
}

export const EXCEPTIONS: readonly Exception[] = [
	{ rule: "height", state: /at its longest$/u, why: "a reason of 500 characters is shown whole" },
	{ rule: "clipped", state: /at its longest$/u, why: "a quote does not break a word longer than a line" },
	{ rule: "names", state: /^jobs: many$/u, why: "each form asks for a reason; few people open two of them" },
	// To be mended in the cards, and then to go from here:
	{ rule: "height", state: /^live: followed without/u, why: "tells at length why nothing more is asked" },
	{ rule: "height", state: /^live: (?:announcement missed|supersedes)$/u, why: "one more note than others" },
	{ rule: "height", state: /^(?:help|greeting)/u, why: "lists every command" },
	{ rule: "height", state: /^history/u, why: "eight rows, each with a button" },
	{ rule: "names", state: /^history/u, why: "the buttons of its rows do not name their job" },
	{ rule: "height", state: /^job: offered/u, why: "the form stands below facts that it repeats" },
	{ rule: "height", state: /^(?:approval|reminder|review|told)/u, why: "all facts stand above the buttons" },
	{
		rule: "clipped",
		state: /^(?:live|warning|follow-up|refusal|approval|jobs)/u,
		why: "two or three buttons in a row lack some pixels of room",
	},
];

export function isExcepted(rule: Rule, { state }: Pick<Drawn, "state">): boolean {
	return EXCEPTIONS.some((one) => one.rule === rule && one.state.test(state));
}
