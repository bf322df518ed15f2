import { z } from "zod";
import { normalizeText } from "../core/requests/normalize-text.js";

/** Longest text that is read at all; Teams itself allows about 28,000 characters. */
export const LONGEST_TEXT = 30_000;
export const LONGEST_ID = 200;

/** What our buttons carry, and beside it what was written into the fields of the card. */
export const pressed = z.looseObject({ id: z.string(), version: z.number() });
export type PressData = z.infer<typeof pressed>;

/** Text without what the database cannot hold: NUL, and half of a character that was cut in two. */
export function cleanText(text: string, length: number): string {
	return normalizeText(text.slice(0, LONGEST_TEXT), [])
		.slice(0, length)
		.replace(/\p{Surrogate}/u, "");
}
