import type { Clock, Ids } from "../ports.js";
import type { NewMessage, Tx } from "../store.js";

/** What a message is about; its id and its time come from here. */
type Content = NewMessage extends infer Each
	? Each extends unknown
		? Omit<Each, "id" | "createdAt">
		: never
	: never;

/** Has a message delivered at once, or the one that already stands for the same thing brought up to date. */
export async function postMessage(
	tx: Tx,
	content: Content,
	{ ids, clock }: { readonly ids: Ids; readonly clock: Clock },
	awaited: { readonly awaited?: true } = {},
): Promise<void> {
	const { id } = await tx.ensureMessage({ ...content, id: ids.uuid(), createdAt: clock.now() } as NewMessage);
	tx.enqueue({ queue: "post", data: { messageId: id }, afterMs: 0, ...awaited });
}
