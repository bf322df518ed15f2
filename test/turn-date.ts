import { jest } from "@jest/globals";

/** Sets the time of day and makes it stand still; timers and the network go on. `jest.useRealTimers()` ends it. */
export function turnDate(now: number): void {
	jest.useFakeTimers({
		now,
		doNotFake: [
			"hrtime",
			"nextTick",
			"performance",
			"queueMicrotask",
			"setImmediate",
			"clearImmediate",
			"setInterval",
			"clearInterval",
			"setTimeout",
			"clearTimeout",
		],
	});
}
