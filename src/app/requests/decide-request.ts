import { jobEnd, type RecoveryJob } from "../../core/job.js";
import { known } from "../../core/known.js";
import type { Actor, Grant, Standing } from "../../core/person.js";
import {
	decide,
	type Permission,
	type PolicySettings,
	refuseStranger,
	type Verdict,
} from "../../core/policy.js";
import type { Clock, Directory, ReadProblem, RecoveryJobs } from "../ports.js";
import type { Request } from "../store.js";
import type { ProblemCode, View } from "../views.js";

/** What answering a request came to, before anything is saved. */
export type Decision =
	| {
			readonly kind: "show";
			readonly view: View;
			readonly facts: Readonly<Record<string, unknown>>;
			readonly type: string;
	  }
	/** Allowed to cancel a job that was just seen running. */
	| { readonly kind: "open"; readonly job: RecoveryJob; readonly grant: Grant; readonly standing: Standing };

export interface DecideDeps {
	readonly clock: Clock;
	readonly directory: Directory;
	readonly jobs: RecoveryJobs;
	readonly policy: PolicySettings;
}

/** Finds out what a request calls for: reads the directory and Graph, saves nothing. */
export async function decideRequest(request: Request, deps: DecideDeps): Promise<Decision> {
	const { command, actor } = request;
	const stranger = refuseStranger(actor, deps.policy);
	if (stranger) return refused(request, "view", stranger, undefined, deps);
	switch (command.kind) {
		case "cancel":
			if (deps.policy.reasonRequired && command.reason === undefined)
				return show({ view: "malformed", verb: "cancel", problem: "no-reason" });
			return decideCancel(request, command.jobId, deps);
		case "status":
			return decideStatus(request, command.jobId, deps);
		case "jobs":
			return decideJobs(request, deps);
		case "whoami":
			return tellStanding(actor, deps);
		case "help":
		case "greeting":
			return show({ view: "help", greeting: command.kind === "greeting" });
		case "malformed": {
			const { kind: _kind, ...malformed } = command;
			return show({ view: "malformed", ...malformed });
		}
		case "unknown": {
			const { kind: _kind, ...unknown } = command;
			return show({ view: "unknown", ...unknown });
		}
	}
}

async function decideCancel(request: Request, jobId: string, deps: DecideDeps): Promise<Decision> {
	// Asked together to be quick; the job is looked at only once the role is seen.
	const [standing, read] = await Promise.all([
		deps.directory.standing(request.actor, "cancel"),
		deps.jobs.read(jobId),
	]);
	const verdict = decide("cancel", request.actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "cancel", verdict, standing, deps, jobId);
	if (read.kind === "missing") return problem(request, "job-not-found", {}, jobId);
	if (read.kind === "problem") return readProblem(request, read, jobId);
	if (jobEnd(read.job))
		return {
			kind: "show",
			type: "cancel.already-ended",
			view: { view: "already-ended", job: read.job, readAt: deps.clock.now().toISOString() },
			facts: { status: read.job.status, grant: verdict.grant },
		};
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
	return show(
		{ view: "job", job: read.job, readAt: deps.clock.now().toISOString() },
		{ status: read.job.status, grant: verdict.grant },
	);
}

async function decideJobs(request: Request, deps: DecideDeps): Promise<Decision> {
	const [standing, list] = await Promise.all([
		deps.directory.standing(request.actor, "view"),
		deps.jobs.list(),
	]);
	const verdict = decide("view", request.actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	if (list.kind === "problem") return readProblem(request, list);
	return show(
		{
			view: "jobs",
			running: list.jobs.filter((job) => !jobEnd(job)),
			ended: list.jobs.filter((job) => jobEnd(job)),
			readAt: deps.clock.now().toISOString(),
		},
		{ count: list.jobs.length, grant: verdict.grant },
	);
}

async function tellStanding(actor: Actor, deps: DecideDeps): Promise<Decision> {
	const standing = await deps.directory.standing(actor, "view");
	const view = decide("view", actor, standing, deps.policy);
	const cancel = decide("cancel", actor, standing, deps.policy);
	return show(
		{
			view: "standing",
			actor,
			standing,
			mayView: view.allowed,
			mayCancel: cancel.allowed,
			...(cancel.allowed ? {} : { why: cancel.rule }),
			grantingRoles: deps.policy.cancelRoles,
		},
		{ mayView: view.allowed, mayCancel: cancel.allowed, standing },
	);
}

function show(view: View, facts: Readonly<Record<string, unknown>> = {}): Decision {
	return { kind: "show", type: "request.answered", view, facts: { answered: view.view, ...facts } };
}

function refused(
	request: Request,
	permission: Permission,
	verdict: Extract<Verdict, { allowed: false }>,
	standing: Standing | undefined,
	deps: DecideDeps,
	jobId?: string,
): Decision {
	const asked = permission === "cancel" ? deps.policy.cancelRoles : deps.policy.viewRoles;
	return {
		kind: "show",
		type: "request.refused",
		view: {
			view: "refusal",
			actor: request.actor,
			permission,
			rule: verdict.rule,
			scopedRoles: standing?.kind === "read" ? standing.scopedRoles.map((s) => s.roleName) : [],
			grantingRoles: asked,
			grantingGroups: deps.policy.cancelGroups,
			at: deps.clock.now().toISOString(),
			...known({ problem: verdict.problem, jobId }),
		},
		facts: { permission, rule: verdict.rule, ...known({ standing }) },
	};
}

function readProblem(request: Request, read: ReadProblem, jobId?: string): Decision {
	const { kind: _kind, code, ...facts } = read;
	return problem(request, `graph-${code}`, facts, jobId);
}

function problem(
	request: Request,
	code: ProblemCode,
	facts: Readonly<Record<string, unknown>>,
	jobId?: string,
): Decision {
	return {
		kind: "show",
		type: "request.failed",
		view: { view: "problem", code, requestId: request.id, ...known({ jobId }) },
		facts: { code, ...facts },
	};
}
