import { typescript } from "./jest.config.js";

export default {
	...typescript,
	testMatch: ["**/test/{e2e,gallery}/**/*.test.ts"],
	testTimeout: 60_000,
};
