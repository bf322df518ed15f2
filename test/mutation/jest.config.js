/**
 * Each file of tests in a world of its own, since a mutant lives in the module that it changes; and without what the
 * other tests build first: a changed source may not compile, and is to be run all the same.
 */
export default {
	rootDir: "../..",
	testEnvironment: "node",
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
