import { messageOf } from "../../core/thrown.js";
import { endInTime } from "../end-in-time.js";
import type { Clock, Ids, Log, Messenger } from "../ports.js";
import type { Answer, Request, Store, Tx } from "../store.js";
import type { View } from "../views.js";
import { type DecideDeps, workingView } from "./decision.js";
import { isOwnMessage } from "./place.js";
import type { Incoming } from "./receive-request.js";
import { receiveRequest } from "./receive-request.js";
import { decideJobs, jobsView, withBeingCancelled } from "./show-jobs.js";
import type { WaitingRoom } from "./waiting-room.js";

/**
 * How long a pressed button may wait for its answer, in milliseconds. Teams shows an error of its own
 * after roughly 10 to 15 seconds; people give up long before that.
 */
const PRESS_BUDGET_MS = 2_000;
/** And how long after that for the list on which it stands, in milliseconds. */
const LIST_BUDGET_MS = 1_000;

/** What a pressed button is answered with: a card in place of the pressed one, or words while that stays. */
export interface PressAnswer {
	readonly as: "card" | "words";
	readonly view: View;
}

interface PressDeps extends DecideDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly ids: Ids;
	readonly log: Log;
	readonly messenger: Messenger;
	readonly waitingRoom: WaitingRoom;
	readonly budgetMs?: number;
	readonly listBudgetMs?: number;
}

/**
 * Answers a pressed button within its time: with the answer if it was found, else with the truth that
 * the request is kept and the answer will follow as a message.
 */
export async function answerPress(incoming: Incoming, deps: PressDeps): Promise<PressAnswer> {
	const { request } = await receiveRequest(incoming, deps);
	const waited = deps.waitingRoom.wait(request.id, deps.budgetMs ?? PRESS_BUDGET_MS);
	// The answering may have been quicker than the line above.
	const kept = await deps.store.read.request(request.id);
	if (kept?.answer) deps.waitingRoom.answered(request.id);
	await waited;
	const found = await deps.store.transaction(async (tx) => {
		if (await tx.markRequestLate(request.id)) return undefined;
		const answer = (await tx.request(request.id))?.answer;
		const view = answer && (await viewOf(tx, answer, request, deps.clock));
		if (!answer || !view) return undefined;
		const ownMessage = isOwnMessage(request, answer);
		const posted = answer.kind === "view" || (answer.kind === "cancellation" && answer.copied);
		if (posted && !ownMessage) await markShown(tx, request);
		return { answer, view, ownMessage };
	});
	if (!found) return { as: request.via === "press" ? "card" : "words", view: workingView(request) };
	const { answer, view, ownMessage } = found;
	if (request.via !== "press-in-list") return { as: ownMessage ? "words" : "card", view };
	const list = ownMessage ? await freshList(request, answer, deps) : view;
	if (!list) return { as: "words", view };
	void showToOthers(list, incoming, deps);
	return { as: "card", view: list };
}

async function viewOf(
	tx: Tx,
	answer: Answer,
	{ conversationKey, actor }: Request,
	clock: Clock,
): Promise<View | undefined> {
	if (answer.kind === "view") return answer.view;
	if (answer.kind === "followed") return undefined;
	const cancellation = await tx.cancellation(answer.cancellationId);
	if (cancellation?.state === "awaiting-approval")
		return { view: "approval", cancellation, conversationKey, viewer: actor };
	const copied = answer.copied ? { copiedAt: clock.now().toISOString() } : {};
	return cancellation && { view: "live", cancellation, conversationKey, ...copied };
}

/** What the pressed button is answered with need not be posted as a message, too. */
async function markShown(tx: Tx, { id, conversationKey }: Request): Promise<void> {
	const found = await tx.findMessage("answer", id, conversationKey);
	const message = found && (await tx.lockMessage(found.id));
	if (message?.state === "pending") await tx.saveMessage({ ...message, state: "shown" });
}

/**
 * The list on which a button was pressed, as it is now; nothing for somebody who may not see it, or when it takes
 * long: the press is answered already, and the list that stands there says when it was read.
 */
async function freshList(request: Request, answer: Answer, deps: PressDeps): Promise<View | undefined> {
	const limitMs = deps.listBudgetMs ?? LIST_BUDGET_MS;
	try {
		return await endInTime(
			limitMs,
			// Whoever may cancel may look; of anybody else nothing like that was seen.
			() => (answer.kind === "cancellation" ? listWithoutCheck(request, deps) : listWithCheck(request, deps)),
			() => new Error(`not read within ${limitMs} ms`),
		);
	} catch (error) {
		deps.log.warn(
			{ code: "list-not-refreshed", requestId: request.id, why: messageOf(error) },
			"the list on which a button was pressed stays as it was",
		);
		return undefined;
	}
}

/**
 * The response takes the place of the pressed list only before the eyes of who pressed. Nothing depends on this
 * update: it is tried once, and nobody waits for it.
 */
async function showToOthers(list: View, incoming: Incoming, { messenger, log }: PressDeps): Promise<void> {
	const { conversation, pressedActivityId } = incoming;
	if (pressedActivityId === undefined) return;
	const stays = (why: string) =>
		log.warn(
			{ code: "list-not-refreshed", why },
			"the list on which a button was pressed stays as it was for others",
		);
	try {
		const shown = await messenger.update(conversation, pressedActivityId, list);
		if (shown.kind !== "sent") stays(shown.detail);
	} catch (error) {
		stays(messageOf(error));
	}
}

async function listWithoutCheck(request: Request, deps: PressDeps): Promise<View | undefined> {
	const list = await deps.jobs.list();
	return list.kind === "listed"
		? withBeingCancelled(jobsView(list.jobs, true, deps), request.actor.tenantId, deps.store.read)
		: undefined;
}

async function listWithCheck(request: Request, deps: PressDeps): Promise<View | undefined> {
	const { view } = await decideJobs(request, deps);
	return view.view === "jobs" ? withBeingCancelled(view, request.actor.tenantId, deps.store.read) : undefined;
}
