import { availableParallelism } from "node:os";

/** How Jest loads tests: as Node does, from `build/tests`. The browser's share it. */
export const natively = {
	globalSetup: "<rootDir>/test/jest/compile.js",
	runtime: "<rootDir>/test/jest/runtime.cjs",
	testEnvironment: "<rootDir>/test/jest/environment.cjs",
	transform: {},
	roots: ["src", "test", "sandbox"].map((folder) => `<rootDir>/${folder}`),
};

/** Tests that start the built bot or open a database; the others need neither, and do not wait for them. */
const STAGED = ["app", "integration", "sandbox", "store", "work"];

export default {
	// Jest would leave one processor idle, which is half of them on a small machine; and much of a bot's tests is waiting.
	maxWorkers: Math.max(4, availableParallelism()),
	// For a busy machine, where loading the SDK alone takes seconds; what is waited for says so sooner.
	testTimeout: 30_000,
	testSequencer: "<rootDir>/test/jest/sequencer.js",
	projects: [
		{
			...natively,
			displayName: "parts",
			testMatch: ["<rootDir>/test/**/*.test.ts"],
			testPathIgnorePatterns: [...STAGED, "e2e", "gallery"].map((folder) => `<rootDir>/test/${folder}/`),
		},
		{
			...natively,
			displayName: "bot",
			testMatch: STAGED.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
			globalSetup: "<rootDir>/test/set-stage.js",
		},
	],
};
