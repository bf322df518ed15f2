import { isWaiting } from "../../core/approving/rules.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { known } from "../../core/known.js";
import type { Clock, Ids } from "../ports.js";
import type { Request, Tx } from "../store.js";
import { postMessage } from "../telling/post-message.js";
import type { Audience } from "../views.js";

export type Audiences = ReadonlyMap<string, Audience>;

/**
 * Has every card of a request say what is so now, in all conversations; while it waits, one stands in each
 * conversation that decides. The cards of who asked are the live cards, and brought up to date like them.
 */
export async function tellDeciders(
	tx: Tx,
	record: Cancellation,
	deps: { readonly clock: Clock; readonly ids: Ids },
	audiences?: Audiences,
): Promise<void> {
	const asked = new Set(record.askers.map(({ conversationKey }) => conversationKey));
	if (isWaiting(record))
		for (const { key } of await tx.approvalConversations(record.tenantId))
			if (!asked.has(key))
				await tx.ensureMessage({
					id: deps.ids.uuid(),
					kind: "approval",
					cancellationId: record.id,
					conversationKey: key,
					createdAt: deps.clock.now(),
					...known({ audience: audiences?.get(key) }),
				});
	for (const { id, kind } of await tx.cards(record.id))
		if (kind !== "live") tx.enqueue({ queue: "post", data: { messageId: id }, afterMs: 0 });
}

/**
 * A card was pressed whose message is not among ours: its sending was thought lost, or somebody brought it here. It is
 * one more copy from now on. The id is what the client said, which may be wrong: such a copy is let go when
 * Teams does not know it, and no other card ever goes by it. Nor does a message of ours turn into the card of another
 * request than its own, whatever a press on it names; only an answer about a job may become the request for it.
 */
export async function adoptPressedCard(
	tx: Tx,
	record: Cancellation,
	request: Request,
	{ kind, answer }: { readonly kind: "approval" | "review"; readonly answer: "becomes it" | "stays" },
	deps: { readonly clock: Clock; readonly ids: Ids },
): Promise<void> {
	const { conversationKey, pressedActivityId: activityId } = request;
	if (request.via !== "press" || activityId === undefined) return;
	const there = await tx.kindsAt(conversationKey, activityId);
	if (there.some((one) => one !== "answer" || answer === "stays")) return;
	await postMessage(
		tx,
		{ kind, cancellationId: record.id, conversationKey, activityId, copy: activityId },
		deps,
	);
}
