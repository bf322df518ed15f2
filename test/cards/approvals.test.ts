import { describe } from "@jest/globals";
import { keepGolden } from "./golden.js";

describe("a request that others decide", () => {
	keepGolden(
		"approval",
		"reminder",
		"review",
		"told",
		"why",
		"can-i",
		"approvals",
		"approvals-here",
		"no-such-request",
		"no-emergency",
	);
});
