import leven from "leven";
import { COMMANDS } from "./command.js";

/** First words that are understood, with what to type in full. */
const KNOWN = Object.values(COMMANDS).flatMap(({ words, example }) =>
	words.map((word) => [word, example] as const),
);
/** Typing mistakes that are forgiven. */
const FORGIVEN = 2;

/** Words that are looked at, and letters of each: more would only take time. */
const WORDS = 6;
const LETTERS = 12;

/** The command that the first recognisable word of the text is nearest to; none is near to two of them. */
export function nearestCommand(text: string): string | undefined {
	for (const [word] of [...text.toLowerCase().matchAll(/\p{L}+/gu)].slice(0, WORDS)) {
		const near = KNOWN.find(
			([known]) => leven(word.slice(0, LETTERS), known) <= Math.min(FORGIVEN, Math.floor(known.length / 3)),
		);
		if (near) return near[1];
	}
	return undefined;
}
