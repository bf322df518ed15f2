import { describe, expect, it } from "@jest/globals";
import { draw } from "./fixtures.js";
import { keepGolden } from "./golden.js";

describe("a problem", () => {
	keepGolden("problem");

	it("names no job where none was asked for, and escapes what it names", () => {
		const shown = (more: object) =>
			JSON.stringify(draw({ view: "problem", code: "internal-error", requestId: "r_1", ...more }).card);
		expect(shown({})).toContain("reference r\\\\_1");
		expect(shown({})).not.toContain('"Job"');
		expect(shown({ jobId: "j_1" })).toContain("j\\\\_1");
	});
});
