import type { MoveLimits } from "../core/events.js";
import { move } from "../core/move.js";
import { openCancellation } from "../core/open-cancellation.js";
import { carryOut } from "./carry-out.js";
import { type DecideDeps, type Decision, decideRequest } from "./decide-request.js";
import type { Ids } from "./ports.js";
import type { Answer, Request, Store, Tx } from "./store.js";
import type { WaitingRoom } from "./waiting-room.js";

export interface AnswerDeps extends DecideDeps {
	readonly store: Store;
	readonly ids: Ids;
	readonly limits: MoveLimits;
	readonly waitingRoom: WaitingRoom;
}

/** After this time, in milliseconds, nobody can still be waiting for the answer to a pressed button. */
const PRESS_FORGOTTEN_MS = 5_000;

/**
 * Answers one kept request: finds out what it calls for, then saves the answer, the cancellation it
 * opens and the messages it needs in one transaction. Safe to run again after a crash.
 */
export async function answerRequest(requestId: string, deps: AnswerDeps): Promise<void> {
	const request = await deps.store.transaction((tx) => tx.request(requestId));
	if (!request || request.answer) return;
	const decision = await decideRequest(request, deps);
	await saveDecision(requestId, decision, deps);
}

/** The last resort, after repeated unexpected failures: the person hears that it did not work. */
export async function answerWithFailure(requestId: string, detail: string, deps: AnswerDeps): Promise<void> {
	await saveDecision(
		requestId,
		{
			kind: "show",
			type: "request.failed",
			view: { view: "problem", code: "internal-error", requestId },
			facts: { code: "internal-error", detail },
		},
		deps,
	);
}

async function saveDecision(requestId: string, decision: Decision, deps: AnswerDeps): Promise<void> {
	await deps.store.transaction(async (tx) => {
		const request = await tx.request(requestId);
		if (!request || request.answer) return;
		const now = deps.clock.now();
		const answer = await settle(tx, request, decision, deps);
		const { late } = await tx.answerRequest(requestId, answer, now);
		if (answer.kind === "view" && mustBePosted({ ...request, late }, now)) {
			const message = await tx.ensureMessage({
				id: deps.ids.uuid(),
				kind: "answer",
				requestId,
				conversationKey: request.conversationKey,
				createdAt: now,
			});
			await tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs: 0 });
		}
	});
	deps.waitingRoom.answered(requestId);
}

/** A press is answered in its own HTTP request, unless nobody waits for it any more. */
function mustBePosted(request: Request, now: Date): boolean {
	return (
		request.via === "message" ||
		request.late ||
		now.getTime() - request.receivedAt.getTime() > PRESS_FORGOTTEN_MS
	);
}

async function settle(tx: Tx, request: Request, decision: Decision, deps: AnswerDeps): Promise<Answer> {
	const { actor, command } = request;
	if (decision.kind === "open") return openOrJoin(tx, request, decision, deps);
	await tx.audit({
		at: deps.clock.now(),
		type: decision.type,
		actor,
		...("jobId" in command ? { jobId: command.jobId } : {}),
		facts: { requestId: request.id, ...decision.facts },
	});
	if (decision.view.view !== "job") return { kind: "view", view: decision.view };
	const open = await tx.lockOpenCancellation(actor.tenantId, decision.view.job.id);
	const note = open && { open: { receipt: open.receipt, requesterName: open.requester.name } };
	return { kind: "view", view: { ...decision.view, ...note } };
}

/** At most one open cancellation per job: the second asker joins the first. */
async function openOrJoin(
	tx: Tx,
	request: Request,
	decision: Extract<Decision, { kind: "open" }>,
	deps: AnswerDeps,
): Promise<Answer> {
	const { actor, command, conversationKey } = request;
	const reason = command.kind === "cancel" && command.reason !== undefined ? { reason: command.reason } : {};
	const now = deps.clock.now();
	const running = await tx.lockOpenCancellation(actor.tenantId, decision.job.id);
	if (running) {
		const asker = { actor, conversationKey, at: now.toISOString(), ...reason };
		const joined = move(running, { kind: "joined", asker }, now, deps.limits);
		if (joined.kind === "conflict") throw new Error(joined.why);
		await tx.saveCancellation(joined.record);
		await carryOut(tx, joined.record, joined.effects, deps);
		await tx.audit({
			at: now,
			type: "cancel.joined",
			actor,
			jobId: running.jobId,
			cancellationId: running.id,
			facts: { requestId: request.id, grant: decision.grant, ...reason },
		});
		const following = running.askers.some((a) => a.conversationKey === conversationKey);
		if (!following) return { kind: "cancellation", cancellationId: running.id };
		// The live card already stands in this conversation; who typed still deserves an answer.
		const open = { receipt: running.receipt, requesterName: running.requester.name };
		return { kind: "view", view: { view: "job", job: decision.job, readAt: now.toISOString(), open } };
	}
	const opened = openCancellation(
		{
			id: deps.ids.uuid(),
			receipt: deps.ids.receipt(),
			job: decision.job,
			requester: actor,
			grant: decision.grant,
			conversationKey,
			...reason,
		},
		now,
	);
	// A rival opened one between the look and the insert: join that one.
	if (!(await tx.insertCancellation(opened.record))) return openOrJoin(tx, request, decision, deps);
	const adopt =
		request.via === "press" && request.pressedActivityId !== undefined
			? { conversationKey, activityId: request.pressedActivityId }
			: undefined;
	await carryOut(tx, opened.record, opened.effects, deps, adopt);
	await tx.audit({
		at: now,
		type: "cancel.opened",
		actor,
		jobId: opened.record.jobId,
		cancellationId: opened.record.id,
		facts: { requestId: request.id, receipt: opened.record.receipt, grant: decision.grant, ...reason },
	});
	return { kind: "cancellation", cancellationId: opened.record.id };
}
