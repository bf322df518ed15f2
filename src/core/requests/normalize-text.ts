import { decodeHTML } from "entities";

/**
 * Characters that are there but not seen: zero-width, soft hyphen, byte order mark, text direction. And
 * halves of characters, which the database does not accept.
 */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\u034F|\p{Surrogate}/gu;
/** A zero-width space separates words, unless it stands inside what looks like an id. */
const ZERO_WIDTH_SPACE = /(?<![0-9a-f-])\u200B|\u200B(?![0-9a-f-])/giu;
/** Control characters count as blank: the database does not accept NUL. */
const BLANK = /[\s\p{Control}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]+/gu;

/**
 * Text as a person meant it: without the bot's own mentions (`ownMentions` are its names), without tags,
 * entities and invisible characters, and with plain spaces, quotes and dashes. Mentions of others stay
 * as their names.
 */
export function normalizeText(raw: string, ownMentions: readonly string[]): string {
	const own = new Set(ownMentions.map(fold));
	const spoken = raw.replace(/<at\b[^>]{0,200}>([^<]{0,300})<\/at>/giu, (_tag, name: string) =>
		own.has(fold(decodeHTML(name))) ? " " : ` ${name} `,
	);
	const text = decodeHTML(
		spoken.replace(
			/<\/?(?:p|br|div|span|code|pre|strong|em|b|i|u|a|at|ul|ol|li|attachment)\b[^>]{0,2000}>/giu,
			" ",
		),
	);
	return text
		.replace(ZERO_WIDTH_SPACE, " ")
		.replace(INVISIBLE, "")
		.replace(BLANK, " ")
		.replace(/[\u2018\u2019\u201A\u201B\u2032\u2039\u203A\u02BC\u00B4]/gu, "'")
		.replace(/[\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB]/gu, '"')
		.replace(/[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/gu, "-")
		.trim();
}

function fold(name: string): string {
	return name.replace(INVISIBLE, "").replace(BLANK, " ").trim().toLowerCase();
}
