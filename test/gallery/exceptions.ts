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
	{
		rule: "height",
		state: /^live: followed without/u,
		why: "says why nothing more is sent, what may have arrived and what to do, above the whole record",
	},
	{
		rule: "height",
		state: /^(?:approval|review)\b/u,
		why: "whoever decides sees all of what is asked for, and a field for their own words",
	},
	{
		rule: "height",
		state: /^why: through a group/u,
		why: "the evidence of each decision is what was asked for",
	},
	{ rule: "height", state: /^live: (?:announcement missed|supersedes)$/u, why: "stands in for another card" },
];

export function isExcepted(rule: Rule, { state }: Pick<Drawn, "state">): boolean {
	return EXCEPTIONS.some((one) => one.rule === rule && one.state.test(state));
}
