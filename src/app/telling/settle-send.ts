import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { channelKey } from "../../core/channel-key.js";
import { known } from "../../core/known.js";
import type { Clock, ConversationRef, Log, SendProblem } from "../ports.js";
import type { Message, Store, Tx } from "../store.js";

/** What came of a send. */
type Sent = { readonly kind: "sent"; readonly activityId: string } | SendProblem;

/** A message that was not delivered, what it is about, and why. */
interface Undelivered {
	readonly message: Message;
	readonly cancellation: Cancellation | undefined;
	readonly detail: string;
	readonly now: Date;
}

interface SettleDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: Log;
}

/**
 * How long an undelivered message is tried again, in milliseconds: an answer from when it was asked, a
 * cancellation's cards from its end.
 */
const GIVE_UP_AFTER_MS = 48 * 60 * 60 * 1000;
const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 60_000;
/** A send of unknown fate may have arrived each time, so these grow further apart. */
const SLOWEST_UNCLEAR_RETRY_MS = 5 * 60_000;
/** A conversation that is not found is asked for so many times: such answers come and go in Teams. */
const GONE_LIMIT = 3;
/** Gives the live card the first turn before an announcement of unknown fate is sent again. */
const LIVE_CARD_FIRST_MS = 5_000;
/** An announcement is sent at most so often without knowing whether it arrived. */
const UNCLEAR_ANNOUNCEMENTS = 2;

/** One alert twice is better than none, but not one a minute. */
const TWICE_AT_MOST: readonly Message["kind"][] = ["alert", "news", "page"];

/** Whether a message that may stand in the chat already is better sent once more than not at all. */
export async function mayBeSentAgain(tx: Tx, message: Message): Promise<boolean> {
	const { kind } = message;
	if (kind === "answer" || kind === "live" || kind === "approval" || kind === "follow") return true;
	if (message.unclear >= UNCLEAR_ANNOUNCEMENTS) return false;
	if (!("cancellationId" in message)) return TWICE_AT_MOST.includes(kind);
	const live = await tx.findMessage("live", message.cancellationId, message.conversationKey);
	return live?.state !== "sent";
}

/** Nothing is watched for a conversation that cannot be told. */
export async function leaveIfRemoved(
	message: Message,
	where: ConversationRef,
	sent: Sent,
	{ store, clock }: SettleDeps,
): Promise<void> {
	if (!isRemoved(message, where, sent)) return;
	const conversation = channelKey(message.conversationKey);
	await store.transaction(async (tx) => {
		if (await tx.leaveConversation(conversation))
			tx.audit({ at: clock.now(), type: "conversation.left", facts: { conversation } });
	});
}

/** Whether the bot is not in that conversation any more, as far as Teams' answer shows. */
function isRemoved({ activityId, tries }: Message, { key }: ConversationRef, sent: Sent): boolean {
	if (sent.kind === "rejected") return sent.removed === true;
	// A thread that is gone says nothing of its channel.
	return (
		sent.kind === "gone" && activityId === undefined && tries + 1 >= GONE_LIMIT && key === channelKey(key)
	);
}

/** Keeps what Teams answered, and plans what follows from it. */
export async function settleSend(
	messageId: string,
	result: Sent,
	deps: SettleDeps,
	checking = false,
): Promise<void> {
	if (result.kind === "sent")
		return deps.store.sent(messageId, result.activityId, checking ? "checking" : "sent");
	await deps.store.transaction(async (tx) => {
		const message = await tx.lockMessage(messageId);
		if (!message) return;
		const { kind, detail } = result;
		const failed = {
			message,
			cancellation: await cancellationOf(tx, message),
			detail,
			now: deps.clock.now(),
		};
		deps.log.warn(
			{
				code: `send-${kind}`,
				messageId,
				...naming(failed),
				message: message.kind,
				tries: message.tries + 1,
				detail,
			},
			"a message was not delivered",
		);
		const isNew = message.activityId === undefined;
		if (kind === "retry") return again(tx, failed, result.retryAfterMs);
		if (kind === "rejected") return close(tx, failed, "failed");
		if (kind === "gone") return isNew ? notFound(tx, failed) : lost(tx, failed);
		// An update may be repeated safely.
		if (!isNew) return again(tx, failed);
		const doubted = { ...failed, message: { ...message, unclear: message.unclear + 1 } };
		if (!(await mayBeSentAgain(tx, doubted.message))) return close(tx, doubted, "unconfirmed");
		await again(tx, doubted, "cancellationId" in message && message.kind !== "live" ? LIVE_CARD_FIRST_MS : 0);
	});
}

async function notFound(tx: Tx, failed: Undelivered): Promise<void> {
	if (failed.message.tries + 1 >= GONE_LIMIT) return close(tx, failed, "failed");
	await again(tx, failed);
}

/**
 * Teams does not find a message that stood there. For others' cards one such answer proves nothing, and a card
 * that was only found there is not made anew.
 */
async function lost(tx: Tx, failed: Undelivered): Promise<void> {
	const { message } = failed;
	const ofOthers = message.kind !== "live" && message.kind !== "answer";
	if (ofOthers && message.tries + 1 < GONE_LIMIT) return again(tx, failed);
	if (message.kind === "approval" && message.copy !== undefined) return close(tx, failed, "failed");
	await replace(tx, message);
}

/** Somebody deleted the live card, or Teams has lost it: the record still needs one. */
async function replace(tx: Tx, message: Message): Promise<void> {
	const { activityId: _gone, ...rest } = message;
	await tx.saveMessage({ ...(rest as Message), state: "pending", tries: 0 });
	tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs: 0 });
}

async function again(tx: Tx, failed: Undelivered, atLeastMs = 0): Promise<void> {
	const { message, now } = failed;
	if (now.getTime() - (await countsFrom(tx, failed)).getTime() > GIVE_UP_AFTER_MS)
		return close(tx, failed, "failed");
	const state = message.activityId === undefined ? "pending" : message.state;
	await tx.saveMessage({ ...message, state, tries: message.tries + 1 });
	const slowest = message.unclear > 0 ? SLOWEST_UNCLEAR_RETRY_MS : SLOWEST_RETRY_MS;
	const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(message.tries, 16), slowest);
	tx.enqueue({
		queue: "post",
		data: { messageId: message.id },
		afterMs: Math.ceil(Math.max(backoff, atLeastMs)),
	});
}

/** While a cancellation is open its cards are never given up. */
async function countsFrom(tx: Tx, { message, cancellation, now }: Undelivered): Promise<Date> {
	if ("incidentId" in message) {
		const overAt = (await tx.incident(message.incidentId))?.overAt;
		return overAt === undefined ? now : new Date(overAt);
	}
	if (!("cancellationId" in message)) return message.createdAt;
	const endedAt = cancellation?.endedAt;
	if (endedAt === undefined) return now;
	// A review goes on after the end.
	return new Date(Math.max(Date.parse(endedAt), message.createdAt.getTime()));
}

/** Nothing more is tried for this message. */
export async function closeMessage(
	tx: Tx,
	message: Message,
	state: "unconfirmed" | "failed",
	detail: string,
	now: Date,
): Promise<void> {
	await close(tx, { message, cancellation: await cancellationOf(tx, message), detail, now }, state);
}

async function close(tx: Tx, failed: Undelivered, state: "unconfirmed" | "failed"): Promise<void> {
	const { message, detail, now } = failed;
	await tx.saveMessage({ ...message, state });
	await noteOnLiveCard(tx, message);
	await announceAfterAll(tx, message);
	const { cancellationId, receipt } = naming(failed);
	const { id: messageId, kind, conversationKey: conversation } = message;
	tx.audit({
		at: now,
		type: `message.${state}`,
		...known({ cancellationId }),
		facts: { messageId, ...known({ receipt }), message: kind, conversation, detail },
	});
}

/** An announcement in doubt was left to a live card that could be updated: this one cannot be any more. */
async function announceAfterAll(tx: Tx, message: Message): Promise<void> {
	if (message.kind !== "live") return;
	const followUp = await tx.findMessage("follow-up", message.cancellationId, message.conversationKey);
	if (followUp?.state !== "unconfirmed" || followUp.unclear >= UNCLEAR_ANNOUNCEMENTS) return;
	await tx.saveMessage({ ...followUp, state: "pending" });
	tx.enqueue({ queue: "post", data: { messageId: followUp.id }, afterMs: 0 });
}

async function cancellationOf(tx: Tx, message: Message): Promise<Cancellation | undefined> {
	return "cancellationId" in message ? tx.cancellation(message.cancellationId) : undefined;
}

/** What a message is about, for whoever has the receipt and looks for what became of it. */
function naming({ cancellation }: Undelivered): { cancellationId?: string; receipt?: string } {
	return known({ cancellationId: cancellation?.id, receipt: cancellation?.receipt });
}

/** The live card can be updated safely, so it says what the follow-up card could not. */
async function noteOnLiveCard(tx: Tx, message: Message): Promise<void> {
	if (message.kind !== "follow-up") return;
	const live = await tx.findMessage("live", message.cancellationId, message.conversationKey);
	if (live) tx.enqueue({ queue: "post", data: { messageId: live.id }, afterMs: 0 });
}
