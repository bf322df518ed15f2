import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Effect } from "../../core/cancelling/events.js";
import { known } from "../../core/known.js";
import { type Audiences, tellDeciders } from "../approving/tell-deciders.js";
import type { Clock, Ids } from "../ports.js";
import type { ApprovalStep, Tx } from "../store.js";

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
	audiences?: Audiences,
): Promise<void> {
	const later = (step: ApprovalStep["step"], number: number, afterMs: number) =>
		tx.enqueue({ queue: "remind", data: { cancellationId: record.id, step, number }, afterMs });
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
				const audience = kind === "live" ? audiences?.get(conversationKey) : undefined;
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
								...known({ audience }),
							});
				// The first card that somebody who has just asked gets to see.
				const awaited = message.kind === "live" && message.state === "pending" && { awaited: true };
				tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs: 0, ...awaited });
				break;
			}
			case "copies":
				await tellDeciders(tx, record, deps, audiences);
				break;
			case "remind":
				later("remind", effect.number, effect.afterMs);
				break;
			case "expire":
				later("expire", 0, effect.afterMs);
				break;
			case "review":
				later("review", effect.seq, effect.afterMs);
				break;
		}
	}
}
