import { LONGEST_REASON } from "./command.js";

/** What begins a reason or a comment. Only these make a second id part of it: "as well as <id>" must not lose that id. */
export const BECAUSE = /^(?:because(?: of)?|reason|comment)\b[\s:=,-]*/iu;

/** Why somebody wants something, without what begins it; nothing when it holds no word. */
export function readReason(text: string): string | undefined {
	const reason = text
		.replace(BECAUSE, "")
		.replace(/^[\s,;:.-]+/u, "")
		.slice(0, LONGEST_REASON)
		// The cut may halve a character, and the database accepts no halves.
		.replace(/\p{Surrogate}/gu, "")
		.trim();
	return /[\p{L}\p{N}\p{S}]/u.test(reason) ? reason : undefined;
}
