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
	// Known, and to go when the cards have got their new words and layouts:
	{
		rule: "height",
		state: /^(?:live|warning): followed without/u,
		why: "says in sentences what buttons could do",
	},
	{ rule: "height", state: /^live: (?:announcement missed|supersedes)$/u, why: "repeats the follow-up card" },
	{ rule: "height", state: /^follow-up(?!.*at its longest)/u, why: "repeats the live card" },
	{ rule: "height", state: /^jobs: many$/u, why: "five running and ten ended jobs" },
	{
		rule: "clipped",
		state: /at its longest$/u,
		why: "a quote does not break a word that is longer than a line",
	},
	{ rule: "names", state: /^jobs: many$/u, why: "the buttons of a list do not name their job" },
];

export function isExcepted(rule: Rule, { state }: Pick<Drawn, "state">): boolean {
	return EXCEPTIONS.some((one) => one.rule === rule && one.state.test(state));
}
