import { describe, expect, it } from "@jest/globals";
import { hasSameCounts, jobEnd } from "../../src/core/job.js";

describe("a job", () => {
	it.each(["successful", "failed", "abandoned"] as const)("has ended when Graph says %s", (status) => {
		expect(jobEnd({ status })).toBe(status);
	});

	it.each(["initialized", "calculating", "loadingData", "running"])("runs while Graph says %s", (status) => {
		expect(jobEnd({ status })).toBeUndefined();
	});

	it.each(["changedObjects", "changedLinks", "modifiedObjects", "modifiedLinks", "failedChanges"])(
		"shows something new when %s is another number",
		(count) => {
			expect(hasSameCounts({ [count]: 1 }, { [count]: 2 })).toBe(false);
			expect(hasSameCounts({ [count]: 1 }, {})).toBe(false);
			expect(hasSameCounts({ [count]: 1 }, { [count]: 1 })).toBe(true);
		},
	);

	it.each(["unknownFutureValue", "cancelling", "Abandoned", "abandoned ", "constructor", ""])(
		"runs as far as anybody knows when Graph says %j",
		(status) => {
			expect(jobEnd({ status })).toBeUndefined();
		},
	);
});
