import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { MoveLimits } from "../../core/cancelling/events.js";
import { move } from "../../core/cancelling/move.js";
import { openCancellation } from "../../core/cancelling/submitting.js";
import type { Grant } from "../../core/person.js";
import { carryOut } from "../cancelling/carry-out.js";
import type { JustRead } from "../cancelling/just-read.js";
import type { Ids } from "../ports.js";
import type { Answer, Request, Store, Tx } from "../store.js";
import { type DecideDeps, type Decision, decideRequest } from "./decide-request.js";
import type { WaitingRoom } from "./waiting-room.js";

export interface AnswerDeps extends DecideDeps {
	readonly store: Store;
	readonly ids: Ids;
	readonly limits: MoveLimits;
	readonly waitingRoom: WaitingRoom;
	readonly justRead: JustRead;
}

/**
 * How long a pressed button may still be answered in place, in milliseconds, before the answer is posted
 * as a message: whoever waited for it may have died with its process.
 */
const PRESS_GRACE_MS = 5_000;

/**
 * Answers one kept request: finds out what it calls for, then saves the answer, the cancellation it
 * opens and the messages it needs in one transaction. Safe to run again after a crash.
 */
export async function answerRequest(requestId: string, deps: AnswerDeps): Promise<void> {
	const request = await deps.store.read.request(requestId);
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
		const request = await tx.lockRequest(requestId);
		if (!request || request.answer) return;
		const now = deps.clock.now();
		const answer = await settle(tx, request, decision, deps);
		await tx.answerRequest(requestId, answer, now);
		if (answer.kind !== "view") return;
		const message = await tx.ensureMessage({
			id: deps.ids.uuid(),
			kind: "answer",
			requestId,
			conversationKey: request.conversationKey,
			createdAt: now,
		});
		// A press is answered in its own HTTP request, if that is still open.
		const afterMs = request.via === "message" || request.late ? 0 : PRESS_GRACE_MS;
		tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs });
	});
	deps.waitingRoom.answered(requestId);
}

async function settle(tx: Tx, request: Request, decision: Decision, deps: AnswerDeps): Promise<Answer> {
	const { actor, command } = request;
	if (decision.kind === "open") return openOrJoin(tx, request, decision, deps);
	tx.audit({
		at: deps.clock.now(),
		type: decision.type,
		actor,
		...("jobId" in command ? { jobId: command.jobId } : {}),
		facts: { requestId: request.id, ...decision.facts },
	});
	if (decision.view.view !== "job") return { kind: "view", view: decision.view };
	const open = await tx.lockOpenCancellation(actor.tenantId, decision.view.job.id);
	const note = open && { open: underWay(open, request.conversationKey) };
	return { kind: "view", view: { ...decision.view, ...note } };
}

/** At most one open cancellation per job: the second asker joins the first. */
async function openOrJoin(
	tx: Tx,
	request: Request,
	decision: Extract<Decision, { kind: "open" }>,
	deps: AnswerDeps,
): Promise<Answer> {
	const { actor, conversationKey } = request;
	const now = deps.clock.now();
	const opened = openCancellation(
		{
			id: deps.ids.uuid(),
			receipt: deps.ids.receipt(),
			job: decision.job,
			requester: actor,
			grant: decision.grant,
			conversationKey,
			...reasonOf(request),
		},
		now,
	);
	if (!(await tx.insertCancellation(opened.record))) {
		const running = await tx.lockOpenCancellation(actor.tenantId, decision.job.id);
		// Without one it has just ended, and there is room again.
		return running ? join(tx, running, request, decision, deps) : openOrJoin(tx, request, decision, deps);
	}
	await carryOut(tx, opened.record, opened.effects, deps, pressedCard(request));
	const { grant, standing } = decision;
	deps.justRead.keep(opened.record.id, { actor, grant, standing, jobId: decision.job.id });
	auditAsking(tx, "cancel.opened", opened.record, request, decision.grant, now);
	return { kind: "cancellation", cancellationId: opened.record.id };
}

async function join(
	tx: Tx,
	running: Cancellation,
	request: Request,
	decision: Extract<Decision, { kind: "open" }>,
	deps: AnswerDeps,
): Promise<Answer> {
	const { actor, conversationKey } = request;
	const now = deps.clock.now();
	const asker = { actor, conversationKey, at: now.toISOString(), ...reasonOf(request) };
	const joined = move(running, { kind: "joined", asker }, now, deps.limits);
	if (joined.kind === "conflict") throw new Error(joined.why);
	await tx.saveCancellation(joined.record);
	await carryOut(tx, joined.record, joined.effects, deps, pressedCard(request));
	auditAsking(tx, "cancel.joined", joined.record, request, decision.grant, now);
	const live = await tx.findMessage("live", running.id, conversationKey);
	const open = underWay(running, conversationKey);
	// The pressed card is the live card, or has just become it.
	if (!open.followed || (request.pressedActivityId && live?.activityId === request.pressedActivityId))
		return { kind: "cancellation", cancellationId: running.id };
	// The live card already stands elsewhere in this conversation; who asked still deserves an answer.
	return { kind: "view", view: { view: "job", job: decision.job, readAt: now.toISOString(), open } };
}

/** The cancellation under way, as a card of its job mentions it in a conversation. */
function underWay({ receipt, requester, askers }: Cancellation, conversationKey: string) {
	const followed = askers.some((asker) => asker.conversationKey === conversationKey);
	return { receipt, requesterName: requester.name, followed };
}

function reasonOf({ command }: Request): { reason?: string } {
	return command.kind === "cancel" && command.reason !== undefined ? { reason: command.reason } : {};
}

/** A card of one job whose button was pressed becomes the live card; a list of jobs stays a list. */
function pressedCard({ via, pressedActivityId, conversationKey }: Request) {
	return via === "press" && pressedActivityId !== undefined
		? { conversationKey, activityId: pressedActivityId }
		: undefined;
}

function auditAsking(
	tx: Tx,
	type: "cancel.opened" | "cancel.joined",
	{ id, jobId, receipt }: Cancellation,
	request: Request,
	grant: Grant,
	at: Date,
): void {
	const facts = { requestId: request.id, receipt, grant, ...reasonOf(request) };
	tx.audit({ at, type, actor: request.actor, jobId, cancellationId: id, facts });
}
