export type Timed<T> =
	| { readonly kind: "done"; readonly value: T }
	| { readonly kind: "threw"; readonly error: unknown }
	| { readonly kind: "timeout" };

/**
 * Runs `work` for at most `ms` milliseconds. When time is up the signal is aborted and the answer is
 * given at once, even if `work` does not listen to the signal. No time means that `work` never starts.
 */
export async function withinTime<T>(
	ms: number,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<Timed<T>> {
	if (ms <= 0) return { kind: "timeout" };
	const controller = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<Timed<T>>((resolve) => {
		timer = setTimeout(() => {
			resolve({ kind: "timeout" });
			controller.abort();
		}, ms);
	});
	const outcome = work(controller.signal).then(
		(value): Timed<T> => ({ kind: "done", value }),
		(error: unknown): Timed<T> => ({ kind: "threw", error }),
	);
	try {
		return await Promise.race([outcome, timeout]);
	} finally {
		clearTimeout(timer);
	}
}

/** Time that several calls share. */
export interface Deadline {
	/** Milliseconds left, zero or less when time is up. */
	leftMs(): number;
}

export function startDeadline(ms: number): Deadline {
	const end = performance.now() + ms;
	return { leftMs: () => end - performance.now() };
}
