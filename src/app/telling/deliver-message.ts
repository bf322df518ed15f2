import { known } from "../../core/known.js";
import { isMuted } from "../on-call/is-muted.js";
import type { Clock, ConversationRef, Log, Messenger } from "../ports.js";
import { type SaveAgain, saveUntilSaved } from "../save-until-saved.js";
import { type Delivery, KEPT_CARDS, type Message, type Store, type Tx } from "../store.js";
import { inThread } from "./channel-of.js";
import { type Packed, packMessage } from "./pack-message.js";
import { closeMessage, leaveIfRemoved, mayBeSentAgain, settleSend } from "./settle-send.js";

export interface DeliverDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly messenger: Messenger;
	readonly log: Log;
	readonly saveAgain?: SaveAgain;
}

/** Between two looks for the card that news of a job goes below. */
const CARD_FIRST_MS = 2_000;

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
	if (ready.kind !== "ready") return settleSend(messageId, ready, deps);

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
			await leaveIfRemoved(message, where, sent, deps);
			await settleSend(messageId, sent, deps, checking);
		},
		(error) =>
			deps.log.error(
				{ err: error, code: "send-not-saved", messageId, sent: sent.kind },
				"what Teams answered could not be saved yet; it is saved again until it is",
			),
		deps.saveAgain,
	);
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

/** A message that is not kept up to date is updated only when it told what is being checked. */
function isDue(message: Message): boolean {
	// One that was only found there, and is gone again, is let go.
	const gone = message.copy !== undefined && message.state === "failed";
	if (KEPT_CARDS.includes(message.kind) && message.activityId !== undefined) return !gone;
	return message.state === "pending" || message.state === "sending" || message.state === "checking";
}

/** What to send, if the message may leave now; a new one is marked first. */
async function pack(message: Message, { store, clock }: DeliverDeps): Promise<Packed | undefined> {
	if (message.state === "sending" || message.unclear > 0)
		return store.transaction((tx) => packDoubtful(tx, message.id, clock.now()));
	const packed = await packMessage(store.read, message, clock.now());
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
		await closeMessage(tx, message, "unconfirmed", detail, now);
		return undefined;
	}
	const packed = await packMessage(tx, message, now);
	if (packed)
		await tx.saveMessage(message.activityId === undefined ? { ...message, state: "sending" } : message);
	return packed;
}
