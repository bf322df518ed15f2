import type { SigningKey } from "../sandbox/cloud/tokens.js";

declare global {
	/** The key of this name, the same one in all files of tests: see `environment.js`. */
	var signingKeys: (name: string) => Promise<SigningKey>;
}
