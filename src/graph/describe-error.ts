/** One line about a thrown value, with the cause that `fetch` hides inside. */
export function describeError(error: unknown): string {
	const own = property(error, "message") ?? String(error);
	const cause = property(error, "cause");
	if (cause === undefined) return String(own);
	return `${own} (${property(cause, "code") ?? property(cause, "message") ?? String(cause)})`;
}

function property(value: unknown, key: "message" | "cause" | "code"): unknown {
	if (typeof value !== "object" || value === null) return undefined;
	return (value as Partial<Record<typeof key, unknown>>)[key] ?? undefined;
}
