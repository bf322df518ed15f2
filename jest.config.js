/** How Jest reads TypeScript; the end-to-end tests share it. */
export const typescript = {
	testEnvironment: "node",
	extensionsToTreatAsEsm: [".ts"],
	moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
	transform: {
		"^.+\\.ts$": [
			"@swc/jest",
			{ jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "es6" } },
		],
	},
};

/** Tests that start the built bot or open a database; the others need neither, and do not wait for them. */
const STAGED = ["app", "integration", "sandbox", "store", "work"];

export default {
	// More than processors: tests that start the bot mostly wait for it.
	maxWorkers: "200%",
	testSequencer: "<rootDir>/test/longest-first.js",
	projects: [
		{
			...typescript,
			displayName: "parts",
			testMatch: ["<rootDir>/test/**/*.test.ts"],
			testPathIgnorePatterns: [...STAGED, "e2e"].map((folder) => `<rootDir>/test/${folder}/`),
		},
		{
			...typescript,
			displayName: "bot",
			testMatch: STAGED.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
			globalSetup: "<rootDir>/test/set-stage.js",
		},
	],
};
