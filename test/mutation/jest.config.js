import { fileURLToPath } from "node:url";
import { typescript } from "../../jest.config.js";

/** Without what the other tests build first: a changed source may not compile, and is to be run all the same. */
export default {
	...typescript,
	rootDir: "../..",
	// As for the tests themselves; Stryker sooner makes an end of a mutant that hangs.
	testTimeout: 30_000,
	// Stryker looks for it itself, and knows nothing of `<rootDir>`.
	testEnvironment: fileURLToPath(new URL("first-failure-environment.js", import.meta.url)),
};
