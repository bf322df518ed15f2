import { openRequest } from "../../core/approving/open-request.js";
import type { Decidable, Objection } from "../../core/approving/rules.js";
import {
	decisionOf,
	isOverdue,
	isWaiting,
	objectionToAcknowledging,
	objectionToDecision,
	objectionToWithdrawal,
} from "../../core/approving/rules.js";
import type { ApprovalSettings } from "../../core/approving/terms.js";
import { needsSecondPerson, termsOf } from "../../core/approving/terms.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Event } from "../../core/cancelling/events.js";
import { move } from "../../core/cancelling/move.js";
import { known } from "../../core/known.js";
import type { Actor, Grant } from "../../core/person.js";
import { type ApplyDeps, saveMove } from "../cancelling/apply.js";
import { carryOut } from "../cancelling/carry-out.js";
import { askerOf, reasonOf, whereAndWhy } from "../requests/asker.js";
import type { ApprovalDecision } from "../requests/decision.js";
import type { Answer, Message, Request, Tx } from "../store.js";
import { postMessage } from "../telling/post-message.js";
import type { Done, Note } from "../views.js";
import { adoptPressedCard } from "./tell-deciders.js";

export interface SettleDeps extends ApplyDeps {
	readonly approvals: ApprovalSettings;
}

type Ask = Extract<ApprovalDecision, { kind: "ask" }>;

/** The deadline of the request in the way has passed: it is to be ended first, in a transaction of its own. */
export class RequestOverdue extends Error {
	constructor(readonly cancellationId: string) {
		super(`the request ${cancellationId} is past its deadline and has not been ended yet`);
	}
}

/** Saves what a request about approvals came to, and gives its answer. */
export async function settleApproval(
	tx: Tx,
	request: Request,
	decision: ApprovalDecision,
	deps: SettleDeps,
): Promise<Answer> {
	switch (decision.kind) {
		case "ask":
			return ask(tx, request, decision, deps);
		case "act":
			return act(tx, request, decision, deps);
		case "switch":
			return switchHere(tx, request, decision, deps);
	}
}

async function ask(tx: Tx, request: Request, decision: Ask, deps: SettleDeps): Promise<Answer> {
	const { actor } = request;
	const { job, grant, found, earlierNo } = decision;
	const now = deps.clock.now();
	const { record, effects } = openRequest(
		{
			id: deps.ids.uuid(),
			receipt: deps.ids.receipt(),
			job,
			requester: actor,
			...whereAndWhy(request),
			...known({ grant }),
		},
		termsOf(
			deps.approvals,
			{ kind: job.kind, entitled: grant !== undefined, reach: found.reach, earlierNo },
			now,
		),
		now,
		deps.limits,
	);
	if (!(await tx.insertCancellation(record))) {
		const running = await tx.lockOpenCancellation(actor.tenantId, job.id);
		// Without one it has just ended, and there is room again.
		if (!running) return ask(tx, request, decision, deps);
		return (grant && meetRequest(tx, running, request, grant, deps)) ?? join(tx, running, request, deps);
	}
	await carryOut(tx, record, effects, deps, undefined, found.audiences);
	tx.audit({
		at: now,
		type: "cancel.requested",
		actor,
		jobId: record.jobId,
		cancellationId: record.id,
		facts: {
			requestId: request.id,
			receipt: record.receipt,
			approval: record.approval,
			standing: decision.standing,
			...reasonOf(request),
		},
	});
	// Its own card is a new message, so that people who can decide are notified.
	return isAnswered(request, undefined) ? opened(record) : told(request, record, done("asked"));
}

/**
 * Somebody who holds the role cancels a job for which a request waits: they carry it out at once where one is enough,
 * and are offered to decide it where not. Nothing when nothing waits.
 */
export function meetRequest(
	tx: Tx,
	running: Cancellation,
	request: Request,
	grant: Grant,
	deps: SettleDeps,
): Promise<Answer> | undefined {
	if (!isWaiting(running)) return undefined;
	if (isOverdue(running, deps.clock.now())) throw new RequestOverdue(running.id);
	const { command } = request;
	const emergency = command.kind === "cancel" && command.emergency === true;
	const second = running.approval.mode === "two-person" || needsSecondPerson(deps.approvals, running.jobKind);
	if (second && !emergency) return offer(tx, running, request, deps);
	const asker = askerOf(request, deps.clock.now());
	const event = { kind: "went-ahead", asker, grant, emergency: second && emergency } as const;
	return hear(tx, running, request, event, deps);
}

/** Nobody is joined to what they are to decide; a card with the buttons for it stands here from now on. */
async function offer(tx: Tx, running: Decidable, request: Request, deps: SettleDeps): Promise<Answer> {
	const now = deps.clock.now();
	const objection = objectionToDecision(running, { actor: request.actor, verdict: "approve" }, now);
	audit(tx, request, running, "cancel.offered", { ...known({ objection }) }, now);
	const note: Note = objection ? { kind: "objection", why: objection } : done("offered");
	if (request.via === "press") {
		await adoptPressedCard(tx, running, request, { kind: "approval", answer: "becomes it" }, deps);
		return present(tx, request, running, note, "approval");
	}
	if (objection) return told(request, running, note);
	const { conversationKey } = request;
	await postMessage(
		tx,
		{ kind: "approval", cancellationId: running.id, conversationKey, copy: request.id },
		deps,
	);
	return isAnswered(request, undefined) ? opened(running) : told(request, running, note);
}

/**
 * Whether a card that was just posted answers what was typed. Not when one stood there already, nor when a message
 * that tells what is being checked waits for its own answer.
 */
function isAnswered({ via, late }: Request, live: Message | undefined): boolean {
	return via === "message" && !late && live === undefined;
}

async function join(tx: Tx, running: Cancellation, request: Request, deps: SettleDeps): Promise<Answer> {
	const now = deps.clock.now();
	if (isWaiting(running) && isOverdue(running, now)) throw new RequestOverdue(running.id);
	if (decisionOf(running, request.actor))
		return told(request, running, { kind: "objection", why: "already-approved" });
	return hear(tx, running, request, { kind: "joined", asker: askerOf(request, now) }, deps);
}

/** Saves what somebody who asks, too, adds to an open request, and answers with its card or in words. */
async function hear(
	tx: Tx,
	running: Cancellation,
	request: Request,
	event: Extract<Event, { kind: "joined" | "went-ahead" }>,
	deps: SettleDeps,
): Promise<Answer> {
	const now = deps.clock.now();
	const result = move(running, event, now, deps.limits);
	if (result.kind === "conflict") throw new Error(result.why);
	const live = await tx.findMessage("live", running.id, request.conversationKey);
	await saveMove(tx, { before: running, event, now, facts: { requestId: request.id } }, result, deps);
	return isAnswered(request, live) ? opened(result.record) : told(request, result.record, done(event.kind));
}

async function act(
	tx: Tx,
	request: Request,
	{ cancellationId, verdict, standing }: Extract<ApprovalDecision, { kind: "act" }>,
	deps: SettleDeps,
): Promise<Answer> {
	const before = await tx.lockCancellation(cancellationId);
	if (!before) throw new Error(`cancellation ${cancellationId} is gone`);
	const now = deps.clock.now();
	const kind = request.command.kind === "acknowledge" ? "review" : "approval";
	const facts = { requestId: request.id, ...known({ standing }) };
	const answer = async (record: Cancellation, note: Note) => {
		await adoptPressedCard(tx, record, request, { kind, answer: "stays" }, deps);
		return present(tx, request, record, note, kind);
	};
	if (verdict && !verdict.allowed) {
		const { rule, problem } = verdict;
		audit(tx, request, before, "approval.refused", { ...facts, rule }, now);
		return answer(before, { kind: "refused", rule, ...known({ problem }) });
	}
	const { event, objection, what } = meant(request, before, verdict?.grant, now);
	const result = move(before, event, now, deps.limits);
	if (result.kind === "moved") await saveMove(tx, { before, event, now, facts }, result, deps);
	const record = result.kind === "moved" ? result.record : before;
	if (!objection && result.kind === "moved") return answer(record, done(what));
	const why = objection ?? "not-waiting";
	audit(tx, request, record, "approval.without-effect", { requestId: request.id, objection: why }, now);
	return answer(record, { kind: "objection", why });
}

/** The event that the command means, and why it would not count. */
function meant(
	{ actor, command }: Request,
	record: Cancellation,
	grant: Grant | undefined,
	now: Date,
): { readonly event: Event; readonly objection: Objection | undefined; readonly what: Done } {
	if (command.kind === "withdraw")
		return {
			event: { kind: "withdrawal", actor },
			objection: objectionToWithdrawal(record, actor, now),
			what: "withdrawn",
		};
	if (!grant) throw new Error(`${command.kind} without a role that was seen`);
	if (command.kind === "acknowledge")
		return {
			event: { kind: "review-acknowledged", actor, grant, ...known({ comment: command.comment }) },
			objection: objectionToAcknowledging(record, actor),
			what: "acknowledged",
		};
	if (command.kind !== "decide") throw new Error(`${command.kind} decides nothing`);
	const { verdict, comment, edition } = command;
	const decided = { actor, verdict, ...known({ edition }) };
	return {
		event: { kind: "decided", ...decided, grant, ...known({ comment }) },
		objection: objectionToDecision(record, decided, now),
		what: verdict === "approve" ? "approved" : "rejected",
	};
}

/** Requests that wait now are shown here at once. */
async function switchHere(
	tx: Tx,
	request: Request,
	{ on, facts }: Extract<ApprovalDecision, { kind: "switch" }>,
	deps: SettleDeps,
): Promise<Answer> {
	const { actor, conversationKey } = request;
	const now = deps.clock.now();
	const changed = on
		? await tx.addApprovalConversation(conversationKey, actor, now)
		: await tx.dropApprovalConversation(conversationKey);
	if (on && changed)
		for (const record of await tx.waitingCancellations(actor.tenantId)) {
			if (record.askers.some((asker) => asker.conversationKey === conversationKey)) continue;
			await postMessage(tx, { kind: "approval", cancellationId: record.id, conversationKey }, deps);
		}
	tx.audit({
		at: now,
		type: on ? "approvals.here" : "approvals.off",
		actor,
		facts: { requestId: request.id, conversation: conversationKey, changed, ...facts },
	});
	return { kind: "view", view: { view: "approvals-here", on, changed } };
}

/** The request as it stands, in place of the pressed card. As a message of its own it is told in words. */
async function present(
	tx: Tx,
	request: Request,
	record: Cancellation,
	note: Note,
	kind: "approval" | "review",
): Promise<Answer> {
	const { conversationKey, pressedActivityId, actor } = request;
	const card = (await tx.cards(record.id)).find(
		(one) => one.conversationKey === conversationKey && one.activityId === pressedActivityId,
	);
	const view = {
		cancellation: record,
		conversationKey,
		viewer: { tenantId: actor.tenantId, userId: actor.userId },
		note,
		...known({ audience: card?.audience }),
	};
	return { kind: "view", view: { view: kind, ...view } };
}

function told({ actor }: { readonly actor: Actor }, cancellation: Cancellation, note: Note): Answer {
	const { tenantId, userId } = actor;
	return { kind: "view", view: { view: "told", cancellation, actor: { tenantId, userId }, note } };
}

function opened({ id }: Cancellation): Answer {
	return { kind: "cancellation", cancellationId: id };
}

function done(what: Done): Note {
	return { kind: "done", what };
}

function audit(
	tx: Tx,
	{ id: requestId, actor }: Request,
	{ id, jobId, receipt }: Cancellation,
	type: string,
	facts: Readonly<Record<string, unknown>>,
	at: Date,
): void {
	tx.audit({ at, type, actor, jobId, cancellationId: id, facts: { requestId, receipt, ...facts } });
}
