import { natively } from "./jest.config.js";

export default {
	...natively,
	testMatch: ["<rootDir>/test/{e2e,gallery}/**/*.test.ts"],
	testTimeout: 60_000,
};
