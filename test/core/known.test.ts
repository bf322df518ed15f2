import { describe, expect, it } from "@jest/globals";
import { known } from "../../src/core/known.js";

describe("the known fields", () => {
	it("are all but those without a value", () => {
		expect(Object.entries(known({ none: 0, no: false, blank: "", unset: undefined, nothing: null }))).toEqual(
			[
				["none", 0],
				["no", false],
				["blank", ""],
			],
		);
	});
});
