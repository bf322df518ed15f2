import type { Clock, ConversationRef, Messenger, SendProblem } from "./ports.js";
import type { AuditEvent, Message, Store, Tx } from "./store.js";
import type { View } from "./views.js";

export interface DeliverDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly messenger: Messenger;
}

/** How long an undelivered message is tried again, in milliseconds: longer than any watch. */
const GIVE_UP_AFTER_MS = 48 * 60 * 60 * 1000;
const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 60_000;

/**
 * Brings one message to Teams, drawn from the stored record at this moment. A message that exists is
 * updated, which is safe to repeat. A new message is marked before it is sent, because Teams takes no
 * idempotency key: when a send is cut off nobody knows whether it arrived, and posting it again could
 * announce the same outcome twice, so it is kept as `unconfirmed` instead.
 */
export async function deliverMessage(messageId: string, deps: DeliverDeps): Promise<void> {
	const where = await deps.store.transaction(async (tx) => {
		const message = await tx.message(messageId);
		const conversation = message && (await tx.conversation(message.conversationKey));
		return message && conversation && isDue(message) ? { message, conversation } : undefined;
	});
	if (!where) return;
	const ready = await deps.messenger.prepare(where.conversation);
	if (ready.kind !== "ready") return settle(messageId, ready, deps);

	const parcel = await deps.store.transaction((tx) => pack(tx, messageId, deps.clock.now()));
	if (!parcel) return;
	const { conversation, view, message } = parcel;
	const sent =
		message.activityId === undefined
			? await deps.messenger.post(conversation, view)
			: await deps.messenger.update(conversation, message.activityId, view);
	await settle(messageId, sent, deps);
}

/** A live card may always be updated; anything else is sent once. */
function isDue(message: Message): boolean {
	if (message.kind === "live" && message.activityId !== undefined) return true;
	return message.state === "pending" || message.state === "sending";
}

interface Parcel {
	readonly message: Message;
	readonly conversation: ConversationRef;
	readonly view: View;
}

async function pack(tx: Tx, messageId: string, now: Date): Promise<Parcel | undefined> {
	const message = await tx.message(messageId);
	if (!message || !isDue(message)) return undefined;
	const conversation = await tx.conversation(message.conversationKey);
	const view = await viewOf(tx, message);
	if (!conversation || !view) return undefined;
	if (message.activityId === undefined && message.state === "sending") {
		// Left by a process that died while sending.
		await close(tx, message, "unconfirmed", "the process stopped while the message was being sent", now);
		return undefined;
	}
	const state = message.activityId === undefined ? "sending" : message.state;
	const marked: Message = { ...message, state };
	await tx.saveMessage(marked);
	return { message: marked, conversation, view };
}

async function viewOf(tx: Tx, message: Message): Promise<View | undefined> {
	if (message.kind === "answer") {
		const answer = (await tx.request(message.requestId))?.answer;
		return answer?.kind === "view" ? answer.view : undefined;
	}
	const { kind, cancellationId, conversationKey } = message;
	const cancellation = await tx.cancellation(cancellationId);
	if (!cancellation) return undefined;
	if (kind === "follow-up") return { view: kind, cancellation, conversationKey };
	const followUp = await tx.findMessage("follow-up", cancellationId, conversationKey);
	const missed = followUp?.state === "unconfirmed" || followUp?.state === "failed";
	return {
		view: kind,
		cancellation,
		conversationKey,
		...(missed ? { announcementMissed: true as const } : {}),
	};
}

async function settle(
	messageId: string,
	result: { readonly kind: "sent"; readonly activityId: string } | SendProblem,
	deps: DeliverDeps,
): Promise<void> {
	await deps.store.transaction(async (tx) => {
		const message = await tx.message(messageId);
		if (!message) return;
		const now = deps.clock.now();
		switch (result.kind) {
			case "sent":
				await tx.saveMessage({ ...message, state: "sent", activityId: result.activityId, tries: 0 });
				return;
			case "unconfirmed":
				// An update may be repeated safely; a new message may not.
				if (message.activityId !== undefined) return again(tx, message, result.detail, now);
				return close(tx, message, "unconfirmed", result.detail, now);
			case "gone":
				if (message.activityId === undefined) return close(tx, message, "failed", result.detail, now);
				// Somebody deleted the live card: the record still needs one.
				await tx.saveMessage({ ...withoutActivity(message), state: "pending" });
				await tx.enqueue({ queue: "post", data: { messageId }, afterMs: 0 });
				return;
			case "rejected":
				return close(tx, message, "failed", result.detail, now);
			case "retry":
				return again(tx, message, result.detail, now, result.retryAfterMs);
		}
	});
}

async function again(tx: Tx, message: Message, detail: string, now: Date, retryAfterMs = 0): Promise<void> {
	if (now.getTime() - message.createdAt.getTime() > GIVE_UP_AFTER_MS)
		return close(tx, message, "failed", detail, now);
	const state = message.activityId === undefined ? "pending" : message.state;
	await tx.saveMessage({ ...message, state, tries: message.tries + 1 });
	const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(message.tries, 16), SLOWEST_RETRY_MS);
	await tx.enqueue({
		queue: "post",
		data: { messageId: message.id },
		afterMs: Math.ceil(Math.max(backoff, retryAfterMs)),
	});
}

async function close(
	tx: Tx,
	message: Message,
	state: "unconfirmed" | "failed",
	detail: string,
	now: Date,
): Promise<void> {
	await tx.saveMessage({ ...message, state });
	await noteOnLiveCard(tx, message);
	const event: AuditEvent = {
		at: now,
		type: `message.${state}`,
		...(message.kind === "answer" ? {} : { cancellationId: message.cancellationId }),
		facts: { messageId: message.id, kind: message.kind, conversation: message.conversationKey, detail },
	};
	await tx.audit(event);
}

/** The live card can be updated safely, so it says what the follow-up card could not. */
async function noteOnLiveCard(tx: Tx, message: Message): Promise<void> {
	if (message.kind !== "follow-up") return;
	const live = await tx.findMessage("live", message.cancellationId, message.conversationKey);
	if (live) await tx.enqueue({ queue: "post", data: { messageId: live.id }, afterMs: 0 });
}

function withoutActivity(message: Message): Message {
	const { activityId: _gone, ...rest } = message;
	return rest as Message;
}
