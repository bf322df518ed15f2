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
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(`did not end within ${limitMs} ms`)), limitMs);
		});
		try {
			await Promise.race([stop(), late]);
		} catch (error) {
			unfinished.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			clearTimeout(timer);
		}
	}
	return unfinished;
}
