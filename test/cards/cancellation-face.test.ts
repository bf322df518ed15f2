import { describe } from "@jest/globals";
import { keepGolden } from "./golden.js";

describe("a cancellation", () => {
	keepGolden("live", "warning", "follow-up");
});
