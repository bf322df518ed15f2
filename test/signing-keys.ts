import { generateKeyPair } from "jose";
import type { SigningKey } from "../sandbox/cloud/tokens.js";

const made = new Map<string, Promise<SigningKey>>();

/** The key of this name, the same one each time: to make one takes a tenth of a second and more. */
export function signingKeys(name: string): Promise<SigningKey> {
	const key = made.get(name) ?? generateKeyPair("RS256", { extractable: true });
	made.set(name, key);
	return key;
}
