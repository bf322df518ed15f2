import { openEmergency } from "../../core/approving/open-request.js";
import { isWaiting } from "../../core/approving/rules.js";
import type { ApprovalSettings } from "../../core/approving/terms.js";
import { needsSecondPerson } from "../../core/approving/terms.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { move } from "../../core/cancelling/move.js";
import { openCancellation } from "../../core/cancelling/submitting.js";
import { known } from "../../core/known.js";
import type { Grant } from "../../core/person.js";
import { isOnCall } from "../../core/requests/command.js";
import { meetRequest, RequestOverdue, settleApproval } from "../approving/settle-approval.js";
import { apply } from "../cancelling/apply.js";
import { type CardToBeLive, carryOut } from "../cancelling/carry-out.js";
import { type Attempt, begin, isFresh } from "../cancelling/first-attempt.js";
import { type SubmitDeps, sendAttempt, submitCancellation } from "../cancelling/submit-cancellation.js";
import { type Change, decideOnCall, type OnCallDeps } from "../on-call/decide-on-call.js";
import type { Ids } from "../ports.js";
import type { Answer, Message, Request, Store, Tx } from "../store.js";
import { asMeant } from "./as-meant.js";
import { askerOf, reasonOf, whereAndWhy } from "./asker.js";
import { decideRequest } from "./decide-request.js";
import { type DecideDeps, type Decision, problem, type Shown } from "./decision.js";
import { isOwnMessage } from "./place.js";
import { withBeingCancelled } from "./show-jobs.js";
import { tellChecking } from "./tell-checking.js";
import type { WaitingRoom } from "./waiting-room.js";
import { withGroupNames } from "./with-group-names.js";

export interface AnswerDeps extends DecideDeps, SubmitDeps, OnCallDeps {
	readonly store: Store;
	readonly ids: Ids;
	readonly waitingRoom: WaitingRoom;
	readonly silenceMs?: number;
	readonly approvals: ApprovalSettings;
}

/**
 * How long a pressed button may still be answered in place, in milliseconds, before the answer is posted
 * as a message: whoever waited for it may have died with its process.
 */
const PRESS_GRACE_MS = 5_000;

/**
 * Answers one kept request: finds out what it calls for, then saves the answer, the cancellation it
 * opens and the messages it needs in one transaction, and asks Graph. Safe to run again after a crash: then it
 * goes on with what is left, and reads before it asks.
 */
export async function answerRequest(requestId: string, deps: AnswerDeps): Promise<void> {
	const request = await deps.store.read.request(requestId);
	if (!request) return;
	if (request.answer) return goOn(request.answer, deps);
	const meant = await asMeant(request, deps.store);
	if ("problem" in meant) return saveDecision(request, problem(request, meant.problem), deps);
	const { command } = meant;
	const decision = await tellChecking<Decision | Change>(meant, deps, () =>
		withGroupNames(
			isOnCall(command)
				? decideOnCall({ ...meant, command }, deps)
				: decideRequest({ ...meant, command }, deps),
			deps,
		),
	);
	await saveDecision(meant, decision, deps);
}

/** The last resort, after repeated unexpected failures: the person hears that it did not work. */
export async function answerWithFailure(requestId: string, detail: string, deps: AnswerDeps): Promise<void> {
	const request = await deps.store.read.request(requestId);
	if (request?.answer) return goOn(request.answer, deps);
	if (request) await saveDecision(request, problem(request, "internal-error", { detail }), deps);
}

/** Asks Graph for a cancellation that was opened by a run of this work that ended before it had asked. */
async function goOn(answer: Answer, deps: AnswerDeps): Promise<void> {
	if (answer.kind === "cancellation" && answer.submits)
		await submitCancellation({ cancellationId: answer.cancellationId, seq: 0 }, deps);
}

/** `meant` is the request with the command that it means. */
async function saveDecision(meant: Request, decision: Decision | Change, deps: AnswerDeps): Promise<void> {
	const attempt = firstAttempt(meant, decision, deps);
	let saved: Answer | undefined;
	try {
		saved = await save(meant, decision, deps, attempt);
	} catch (error) {
		if (!(error instanceof RequestOverdue)) throw error;
		// Nobody had looked since its deadline; with it ended there is room for what is asked now.
		await apply(error.cancellationId, { kind: "deadline" }, deps, {});
		saved = await save(meant, decision, deps, attempt);
	}
	deps.waitingRoom.answered(meant.id);
	if (attempt && saved?.kind === "cancellation" && saved.submits)
		await sendAttempt(saved.cancellationId, attempt, deps, { step: "submit", seq: 0 });
}

function save(
	meant: Request,
	decision: Decision | Change,
	deps: AnswerDeps,
	attempt: Attempt | undefined,
): Promise<Answer | undefined> {
	return deps.store.transaction(async (tx) => {
		const stored = await tx.lockRequest(meant.id);
		if (!stored || stored.answer) return undefined;
		const now = deps.clock.now();
		const request = { ...stored, command: meant.command };
		const answer = await settle(tx, request, decision, deps, attempt);
		await tx.answerRequest(request.id, answer, now);
		if (answer.kind === "followed" || (answer.kind === "cancellation" && !answer.copied)) return answer;
		const message = await tx.ensureMessage({
			id: deps.ids.uuid(),
			kind: "answer",
			requestId: request.id,
			conversationKey: request.conversationKey,
			createdAt: now,
			...(request.via === "consent" && known({ activityId: request.pressedActivityId })),
		});
		// The offer stands there already, and becomes what was said to it.
		if (request.via === "consent" && message.state === "sent")
			await tx.saveMessage({ ...message, state: "checking" });
		// A press is answered in its own HTTP request, if that is still open.
		const afterMs = isOwnMessage(request, answer) || request.late ? 0 : PRESS_GRACE_MS;
		tx.enqueue({ queue: "post", data: { messageId: message.id }, afterMs, awaited: true });
		return answer;
	});
}

/** The POST for which role and job were read just now; later than that, the submit reads them again. */
function firstAttempt(
	{ actor }: Request,
	decision: Decision | Change,
	{ ids, clock }: AnswerDeps,
): Attempt | undefined {
	if (decision.kind !== "open" || !isFresh(decision.standing, clock.now())) return undefined;
	const { grant, standing, job } = decision;
	return { clientRequestId: ids.uuid(), jobId: job.id, actor, grant, standing };
}

async function settle(
	tx: Tx,
	request: Request,
	decision: Decision | Change,
	deps: AnswerDeps,
	attempt: Attempt | undefined,
): Promise<Answer> {
	const { actor, command } = request;
	if (decision.kind === "change") return decision.make(tx, deps.clock.now());
	if (decision.kind === "open") return openOrJoin(tx, request, decision, deps, attempt);
	if (decision.kind !== "show") return settleApproval(tx, request, decision, deps);
	tx.audit({
		at: deps.clock.now(),
		type: decision.type,
		actor,
		...("jobId" in command ? { jobId: command.jobId } : {}),
		facts: { requestId: request.id, ...decision.facts },
	});
	return withCancellations(tx, request, decision);
}

/** What the database knows of the jobs in a view: which of them are being cancelled. */
async function withCancellations(tx: Tx, request: Request, { view }: Shown): Promise<Answer> {
	const { tenantId } = request.actor;
	if (view.view === "jobs") return { kind: "view", view: await withBeingCancelled(view, tenantId, tx) };
	if (view.view !== "job") return { kind: "view", view };
	const open = await tx.lockOpenCancellation(tenantId, view.job.id);
	// What waits for others may still be cancelled, or decided, by who sees this.
	if (!open || isWaiting(open)) return { kind: "view", view };
	// Pressed on a card that has become the live card meanwhile: it stays that.
	if (request.via === "press" && (await isLiveCard(tx, open, request)))
		return { kind: "cancellation", cancellationId: open.id };
	const followed = open.askers.some((asker) => asker.conversationKey === request.conversationKey);
	const { receipt, requester } = open;
	return { kind: "view", view: { ...view, open: { receipt, requesterName: requester.name, followed } } };
}

/** At most one open cancellation per job: the second asker joins the first. */
async function openOrJoin(
	tx: Tx,
	request: Request,
	decision: Extract<Decision, { kind: "open" }>,
	deps: AnswerDeps,
	attempt: Attempt | undefined,
): Promise<Answer> {
	const { actor } = request;
	const now = deps.clock.now();
	const asking = {
		id: deps.ids.uuid(),
		receipt: deps.ids.receipt(),
		job: decision.job,
		requester: actor,
		grant: decision.grant,
		...whereAndWhy(request),
	};
	const { reason } = asking;
	// Only the emergency way leads here where a second person is needed, and it has a reason.
	const skips = needsSecondPerson(deps.approvals, decision.job.kind);
	if (skips && (!isEmergency(request) || reason === undefined))
		throw new Error("nobody cancels a recovery job alone here");
	const opened =
		skips && reason !== undefined ? openEmergency({ ...asking, reason }, now) : openCancellation(asking, now);
	const begun = attempt && !skips ? begin(opened, attempt, now, deps.limits) : undefined;
	const { record, effects } = begun ?? opened;
	if (!(await tx.insertCancellation(record))) {
		const running = await tx.lockOpenCancellation(actor.tenantId, decision.job.id);
		// Without one it has just ended, and there is room again.
		if (!running) return openOrJoin(tx, request, decision, deps, attempt);
		return (
			meetRequest(tx, running, request, decision.grant, deps) ?? join(tx, running, request, decision, deps)
		);
	}
	await carryOut(tx, record, effects, deps, await cardToBeLive(tx, request));
	auditAsking(tx, skips ? "cancel.emergency" : "cancel.opened", record, request, decision.grant, now);
	begun?.audit(tx);
	return { kind: "cancellation", cancellationId: record.id, ...(begun && { submits: true }) };
}

async function join(
	tx: Tx,
	running: Cancellation,
	request: Request,
	decision: Extract<Decision, { kind: "open" }>,
	deps: AnswerDeps,
): Promise<Answer> {
	const now = deps.clock.now();
	const joined = move(running, { kind: "joined", asker: askerOf(request, now) }, now, deps.limits);
	// Whoever has decided about it does not ask for it, too: they are told how it stands.
	if (joined.kind === "conflict") return { kind: "view", view: { view: "why", cancellation: running } };
	const live = await tx.findMessage("live", running.id, request.conversationKey);
	await tx.saveCancellation(joined.record);
	const card = live ? undefined : await cardToBeLive(tx, request);
	await carryOut(tx, joined.record, joined.effects, deps, card);
	auditAsking(tx, "cancel.joined", joined.record, request, decision.grant, now);
	const answer = { kind: "cancellation", cancellationId: running.id } as const;
	// The pressed card is the live card, or has just become it.
	if (!live || isPressed(live, request)) return answer;
	// The live card already stands elsewhere in this conversation; who asked still deserves an answer.
	return { ...answer, copied: true };
}

async function isLiveCard(tx: Tx, { id }: Cancellation, request: Request): Promise<boolean> {
	const live = await tx.findMessage("live", id, request.conversationKey);
	return live !== undefined && isPressed(live, request);
}

function isPressed(message: Message, { pressedActivityId }: Request): boolean {
	return pressedActivityId !== undefined && message.activityId === pressedActivityId;
}

function isEmergency({ command }: Request): boolean {
	return command.kind === "cancel" && command.emergency === true;
}

/**
 * What becomes the live card, if it is there already: a card of one job whose button was pressed (a list of jobs
 * stays a list), or the message that tells since two seconds what is being checked.
 */
async function cardToBeLive(tx: Tx, request: Request): Promise<CardToBeLive | undefined> {
	const { id, via, late, pressedActivityId, conversationKey } = request;
	if (via === "press")
		return pressedActivityId === undefined ? undefined : { activityId: pressedActivityId, conversationKey };
	const told = late ? await tx.findMessage("answer", id, conversationKey) : undefined;
	return told && { messageId: told.id, conversationKey };
}

function auditAsking(
	tx: Tx,
	type: "cancel.opened" | "cancel.emergency" | "cancel.joined",
	{ id, jobId, receipt }: Cancellation,
	request: Request,
	grant: Grant,
	at: Date,
): void {
	const facts = { requestId: request.id, receipt, grant, ...reasonOf(request) };
	tx.audit({ at, type, actor: request.actor, jobId, cancellationId: id, facts });
}
