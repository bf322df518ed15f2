import { describe, expect, it } from "@jest/globals";
import { jobEnd } from "../../src/core/job.js";

describe("a job", () => {
	it.each(["successful", "failed", "abandoned"] as const)("has ended when Graph says %s", (status) => {
		expect(jobEnd({ status })).toBe(status);
	});

	it.each(["initialized", "calculating", "loadingData", "running"])("runs while Graph says %s", (status) => {
		expect(jobEnd({ status })).toBeUndefined();
	});

	it.each(["unknownFutureValue", "cancelling", "Abandoned", "abandoned ", "constructor", ""])(
		"runs as far as anybody knows when Graph says %j",
		(status) => {
			expect(jobEnd({ status })).toBeUndefined();
		},
	);
});
