/** What the promise gives, or an error that says what did not happen in so many milliseconds. */
export async function within<T>(limitMs: number, what: string, promise: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`waited ${limitMs} ms for ${what}`)), limitMs);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
