import { needsSecondPerson } from "../../core/approving/terms.js";
import { jobEnd } from "../../core/job.js";
import { known } from "../../core/known.js";
import { decide, isOutage, lacksRole, refuseStranger } from "../../core/policy.js";
import type { Command, OnCallCommand } from "../../core/requests/command.js";
import { askOthers, decideApproval, mayAskOthers } from "../approving/decide-approval.js";
import { offerExport } from "../exporting/offer-export.js";
import { sendExport } from "../exporting/send-export.js";
import type { Request } from "../store.js";
import { type DecideDeps, type Decision, problem, readProblem, refused, show } from "./decision.js";
import { decideHistory } from "./show-history.js";
import { decideJobs, jobView, mayCancel } from "./show-jobs.js";

/** A request whose command says itself what is asked, and that is not for whoever is on call. */
export type PlainRequest = Request & {
	readonly command: Exclude<Command, { kind: "again" } | OnCallCommand>;
};

/** Finds out what a request calls for: reads the directory and Graph, saves nothing. */
export async function decideRequest(request: PlainRequest, deps: DecideDeps): Promise<Decision> {
	const { command, actor } = request;
	const stranger = refuseStranger(actor, deps.policy);
	if (stranger) return refused(request, "view", stranger, undefined, deps);
	switch (command.kind) {
		case "cancel":
			if (deps.policy.reasonRequired && command.reason === undefined)
				return show({ view: "malformed", verb: "cancel", problem: "no-reason", jobId: command.jobId });
			return decideCancel(request, command, deps);
		case "ask":
		case "decide":
		case "withdraw":
		case "acknowledge":
		case "approvals":
		case "approvals-here":
		case "why":
		case "can-i":
			return decideApproval(request, command, deps);
		case "status":
			return decideStatus(request, command.jobId, deps);
		case "jobs":
			return decideJobs(request, deps);
		case "cancel-running":
			return decideJobs(request, deps, command);
		case "whoami":
			return tellStanding(request, deps);
		case "history":
		case "history-next":
			return decideHistory(request, command, deps);
		case "history-unclear": {
			const { kind: _kind, ...unclear } = command;
			return show({ view: "history-unclear", ...unclear });
		}
		case "export":
			return offerExport(request, command, deps);
		case "export-accepted":
			return sendExport(request, command, deps);
		case "export-declined":
			return show({ view: "export-told", what: "declined" });
		case "help":
		case "greeting":
			return show({
				view: "help",
				greeting: command.kind === "greeting",
				conversationType: request.conversationType ?? "personal",
				botName: request.botName ?? "",
			});
		case "malformed": {
			const { kind: _kind, first, ...malformed } = command;
			return show({ view: "malformed", ...malformed, ...known({ jobId: first }) });
		}
		case "unknown": {
			const { kind: _kind, ...unknown } = command;
			return show({ view: "unknown", ...unknown });
		}
	}
}

async function decideCancel(
	request: Request,
	{ jobId, emergency, reason }: Extract<Command, { kind: "cancel" }>,
	deps: DecideDeps,
): Promise<Decision> {
	if (emergency && deps.approvals.mode === "two-person") {
		if (!deps.approvals.emergency) return show({ view: "no-emergency", jobId });
		if (reason === undefined) return show({ view: "malformed", verb: "cancel", problem: "no-reason", jobId });
	}
	// Asked together to be quick; the job is looked at only once the role is seen.
	const [standing, read] = await Promise.all([
		deps.directory.standing(request.actor, "cancel"),
		deps.jobs.read(jobId),
	]);
	const verdict = decide("cancel", request.actor, standing, deps.policy);
	if (!verdict.allowed) {
		const runs = read.kind === "found" && jobEnd(read.job) === undefined;
		return refused(request, "cancel", verdict, standing, deps, jobId, runs && mayAskOthers(verdict, deps));
	}
	if (read.kind === "missing") return problem(request, "job-not-found", {}, jobId);
	if (read.kind === "problem") return readProblem(request, read, jobId);
	if (jobEnd(read.job))
		return {
			kind: "show",
			type: "cancel.already-ended",
			view: { view: "already-ended", job: read.job, readAt: deps.clock.now().toISOString() },
			facts: { status: read.job.status, grant: verdict.grant },
		};
	if (needsSecondPerson(deps.approvals, read.job.kind) && !emergency)
		return askOthers(request, { job: read.job, grant: verdict.grant, standing }, deps);
	return { kind: "open", job: read.job, grant: verdict.grant, standing };
}

async function decideStatus(request: Request, jobId: string, deps: DecideDeps): Promise<Decision> {
	const [standing, read] = await Promise.all([
		deps.directory.standing(request.actor, "view"),
		deps.jobs.read(jobId),
	]);
	const verdict = decide("view", request.actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps, jobId);
	if (read.kind === "missing") return problem(request, "job-not-found", {}, jobId);
	if (read.kind === "problem") return readProblem(request, read, jobId);
	return show(jobView(read.job, mayCancel(request, standing, deps), deps), {
		status: read.job.status,
		grant: verdict.grant,
	});
}

async function tellStanding(request: Request, deps: DecideDeps): Promise<Decision> {
	const { actor } = request;
	const standing = await deps.directory.standing(actor, "view");
	const view = decide("view", actor, standing, deps.policy);
	const cancel = decide("cancel", actor, standing, deps.policy);
	if (!view.allowed && isOutage(standing)) return refused(request, "view", view, standing, deps);
	const rolesHelp = !cancel.allowed && lacksRole(cancel.rule);
	return show(
		{
			view: "standing",
			actor,
			standing,
			mayView: view.allowed,
			mayCancel: cancel.allowed,
			...(cancel.allowed ? {} : { why: cancel.rule }),
			grantingRoles: rolesHelp ? deps.policy.cancelRoles : [],
		},
		{ mayView: view.allowed, mayCancel: cancel.allowed, standing },
	);
}
