import { availableParallelism } from "node:os";

/** How Jest reads TypeScript; the end-to-end tests share it. */
export const typescript = {
	testEnvironment: "<rootDir>/test/environment.js",
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

/** Tests that start the built bot or open a database; the others need neither, and do not wait for them. */
const STAGED = ["app", "integration", "sandbox", "store", "work"];

export default {
	// Jest would leave one processor idle, which is half of them on a small machine; and much of a bot's tests is waiting.
	maxWorkers: Math.max(4, availableParallelism()),
	// For a busy machine, where loading the SDK alone takes seconds; what is waited for says so sooner.
	testTimeout: 30_000,
	testSequencer: "<rootDir>/test/longest-first.js",
	projects: [
		{
			...typescript,
			displayName: "parts",
			testMatch: ["<rootDir>/test/**/*.test.ts"],
			testPathIgnorePatterns: [...STAGED, "e2e", "gallery"].map((folder) => `<rootDir>/test/${folder}/`),
		},
		{
			...typescript,
			displayName: "bot",
			testEnvironment: "<rootDir>/test/embedded-environment.js",
			testMatch: STAGED.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
			globalSetup: "<rootDir>/test/set-stage.js",
		},
	],
};
