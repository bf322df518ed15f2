import { fileURLToPath } from "node:url";

/**
 * Each file of tests in a world of its own, since a mutant lives in the module that it changes; and without what the
 * other tests build first: a changed source may not compile, and is to be run all the same.
 */
export default {
	rootDir: "../..",
	// As for the tests themselves; Stryker sooner makes an end of a mutant that hangs.
	testTimeout: 30_000,
	// Stryker looks for it itself, and knows nothing of `<rootDir>`.
	testEnvironment: fileURLToPath(new URL("anew-environment.cjs", import.meta.url)),
	extensionsToTreatAsEsm: [".ts"],
	moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
	transform: {
		"^.+\\.ts$": [
			"@swc/jest",
			{
				jsc: {
					parser: { syntax: "typescript" },
					target: "es2022",
					experimental: { keepImportAttributes: true },
				},
				module: { type: "es6" },
			},
		],
	},
};
