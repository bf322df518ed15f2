import { describe } from "@jest/globals";
import { keepGolden } from "./golden.js";

describe("what whoever is on call is told", () => {
	keepGolden(
		"alert",
		"news",
		"follow",
		"unfollowed",
		"subscriptions",
		"handover",
		"misunderstood",
		"no-such-incident",
	);
});
