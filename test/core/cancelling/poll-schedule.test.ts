import { describe, expect, it } from "@jest/globals";
import { pollDelayMs } from "../../../src/core/cancelling/poll-schedule.js";

const limits = { minMs: 2_000, maxMs: 30_000 };

describe("the poll schedule", () => {
	it("starts at the quickest poll and slows down to the slowest", () => {
		expect([0, 1, 2, 6, 7, 500].map((seq) => pollDelayMs(seq, limits))).toEqual([
			2_000, 3_000, 4_500, 22_782, 30_000, 30_000,
		]);
	});

	it("waits longer when Graph asks for it, and never shorter", () => {
		expect(pollDelayMs(0, limits, 90_000)).toBe(90_000);
		expect(pollDelayMs(0, limits, 2_128.4)).toBe(2_129);
		expect(pollDelayMs(7, limits, 1_000)).toBe(30_000);
	});

	it("keeps to the quickest poll when the limits are the wrong way round", () => {
		expect(pollDelayMs(9, { minMs: 5_000, maxMs: 1_000 })).toBe(5_000);
	});
});
