import { isGuid } from "../../core/guid.js";
import type { Actor } from "../../core/person.js";
import type { PolicySettings } from "../../core/policy.js";
import { refuseStranger } from "../../core/policy.js";
import type { Store } from "../store.js";
import type { View } from "../views.js";

/** The card on which somebody looks, or their client for them. */
export interface Refresh {
	readonly actor: Actor;
	readonly conversationKey: string;
	/** The id that the card carries. */
	readonly cancellationId: string;
}

/**
 * The request as it stands, drawn for one person. Each update of a card makes every client of the listed people ask
 * for this, so it is one read of the database and no call to anybody, and it changes nothing. Nothing for strangers
 * and for what is not known.
 */
export async function refreshApproval(
	{ actor, conversationKey, cancellationId }: Refresh,
	{ store, policy }: { readonly store: Pick<Store, "read">; readonly policy: PolicySettings },
): Promise<View | undefined> {
	if (refuseStranger(actor, policy) || !isGuid(cancellationId)) return undefined;
	const cancellation = await store.read.cancellation(cancellationId);
	if (!cancellation || cancellation.tenantId !== actor.tenantId) return undefined;
	const { tenantId, userId, name, channelUserId } = actor;
	return {
		view: "approval",
		cancellation,
		conversationKey,
		viewer: { tenantId, userId },
		audience: { viewers: [{ userId, name, channelUserId }] },
	};
}
