import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Clock, Ids } from "../ports.js";
import type { Request, Store, Tx } from "../store.js";
import type { View } from "../views.js";
import type { Incoming } from "./receive-request.js";
import { receiveRequest } from "./receive-request.js";
import type { WaitingRoom } from "./waiting-room.js";

/**
 * How long a pressed button may wait for its answer, in milliseconds. Teams shows an error of its own
 * after roughly 10 to 15 seconds; people give up long before that.
 */
const PRESS_BUDGET_MS = 2_000;

/**
 * Answers a pressed button within its time: with the answer if it was found, else with the truth that
 * the request is kept and the answer will follow as a message.
 */
export async function answerPress(
	incoming: Incoming,
	deps: {
		readonly store: Store;
		readonly clock: Clock;
		readonly ids: Ids;
		readonly waitingRoom: WaitingRoom;
		readonly budgetMs?: number;
	},
): Promise<View> {
	const { request } = await receiveRequest(incoming, deps);
	const waited = deps.waitingRoom.wait(request.id, deps.budgetMs ?? PRESS_BUDGET_MS);
	// The answering may have been quicker than the line above.
	const kept = await deps.store.read.request(request.id);
	if (kept?.answer) deps.waitingRoom.answered(request.id);
	await waited;
	return deps.store.transaction(async (tx) => {
		if (await tx.markRequestLate(request.id)) return working(request);
		const answer = (await tx.request(request.id))?.answer;
		if (!answer) return working(request);
		if (answer.kind === "view") {
			await markShown(tx, request);
			return answer.view;
		}
		const cancellation = await tx.cancellation(answer.cancellationId);
		return cancellation ? live(cancellation, request) : working(request);
	});
}

/** What the pressed button is answered with need not be posted as a message, too. */
async function markShown(tx: Tx, { id, conversationKey }: Request): Promise<void> {
	const found = await tx.findMessage("answer", id, conversationKey);
	const message = found && (await tx.lockMessage(found.id));
	if (message?.state === "pending") await tx.saveMessage({ ...message, state: "shown" });
}

function live(cancellation: Cancellation, request: Request): View {
	return { view: "live", cancellation, conversationKey: request.conversationKey };
}

function working(request: Request): View {
	const jobId = "jobId" in request.command ? { jobId: request.command.jobId } : {};
	return { view: "working", requestId: request.id, ...jobId };
}
