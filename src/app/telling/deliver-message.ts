import { isWaiting } from "../../core/approving/rules.js";
import { askersLocale } from "../../core/cancelling/cancellation.js";
import { channelKey } from "../../core/channel-key.js";
import { known } from "../../core/known.js";
import { isMuted } from "../on-call/is-muted.js";
import { onCallViewOf } from "../on-call/on-call-view-of.js";
import type { Clock, ConversationRef, Log, Messenger, SendProblem } from "../ports.js";
import { workingView } from "../requests/decision.js";
import { type SaveAgain, saveUntilSaved } from "../save-until-saved.js";
import { type Delivery, KEPT_CARDS, type Message, type Store, type Tx } from "../store.js";
import type { View } from "../views.js";
import { inThread } from "./channel-of.js";

export interface DeliverDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly messenger: Messenger;
	readonly log: Log;
	readonly saveAgain?: SaveAgain;
}

/**
 * How long an undelivered message is tried again, in milliseconds: an answer from when it was asked, a
 * cancellation's cards from its end.
 */
const GIVE_UP_AFTER_MS = 48 * 60 * 60 * 1000;
/** Between two looks for the card that news of a job goes below. */
const CARD_FIRST_MS = 2_000;
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

/**
 * Brings one message to Teams, drawn from the stored record at this moment. A message that exists is
 * updated, which is safe to repeat. A new message is marked before it is sent, because Teams takes no
 * idempotency key: when a send is cut off nobody knows whether it arrived. An answer or a live card is
 * then sent again, since silence is worse than a card twice; an announcement only while no live card
 * that can be updated tells the same.
 */
export async function deliverMessage(messageId: string, deps: DeliverDeps): Promise<void> {
	const found = await deps.store.read.delivery(messageId);
	if (!found || !isDue(found.message)) return;
	const { message, waitMs } = found;
	// What is drawn when its turn comes is the newest state, however often it changed meanwhile.
	if (waitMs > 0) return putOff(messageId, waitMs, deps);
	if (await isMuted(message, deps.store.read)) return;
	const conversation = await placeOf(found, deps);
	if (!conversation) return putOff(messageId, CARD_FIRST_MS, deps);
	const ready = await deps.messenger.prepare(conversation);
	if (ready.kind !== "ready") return settle(messageId, ready, deps);

	const packed = await pack(message, deps);
	if (!packed) return;
	const { view } = packed;
	const checking = view.view === "working";
	if (checking && message.state === "checking") return;
	const where = { ...conversation, ...known({ locale: packed.locale }) };
	const sent =
		message.activityId === undefined
			? await deps.messenger.post(where, view)
			: await deps.messenger.update(where, message.activityId, view);
	if (sent.kind === "sent" && isKnown(message, sent.activityId)) return;
	await saveUntilSaved(
		async () => {
			if (isRemoved(sent, message, where)) await leave(message, deps);
			await settle(messageId, sent, deps, checking);
		},
		(error) =>
			deps.log.error(
				{ err: error, code: "send-not-saved", messageId, sent: sent.kind },
				"what Teams answered could not be saved yet; it is saved again until it is",
			),
		deps.saveAgain,
	);
}

/** Whether the bot is not in that conversation any more, as far as Teams' answer shows. */
function isRemoved(
	sent: SendProblem | { readonly kind: "sent" },
	{ activityId, tries }: Message,
	{ key }: ConversationRef,
): boolean {
	if (sent.kind === "rejected") return sent.removed === true;
	// A thread that is gone says nothing of its channel.
	return (
		sent.kind === "gone" && activityId === undefined && tries + 1 >= GONE_LIMIT && key === channelKey(key)
	);
}

/** Nothing is watched for a conversation that cannot be told. */
async function leave({ conversationKey }: Message, { store, clock }: DeliverDeps): Promise<void> {
	const conversation = channelKey(conversationKey);
	await store.transaction(async (tx) => {
		if (await tx.leaveConversation(conversation))
			tx.audit({ at: clock.now(), type: "conversation.left", facts: { conversation } });
	});
}

async function putOff(messageId: string, afterMs: number, { store }: DeliverDeps): Promise<void> {
	await store.transaction(async (tx) => tx.enqueue({ queue: "post", data: { messageId }, afterMs }));
}

/**
 * Where a message goes: news of a job below its card, where the conversation has threads. Nothing while that card is
 * still on its way; when there is none, the news stands by itself.
 */
async function placeOf(
	{ message, conversation }: Delivery,
	{ store }: DeliverDeps,
): Promise<ConversationRef | undefined> {
	if (!("newsId" in message) || conversation.conversationType !== "channel") return conversation;
	const news = await store.read.news(message.newsId);
	if (news?.incidentId === undefined || news.place === "post") return conversation;
	const card = await store.read.findMessage("alert", news.incidentId, conversation.key);
	if (card?.activityId !== undefined) return inThread(conversation, card.activityId);
	const onItsWay = card?.state === "pending" || card?.state === "sending";
	return onItsWay && !(await isMuted(card, store.read)) ? undefined : conversation;
}

/** An update that went well the first time leaves nothing to save. */
function isKnown(message: Message, activityId: string): boolean {
	return message.state === "sent" && message.activityId === activityId && message.tries === 0;
}

/** One alert twice is better than none, but not one a minute. */
const TWICE_AT_MOST: readonly Message["kind"][] = ["alert", "news", "page"];

/** A message that is not kept up to date is updated only when it told what is being checked. */
function isDue(message: Message): boolean {
	// One that was only found there, and is gone again, is let go.
	const gone = message.copy !== undefined && message.state === "failed";
	if (KEPT_CARDS.includes(message.kind) && message.activityId !== undefined) return !gone;
	return message.state === "pending" || message.state === "sending" || message.state === "checking";
}

/** What to tell, in the language of whoever asked. */
interface Packed {
	readonly view: View;
	readonly locale: string | undefined;
}

/** What to send, if the message may leave now; a new one is marked first. */
async function pack(message: Message, { store, clock }: DeliverDeps): Promise<Packed | undefined> {
	if (message.state === "sending" || message.unclear > 0)
		return store.transaction((tx) => packDoubtful(tx, message.id, clock.now()));
	const packed = await packedFrom(store.read, message, clock.now());
	if (!packed || message.activityId !== undefined) return packed;
	return (await store.startSending(message)) ? packed : undefined;
}

/** A message that may stand in the chat already. */
async function packDoubtful(tx: Tx, messageId: string, now: Date): Promise<Packed | undefined> {
	const found = await tx.lockMessage(messageId);
	if (!found || !isDue(found)) return undefined;
	// Left by a process that died while sending.
	const cutOff = found.state === "sending";
	const message = cutOff ? { ...found, unclear: found.unclear + 1 } : found;
	if (!(await mayBeSentAgain(tx, message))) {
		const detail = cutOff
			? "the process stopped while the message was being sent"
			: "not sent again: the live card tells the same";
		await close(tx, message, "unconfirmed", detail, now);
		return undefined;
	}
	const packed = await packedFrom(tx, message, now);
	if (packed)
		await tx.saveMessage(message.activityId === undefined ? { ...message, state: "sending" } : message);
	return packed;
}

/** Whether a message that may stand in the chat already is better sent once more than not at all. */
async function mayBeSentAgain(tx: Tx, message: Message): Promise<boolean> {
	const { kind } = message;
	if (kind === "answer" || kind === "live" || kind === "approval" || kind === "follow") return true;
	if (message.unclear >= UNCLEAR_ANNOUNCEMENTS) return false;
	if (!("cancellationId" in message)) return TWICE_AT_MOST.includes(kind);
	const live = await tx.findMessage("live", message.cancellationId, message.conversationKey);
	return live?.state !== "sent";
}

async function packedFrom(
	tx: Pick<Tx, "request" | "cancellation" | "findMessage" | "incident" | "latestCancellation" | "news">,
	message: Message,
	now: Date,
): Promise<Packed | undefined> {
	if (message.kind === "answer") return packAnswer(tx, message, now);
	if ("incidentId" in message || "newsId" in message) {
		const view = await onCallViewOf(tx, message, now);
		return view && { view, locale: undefined };
	}
	const { kind, cancellationId, conversationKey } = message;
	const cancellation = await tx.cancellation(cancellationId);
	if (!cancellation) return undefined;
	// Once the end is known there is nothing left to warn of.
	if (kind === "warning" && cancellation.outcome) return undefined;
	const locale = askersLocale(cancellation, conversationKey);
	// Where nobody has seen the question there is nothing to take back.
	const unseen = message.activityId === undefined && message.unclear === 0;
	if ((kind === "approval" || kind === "reminder") && unseen && !isWaiting(cancellation)) return undefined;
	const audience = known({ audience: message.audience });
	const supersedes = message.unclear > 0 ? { supersedes: true as const } : {};
	if (kind === "approval" || (kind === "live" && cancellation.state === "awaiting-approval"))
		return { view: { view: "approval", cancellation, conversationKey, ...audience, ...supersedes }, locale };
	if (kind === "reminder" || kind === "review")
		return { view: { view: kind, cancellation, conversationKey, ...audience }, locale };
	if (kind !== "live") return { view: { view: kind, cancellation, conversationKey }, locale };
	const followUp =
		cancellation.outcome && (await tx.findMessage("follow-up", cancellationId, conversationKey));
	const missed = followUp?.state === "unconfirmed" || followUp?.state === "failed";
	return {
		view: {
			view: kind,
			cancellation,
			conversationKey,
			...(missed ? { announcementMissed: true as const } : {}),
			...supersedes,
		},
		locale,
	};
}

/** Until there is an answer, what is being checked. */
async function packAnswer(
	tx: Pick<Tx, "request" | "cancellation">,
	{ requestId, conversationKey }: Extract<Message, { kind: "answer" }>,
	now: Date,
): Promise<Packed | undefined> {
	const request = await tx.request(requestId);
	if (!request) return undefined;
	const { answer, locale } = request;
	if (!answer) return { view: { ...workingView(request), becomesAnswer: true }, locale };
	if (answer.kind === "view") return { view: asMessage(answer.view), locale };
	if (answer.kind === "followed") return undefined;
	const cancellation = answer.copied ? await tx.cancellation(answer.cancellationId) : undefined;
	if (!cancellation) return undefined;
	return { view: { view: "live", cancellation, conversationKey, copiedAt: now.toISOString() }, locale };
}

/** What was drawn for the pressed card, and came too late for that, is told in words: such a message needs no keeping. */
function asMessage(view: View): View {
	return (view.view === "approval" || view.view === "review") && view.note && view.viewer
		? { view: "told", cancellation: view.cancellation, actor: view.viewer, note: view.note }
		: view;
}

async function settle(
	messageId: string,
	result: { readonly kind: "sent"; readonly activityId: string } | SendProblem,
	deps: DeliverDeps,
	checking = false,
): Promise<void> {
	if (result.kind === "sent")
		return deps.store.sent(messageId, result.activityId, checking ? "checking" : "sent");
	await deps.store.transaction(async (tx) => {
		const message = await tx.lockMessage(messageId);
		if (!message) return;
		const now = deps.clock.now();
		const { kind, detail } = result;
		deps.log.warn(
			{ code: `send-${kind}`, messageId, message: message.kind, tries: message.tries + 1, detail },
			"a message was not delivered",
		);
		const isNew = message.activityId === undefined;
		if (kind === "retry") return again(tx, message, detail, now, result.retryAfterMs);
		if (kind === "rejected") return close(tx, message, "failed", detail, now);
		if (kind === "gone") return isNew ? notFound(tx, message, detail, now) : lost(tx, message, detail, now);
		// An update may be repeated safely.
		if (!isNew) return again(tx, message, detail, now);
		const doubted = { ...message, unclear: message.unclear + 1 };
		if (!(await mayBeSentAgain(tx, doubted))) return close(tx, doubted, "unconfirmed", detail, now);
		await again(
			tx,
			doubted,
			detail,
			now,
			"cancellationId" in doubted && doubted.kind !== "live" ? LIVE_CARD_FIRST_MS : 0,
		);
	});
}

async function notFound(tx: Tx, message: Message, detail: string, now: Date): Promise<void> {
	if (message.tries + 1 >= GONE_LIMIT) return close(tx, message, "failed", detail, now);
	await again(tx, message, detail, now);
}

/**
 * Teams does not find a message that stood there. For others' cards one such answer proves nothing, and a card
 * that was only found there is not made anew.
 */
async function lost(tx: Tx, message: Message, detail: string, now: Date): Promise<void> {
	const ofOthers = message.kind !== "live" && message.kind !== "answer";
	if (ofOthers && message.tries + 1 < GONE_LIMIT) return again(tx, message, detail, now);
	if (message.kind === "approval" && message.copy !== undefined)
		return close(tx, message, "failed", detail, now);
	await replace(tx, message);
}

/** Somebody deleted the live card, or Teams has lost it: the record still needs one. */
async function replace(tx: Tx, message: Message): Promise<void> {
	const { activityId: _gone, ...rest } = message;
	await tx.saveMessage({ ...(rest as Message), state: "pending", tries: 0 });
	tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs: 0 });
}

async function again(tx: Tx, message: Message, detail: string, now: Date, atLeastMs = 0): Promise<void> {
	if (now.getTime() - (await countsFrom(tx, message, now)).getTime() > GIVE_UP_AFTER_MS)
		return close(tx, message, "failed", detail, now);
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
async function countsFrom(tx: Tx, message: Message, now: Date): Promise<Date> {
	if ("incidentId" in message) {
		const overAt = (await tx.incident(message.incidentId))?.overAt;
		return overAt === undefined ? now : new Date(overAt);
	}
	if (!("cancellationId" in message)) return message.createdAt;
	const endedAt = (await tx.cancellation(message.cancellationId))?.endedAt;
	if (endedAt === undefined) return now;
	// A review goes on after the end.
	return new Date(Math.max(Date.parse(endedAt), message.createdAt.getTime()));
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
	tx.audit({
		at: now,
		type: `message.${state}`,
		...("cancellationId" in message ? { cancellationId: message.cancellationId } : {}),
		facts: { messageId: message.id, message: message.kind, conversation: message.conversationKey, detail },
	});
}

/** The live card can be updated safely, so it says what the follow-up card could not. */
async function noteOnLiveCard(tx: Tx, message: Message): Promise<void> {
	if (message.kind !== "follow-up") return;
	const live = await tx.findMessage("live", message.cancellationId, message.conversationKey);
	if (live) tx.enqueue({ queue: "post", data: { messageId: live.id }, afterMs: 0 });
}
