import type { Words } from "./words.js";

/** Longest echo of typed text on a card, in characters as people see them. */
export const ECHO_LENGTH = 120;
const NAME_LENGTH = 64;
/** A character as people see it can be any number of code units long; together they may not be. */
const UNITS_PER_CHARACTER = 4;

/** Shown as nothing; keeps two characters from being read together as markup. */
const JOINER = "\u2060";
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Text of a person for a `TextRun`, which knows no markdown: cleaned, shortened, and never a mention. */
export function plainText(text: string, length: number): string {
	return shorten(text.replace(HIDDEN, " ").replace(/\s+/gu, " ").trim(), length).replace(
		/<|&/gu,
		`$&${JOINER}`,
	);
}

/**
 * Text of a person or of Graph for a `TextBlock` or a fact: as `plainText`, with everything taken out
 * of force that markdown, a mention or a date function is made of.
 */
export function escapeText(text: string, length: number = NAME_LENGTH): string {
	return plainText(text, length)
		.replace(/[\\`*_[\]~]/gu, "\\$&")
		.replace(/\{(?=\{)/gu, `{${JOINER}`)
		.replace(/^(?=[-+#>]|\d+[.)])/u, JOINER);
}

/** A person for a `TextBlock` or a fact; somebody of whom no name is known is somebody. */
export function personName(name: string, { say }: Pick<Words, "say">): string {
	return escapeText(name) || say("names.somebody");
}

/** A name inside `<at>…</at>`: there markup cannot be escaped, so it is left out; nothing else may be left. */
export function mentionName(name: string): string {
	return plainText(name, NAME_LENGTH)
		.replace(/[\\`*_[\]()~<>&{}\u2060]/gu, "")
		.trim();
}

/** A person as a card mentions them: the text for the card, and whom it stands for. */
export interface Mention {
	readonly type: "mention";
	readonly text: string;
	readonly mentioned: { readonly id: string; readonly name: string };
}

export function mention(
	person: { readonly name: string; readonly channelUserId: string },
	{ say }: Pick<Words, "say">,
): Mention {
	const name = mentionName(person.name) || say("names.somebody");
	return { type: "mention", text: `<at>${name}</at>`, mentioned: { id: person.channelUserId, name } };
}

/** Words of a person between quotation marks, for a `TextRun`; nothing when there are none. */
export function quoted(text: string | undefined, length: number, { say }: Pick<Words, "say">): string {
	return text === undefined ? "" : say("live.reason", { reason: plainText(text, length) });
}

function shorten(text: string, length: number): string {
	// Nearly all text: no character has less than one code unit.
	if (text.length <= length) return text;
	const limit = length * UNITS_PER_CHARACTER;
	const ends: number[] = [];
	for (const { index, segment } of segmenter.segment(text)) {
		const end = index + segment.length;
		if (ends.length === length || end > limit)
			return `${text.slice(0, ends.at(length - 2) ?? ends.at(-1) ?? 0)}…`;
		ends.push(end);
	}
	return text;
}
