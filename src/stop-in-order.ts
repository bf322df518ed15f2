import { endInTime } from "./app/end-in-time.js";
import { messageOf } from "./core/thrown.js";

/** Something that is stopped, within its limit in milliseconds. */
export interface Part {
	readonly name: string;
	readonly limitMs: number;
	stop(): Promise<unknown>;
}

/**
 * Stops one group after the other, the parts of a group at the same time. A part that fails, or takes longer
 * than its limit, is left behind; the answer says of each of these what became of it, in the order in which they
 * are given, and is empty when all ended cleanly.
 */
export async function stopInOrder(groups: readonly (readonly Part[])[]): Promise<readonly string[]> {
	const unfinished: string[] = [];
	for (const group of groups) unfinished.push(...(await Promise.all(group.map(stopOne))).flat());
	return unfinished;
}

async function stopOne({ name, limitMs, stop }: Part): Promise<readonly string[]> {
	try {
		await endInTime(limitMs, stop, () => new Error(`did not end within ${limitMs} ms`));
		return [];
	} catch (error) {
		return [`${name}: ${messageOf(error)}`];
	}
}
