import { known } from "../../core/known.js";
import type { Actor } from "../../core/person.js";
import type { Command } from "../../core/requests/command.js";
import type { Clock, ConversationRef, Ids } from "../ports.js";
import type { Request, Store, Via } from "../store.js";
import { channelOf } from "../telling/channel-of.js";

/** What these turn on is told in the channel as a whole, not in the thread in which somebody asked. */
const SETTLES_IN: ReadonlySet<Command["kind"]> = new Set(["alerts-on", "escalations", "digest-on"]);

export interface Incoming {
	/** The same for every delivery of the same activity. */
	readonly dedupeKey: string;
	readonly actor: Actor;
	readonly conversation: ConversationRef;
	readonly command: Command;
	readonly via: Via;
	readonly pressedActivityId?: string;
}

/**
 * Keeps a request before anything is done about it, with the work of answering it, in one
 * transaction. A repeated delivery finds the request of the first and causes nothing new.
 */
export async function receiveRequest(
	incoming: Incoming,
	deps: { readonly store: Store; readonly clock: Clock; readonly ids: Ids },
): Promise<{ readonly request: Request; readonly repeated: boolean }> {
	const { conversation, ...facts } = incoming;
	const now = deps.clock.now();
	const { key: conversationKey, locale, conversationType, botName } = conversation;
	const where = { conversationKey, conversationType, botName, ...known({ locale }) };
	const fresh = { ...facts, ...where, id: deps.ids.uuid(), receivedAt: now };
	return deps.store.transaction(async (tx) => {
		await tx.rememberConversation(conversation);
		if (SETTLES_IN.has(fresh.command.kind)) await tx.rememberConversation(channelOf(conversation));
		if (!(await tx.addRequest(fresh))) {
			const first = await tx.requestByKey(fresh.dedupeKey);
			if (!first) throw new Error(`request ${fresh.dedupeKey} is neither new nor known`);
			return { request: first, repeated: true };
		}
		tx.audit({
			at: now,
			type: "request.received",
			actor: fresh.actor,
			...("jobId" in fresh.command ? { jobId: fresh.command.jobId } : {}),
			facts: {
				requestId: fresh.id,
				command: told(fresh.command),
				via: fresh.via,
				conversation: conversation.key,
			},
		});
		tx.enqueue({ queue: "answer", data: { requestId: fresh.id } });
		return { request: { ...fresh, late: false }, repeated: false };
	});
}

/** A command as the audit trail keeps it: without an address that is a permission in itself. */
function told(command: Command): object {
	if (command.kind !== "export-accepted") return command;
	const { upload, ...rest } = command;
	return { ...rest, name: upload.name };
}
