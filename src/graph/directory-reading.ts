import type { Deadline } from "./deadline.js";
import type { GraphCaller } from "./graph-call.js";

/** What the parts of one role check share. */
export interface DirectoryReading {
	readonly caller: GraphCaller;
	readonly endpoint: URL;
	/** For one request, in milliseconds. */
	readonly requestMs: number;
	/** For the whole check. */
	readonly deadline: Deadline;
}

/** A person waits for the answer: https://learn.microsoft.com/graph/throttling-limits (throttle priority). */
export const USER_INITIATED = { "x-ms-throttle-priority": "high" };

/** Milliseconds that one call may still take. */
export function timeLeft(reading: DirectoryReading): number {
	return Math.min(reading.requestMs, reading.deadline.leftMs());
}
