import { endInTime } from "./app/end-in-time.js";
import { messageOf } from "./core/thrown.js";

/** Something that is stopped, within its limit in milliseconds. */
export interface Part {
	readonly name: string;
	readonly limitMs: number;
	stop(): Promise<unknown>;
}

/**
 * Stops parts one after the other. One that fails, or takes longer than its limit, is left behind for the
 * next; the answer says of each of these what became of it, and is empty when all ended cleanly.
 */
export async function stopInOrder(parts: readonly Part[]): Promise<readonly string[]> {
	const unfinished: string[] = [];
	for (const { name, limitMs, stop } of parts) {
		try {
			await endInTime(limitMs, stop, () => new Error(`did not end within ${limitMs} ms`));
		} catch (error) {
			unfinished.push(`${name}: ${messageOf(error)}`);
		}
	}
	return unfinished;
}
