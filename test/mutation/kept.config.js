import { fileURLToPath } from "node:url";
import { natively } from "../../jest.config.js";
import compileTests from "../jest/compile.js";

// Here, since Stryker sets Jest up anew for every mutant.
await compileTests();

/** Modules are loaded once, as for the tests themselves, and a mutant is a switch in them: a run of all tests takes little. */
export default {
	...natively,
	globalSetup: undefined,
	rootDir: "../..",
	testTimeout: 30_000,
	// Stryker looks for it itself, and knows nothing of `<rootDir>`.
	testEnvironment: fileURLToPath(new URL("kept-environment.cjs", import.meta.url)),
	// Only to find out which tests are about a file.
	moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
};
