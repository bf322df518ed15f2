import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Effect } from "../../core/cancelling/events.js";
import type { Clock, Ids } from "../ports.js";
import type { Tx } from "../store.js";

/** Turns the effects of a move into durable work, in the transaction that saves the move. */
export async function carryOut(
	tx: Tx,
	record: Cancellation,
	effects: readonly Effect[],
	deps: { readonly clock: Clock; readonly ids: Ids },
	adopt?: { readonly conversationKey: string; readonly activityId: string },
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
				const adopted =
					effect.message === "live" && adopt?.conversationKey === effect.conversationKey
						? { activityId: adopt.activityId }
						: {};
				const message = await tx.ensureMessage({
					id: deps.ids.uuid(),
					kind: effect.message,
					cancellationId: record.id,
					conversationKey: effect.conversationKey,
					createdAt: deps.clock.now(),
					...adopted,
				});
				tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs: 0 });
				break;
			}
		}
	}
}
