import { describe, expect, it } from "@jest/globals";
import { appLimits, CONVERSATION_LIMITS, type SendLimit } from "../../src/core/send-limits.js";

/** The most that a line lets through in a window, found by sending as soon as it lets: milliseconds. */
function most(limits: readonly SendLimit[], windowMs: number): number {
	const free = limits.map(() => 0);
	let now = 0;
	let sent = 0;
	for (;;) {
		const slot = Math.max(
			now,
			...limits.map(({ burst, stepMs }, i) => (free[i] ?? 0) - (burst - 1) * stepMs),
		);
		if (slot >= windowMs) return sent;
		sent++;
		now = slot;
		for (const [i, { stepMs }] of limits.entries()) free[i] = Math.max(free[i] ?? 0, slot) + stepMs;
	}
}

describe("what may be sent to one conversation", () => {
	it.each([
		[1_000, 7],
		[2_000, 8],
		[30_000, 60],
		[3_600_000, 1_800],
	])("is in %i ms never more than Teams allows, and most of it", (windowMs, allowed) => {
		const together = most(CONVERSATION_LIMITS.first, windowMs) + most(CONVERSATION_LIMITS.later, windowMs);
		expect(together).toBeLessThanOrEqual(allowed);
		expect(together).toBeGreaterThan(allowed * 0.6);
	});
});

describe("what may be sent altogether", () => {
	it.each([50, 30, 10, 1_000])("is never more than %i in a second", (perSecond) => {
		const { first, later } = appLimits(perSecond);
		const together = most(first, 1_000) + most(later, 1_000);
		expect(together).toBeLessThanOrEqual(perSecond);
		expect(together).toBeGreaterThan(perSecond * 0.6);
	});
});
