import { randomInt, randomUUID } from "node:crypto";
import type { Clock, Ids } from "./app/ports.js";

export const systemClock: Clock = { now: () => new Date() };

/** Crockford's alphabet: no letters that are mistaken for digits when read aloud. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RECEIPT_LENGTH = 6;

export const randomIds: Ids = {
	uuid: () => randomUUID(),
	receipt: () =>
		`RC-${Array.from({ length: RECEIPT_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")}`,
};
