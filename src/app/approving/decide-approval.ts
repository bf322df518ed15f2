import {
	hasAsked,
	isWaiting,
	missingApprovals,
	neededApprovals,
	objectionToDecision,
	rejectionOf,
} from "../../core/approving/rules.js";
import { needsSecondPerson, termsOf } from "../../core/approving/terms.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { jobEnd, type RecoveryJob } from "../../core/job.js";
import { known } from "../../core/known.js";
import type { Grant, Standing } from "../../core/person.js";
import { decide, lacksRole, type Verdict } from "../../core/policy.js";
import type { Command } from "../../core/requests/command.js";
import { type DecideDeps, type Decision, problem, readProblem, refused, show } from "../requests/decision.js";
import { jobView } from "../requests/show-jobs.js";
import type { Request } from "../store.js";
import { findDeciders } from "./find-deciders.js";

/** What somebody asks for about approvals. */
export type ApprovalCommand = Extract<
	Command,
	{
		kind: "ask" | "decide" | "withdraw" | "acknowledge" | "approvals" | "approvals-here" | "why" | "can-i";
	}
>;

/** Finds out what a request about approvals calls for: reads the directory, Graph and the record, saves nothing. */
export async function decideApproval(
	request: Request,
	command: ApprovalCommand,
	deps: DecideDeps,
): Promise<Decision> {
	switch (command.kind) {
		case "ask":
			return decideAsk(request, command, deps);
		case "decide":
		case "acknowledge":
			return decideAct(request, command.reference, deps);
		case "withdraw": {
			const record = await find(request, command.reference, deps);
			return record ? { kind: "act", cancellationId: record.id } : unknown(command.reference);
		}
		case "approvals":
			return listApprovals(request, deps);
		case "approvals-here":
			return decideSwitch(request, command.on, deps);
		case "why":
			return tellWhy(request, command.reference, deps);
		case "can-i":
			return tellCanI(request, command.jobId, deps);
	}
}

/** Whether somebody who was refused may ask others: only who lacks the role, and nobody who may not act at all. */
export function mayAskOthers(verdict: Verdict, { approvals }: Pick<DecideDeps, "approvals">): boolean {
	return !verdict.allowed && lacksRole(verdict.rule) && approvals.mode !== "off";
}

/** Others are to decide: looks up who they are, where they are, and what was said the last time. */
export async function askOthers(
	{ actor, conversationKey }: Request,
	asked: { readonly job: RecoveryJob; readonly grant?: Grant; readonly standing: Standing },
	deps: DecideDeps,
): Promise<Decision> {
	const { read } = deps.store;
	const [here, others, rejected] = await Promise.all([
		read.conversation(conversationKey),
		read.approvalConversations(actor.tenantId),
		read.lastRejected(actor.tenantId, asked.job.id),
	]);
	const conversations = [...(here ? [here] : []), ...others.filter(({ key }) => key !== conversationKey)];
	const found = await findDeciders(conversations, [actor], deps);
	const no = rejected && rejectionOf(rejected);
	return {
		kind: "ask",
		...asked,
		found,
		...(rejected && no
			? {
					earlierNo: {
						receipt: rejected.receipt,
						actor: no.actor,
						at: no.at,
						...known({ comment: no.comment }),
					},
				}
			: {}),
	};
}

async function decideAsk(
	request: Request,
	{ jobId, reason }: Extract<ApprovalCommand, { kind: "ask" }>,
	deps: DecideDeps,
): Promise<Decision> {
	const [standing, read] = await Promise.all([
		deps.directory.standing(request.actor, "cancel"),
		deps.jobs.read(jobId),
	]);
	const verdict = decide("cancel", request.actor, standing, deps.policy);
	if (!verdict.allowed && !mayAskOthers(verdict, deps))
		return refused(request, "cancel", verdict, standing, deps, jobId);
	// Whoever decides has nothing else to go by.
	if (reason === undefined) return show({ view: "malformed", verb: "ask", problem: "no-reason", jobId });
	if (read.kind === "missing") return problem(request, "job-not-found", {}, jobId);
	if (read.kind === "problem") return readProblem(request, read, jobId);
	const { job } = read;
	const readAt = deps.clock.now().toISOString();
	if (jobEnd(job)) return show({ view: "already-ended", job, readAt }, { status: job.status });
	// Whoever may cancel by themselves asks nobody; their card has the button for it.
	if (verdict.allowed && !needsSecondPerson(deps.approvals, job.kind))
		return show(jobView(job, true, deps), { grant: verdict.grant });
	return askOthers(request, { job, standing, ...(verdict.allowed ? { grant: verdict.grant } : {}) }, deps);
}

async function decideAct(request: Request, reference: string, deps: DecideDeps): Promise<Decision> {
	const [record, standing] = await Promise.all([
		find(request, reference, deps),
		deps.directory.standing(request.actor, "cancel"),
	]);
	if (!record) return unknown(reference);
	const verdict = decide("cancel", request.actor, standing, deps.policy);
	return { kind: "act", cancellationId: record.id, verdict, standing };
}

async function decideSwitch(request: Request, on: boolean, deps: DecideDeps): Promise<Decision> {
	const standing = await deps.directory.standing(request.actor, "cancel");
	const verdict = decide("cancel", request.actor, standing, deps.policy);
	if (verdict.allowed) return { kind: "switch", on, facts: { grant: verdict.grant } };
	// Whoever lost the role need not be shown requests in their own chat for ever.
	const here = on ? undefined : await deps.store.read.conversation(request.conversationKey);
	if (here?.conversationType === "personal") return { kind: "switch", on, facts: {} };
	return refused(request, "cancel", verdict, standing, deps);
}

async function listApprovals(request: Request, deps: DecideDeps): Promise<Decision> {
	const { actor } = request;
	const [standing, waiting] = await Promise.all([
		deps.directory.standing(actor, "cancel"),
		deps.store.read.waitingCancellations(actor.tenantId),
	]);
	const verdict = decide("cancel", actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "cancel", verdict, standing, deps);
	const now = deps.clock.now();
	const mine = waiting.filter((record) => !objectionToDecision(record, { actor, verdict: "approve" }, now));
	return show({ view: "approvals", waiting: mine, at: now.toISOString() }, { count: mine.length });
}

async function tellWhy(request: Request, reference: string, deps: DecideDeps): Promise<Decision> {
	const record = await find(request, reference, deps);
	if (!record) return unknown(reference);
	if (hasAsked(record, request.actor)) return show({ view: "why", cancellation: record });
	const standing = await deps.directory.standing(request.actor, "view");
	const verdict = decide("view", request.actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	return show({ view: "why", cancellation: record }, { receipt: record.receipt, grant: verdict.grant });
}

/** The answer that the real command would give, without doing it. */
async function tellCanI(request: Request, jobId: string, deps: DecideDeps): Promise<Decision> {
	const { actor } = request;
	const [standing, read, requests] = await Promise.all([
		deps.directory.standing(actor, "cancel"),
		deps.jobs.read(jobId),
		deps.store.read.waitingCancellations(actor.tenantId),
	]);
	const verdict = decide("cancel", actor, standing, deps.policy);
	if (!verdict.allowed && verdict.problem) return refused(request, "cancel", verdict, standing, deps, jobId);
	// Whoever may not cancel learns nothing of the job.
	if (verdict.allowed && read.kind === "missing") return problem(request, "job-not-found", {}, jobId);
	if (verdict.allowed && read.kind === "problem") return readProblem(request, read, jobId);
	const job = read.kind === "found" ? read.job : undefined;
	const kind = job?.kind ?? "unknown";
	const second = needsSecondPerson(deps.approvals, kind);
	const now = deps.clock.now();
	const terms = termsOf(deps.approvals, { kind, entitled: verdict.allowed }, now);
	const waiting = requests.filter(isWaiting).find((record) => record.jobId === jobId);
	const base = {
		view: "can-i" as const,
		jobId,
		at: now.toISOString(),
		grantingRoles: verdict.allowed ? [] : deps.policy.cancelRoles,
		...known({ open: waiting }),
	};
	const others = waiting && (second || waiting.approval.mode === "two-person");
	if (!verdict.allowed) {
		const asks = mayAskOthers(verdict, deps) && (!job || jobEnd(job) === undefined);
		return show(
			asks
				? { ...base, answer: "by-asking", rule: verdict.rule, needed: neededApprovals(terms) }
				: { ...base, answer: "no", rule: verdict.rule },
		);
	}
	if (job && jobEnd(job)) return show({ ...base, answer: "ended", rule: verdict.rule });
	if (others)
		return show({ ...base, answer: "with-others", rule: "two-person", needed: missingApprovals(waiting) });
	if (second)
		return show({ ...base, answer: "with-others", rule: "two-person", needed: neededApprovals(terms) });
	return show({ ...base, answer: "yes", rule: verdict.rule });
}

async function find(
	request: Request,
	reference: string,
	{ store }: DecideDeps,
): Promise<Cancellation | undefined> {
	return store.read.findCancellation(request.actor.tenantId, reference);
}

function unknown(reference: string): Decision {
	return show({ view: "no-such-request", reference });
}
