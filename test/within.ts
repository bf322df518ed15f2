import { endInTime } from "../src/app/end-in-time.js";

/** What the promise gives, or an error that says what did not happen in so many milliseconds. */
export function within<T>(limitMs: number, what: string, promise: Promise<T>): Promise<T> {
	return endInTime(
		limitMs,
		() => promise,
		() => new Error(`waited ${limitMs} ms for ${what}`),
	);
}
