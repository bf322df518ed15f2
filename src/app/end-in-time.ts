/**
 * What `work` gives, if it takes no longer than `ms` milliseconds; then rejects with what `late` gives, and the
 * work is left behind. Whoever can stop it does so in `late`. Without any time it is not even begun.
 */
export async function endInTime<T>(ms: number, work: () => Promise<T>, late: () => Error): Promise<T> {
	if (ms <= 0) throw late();
	let timer: NodeJS.Timeout | undefined;
	const end = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(late()), ms);
	});
	try {
		return await Promise.race([work(), end]);
	} finally {
		clearTimeout(timer);
	}
}
