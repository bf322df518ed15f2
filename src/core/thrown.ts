/** How many of an odd object's keys are named. */
const KEYS = 5;

/**
 * A fact of something that was thrown. Some libraries hand on errors as plain copies, which have no prototype to
 * know them by; so whatever bears the field counts, if it is a text or a number.
 */
export function factOf(thrown: unknown, fact: "name" | "message" | "code" | "stack"): string | undefined {
	if (thrown === null || typeof thrown !== "object") return undefined;
	const value = (thrown as Partial<Record<typeof fact, unknown>>)[fact];
	return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Its message; what is no error is told as what it is, without its contents. */
export function messageOf(thrown: unknown): string {
	const message = factOf(thrown, "message");
	if (message !== undefined) return message;
	if (thrown === null || typeof thrown !== "object") return String(thrown);
	return `not an error, but an object with: ${Object.keys(thrown).slice(0, KEYS).join(", ")}`;
}

/** One line, with the cause that `fetch` hides inside. */
export function messageWithCause(thrown: unknown): string {
	const cause = (thrown as { readonly cause?: unknown } | null | undefined)?.cause ?? undefined;
	const own = messageOf(thrown);
	return cause === undefined ? own : `${own} (${factOf(cause, "code") ?? messageOf(cause)})`;
}
