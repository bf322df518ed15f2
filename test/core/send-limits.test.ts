import { describe, expect, it } from "@jest/globals";
import {
	appLimits,
	CONVERSATION_LIMITS,
	type SendLimit,
	type SendLimits,
} from "../../src/core/send-limits.js";

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

/** The same of everything: what may wait does not wait in the line of all, so it may use its own at the worst moment. */
function mostTogether({ all, later }: SendLimits, windowMs: number): number {
	const moments = Array.from({ length: 201 }, (_, n) => (windowMs * n) / 200);
	return Math.max(...moments.map((at) => most(all, at) + most(later, windowMs - at + 1)));
}

describe("what may be sent to one conversation", () => {
	it.each([
		[1_000, 7],
		[2_000, 8],
		[30_000, 60],
		[3_600_000, 1_800],
	])("is in %i ms never more than Teams allows, and most of it", (windowMs, allowed) => {
		const together = mostTogether(CONVERSATION_LIMITS, windowMs);
		expect(together).toBeLessThanOrEqual(allowed);
		expect(together).toBeGreaterThan(allowed * 0.8);
	});
});

describe("what may be sent altogether", () => {
	it.each([50, 30, 10, 1_000])("is never more than %i in a second", (perSecond) => {
		const together = mostTogether(appLimits(perSecond), 1_000);
		expect(together).toBeLessThanOrEqual(perSecond);
		expect(together).toBeGreaterThan(perSecond * 0.6);
	});
});
