import { fileURLToPath } from "node:url";
import { typescript } from "../../jest.config.js";

/** Without what the other tests build first: a changed source may not compile, and is to be run all the same. */
export default {
	...typescript,
	rootDir: "../..",
	// Stryker looks for it itself, and knows nothing of `<rootDir>`.
	testEnvironment: fileURLToPath(new URL("../embedded-environment.js", import.meta.url)),
};
