import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Effect } from "../../core/cancelling/events.js";
import type { Clock, Ids } from "../ports.js";
import type { Tx } from "../store.js";

/** A message that is to become the live card of its conversation: one in Teams, or one of our own, sent or not. */
export type CardToBeLive = { readonly conversationKey: string } & (
	| { readonly activityId: string }
	| { readonly messageId: string }
);

/** Turns the effects of a move into durable work, in the transaction that saves the move. */
export async function carryOut(
	tx: Tx,
	record: Cancellation,
	effects: readonly Effect[],
	deps: { readonly clock: Clock; readonly ids: Ids },
	card?: CardToBeLive,
): Promise<void> {
	for (const effect of effects) {
		switch (effect.kind) {
			case "submit":
			case "watch":
				tx.enqueue({
					queue: effect.kind,
					data: { cancellationId: record.id, seq: effect.seq },
					afterMs: effect.afterMs,
				});
				break;
			case "post": {
				const { message: kind, conversationKey } = effect;
				const adopted = kind === "live" && card?.conversationKey === conversationKey ? card : undefined;
				const message =
					adopted && "messageId" in adopted
						? await tx.becomeLive(adopted.messageId, record.id)
						: await tx.ensureMessage({
								id: deps.ids.uuid(),
								kind,
								cancellationId: record.id,
								conversationKey,
								createdAt: deps.clock.now(),
								...(adopted ? { activityId: adopted.activityId } : {}),
							});
				// The first card that somebody who has just asked gets to see.
				const awaited = message.kind === "live" && message.state === "pending" && { awaited: true };
				tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs: 0, ...awaited });
				break;
			}
		}
	}
}
