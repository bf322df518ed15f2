import type { EarlierNo } from "../../core/approving/approval.js";
import type { ApprovalSettings } from "../../core/approving/terms.js";
import type { RecoveryJob } from "../../core/job.js";
import { known } from "../../core/known.js";
import type { Grant, Standing } from "../../core/person.js";
import { lacksRole, type Permission, type PolicySettings, type Verdict } from "../../core/policy.js";
import type { Command } from "../../core/requests/command.js";
import type { Found } from "../approving/find-deciders.js";
import type {
	Clock,
	Directory,
	FileUploads,
	Messenger,
	ReadProblem,
	RecoveryJobs,
	TrailExport,
} from "../ports.js";
import type { Request, Store } from "../store.js";
import type { Asked, ProblemCode, View } from "../views.js";

/** What answering a request came to, before anything is saved. */
export type Decision =
	| Shown
	/** Allowed to cancel a job that was just seen running. */
	| { readonly kind: "open"; readonly job: RecoveryJob; readonly grant: Grant; readonly standing: Standing }
	| ApprovalDecision;

/** What a request about approval came to, before anything is saved. */
export type ApprovalDecision =
	/** Others are to decide about a job that was just seen running; `grant` where the asker holds the role, too. */
	| {
			readonly kind: "ask";
			readonly job: RecoveryJob;
			readonly grant?: Grant;
			readonly standing: Standing;
			readonly found: Found;
			readonly earlierNo?: EarlierNo;
	  }
	/** Something is done about a request; `verdict` is what the role allows, where one is needed. */
	| {
			readonly kind: "act";
			readonly cancellationId: string;
			readonly verdict?: Verdict;
			readonly standing?: Standing;
	  }
	| { readonly kind: "switch"; readonly on: boolean; readonly facts: Readonly<Record<string, unknown>> };

/** Something to tell, with its line in the audit trail. */
export interface Shown {
	readonly kind: "show";
	readonly type: string;
	readonly view: View;
	readonly facts: Readonly<Record<string, unknown>>;
}

export interface DecideDeps {
	readonly clock: Clock;
	readonly directory: Directory;
	readonly jobs: RecoveryJobs;
	readonly policy: PolicySettings;
	readonly approvals: ApprovalSettings;
	readonly store: Pick<Store, "read" | "transaction">;
	readonly messenger: Pick<Messenger, "members">;
	readonly trail: TrailExport;
	readonly files: FileUploads;
}

/** What a request asks of the directory, and of Graph. */
export function askedFor({ kind }: Command): Asked | undefined {
	switch (kind) {
		case "cancel":
		case "status":
		case "jobs":
		case "whoami":
			return kind;
		case "cancel-running":
			return "jobs";
		case "ask":
		case "decide":
		case "acknowledge":
		case "approvals":
		case "approvals-here":
		case "can-i":
			return "cancel";
		default:
			return undefined;
	}
}

/** What is told until there is an answer. */
export function workingView({ id, command }: Request): Extract<View, { view: "working" }> {
	const jobId = "jobId" in command ? command.jobId : undefined;
	return { view: "working", requestId: id, ...known({ asked: askedFor(command), jobId }) };
}

export function show(view: View, facts: Readonly<Record<string, unknown>> = {}): Shown {
	return { kind: "show", type: "request.answered", view, facts: { answered: view.view, ...facts } };
}

/**
 * What a no of the policy comes to. A directory that gave no answer to go by refuses nobody: nothing is sent
 * then either, and it is told as the outage that it is.
 */
export function refused(
	request: Request,
	permission: Permission,
	verdict: Extract<Verdict, { allowed: false }>,
	standing: Standing | undefined,
	{ clock, policy }: Pick<DecideDeps, "clock" | "policy">,
	jobId?: string,
	/** Whether those who may can be asked instead. */
	mayAsk = false,
): Shown {
	const { rule, problem } = verdict;
	const asked = askedFor(request.command) ?? "status";
	const common = { actor: request.actor, asked, at: clock.now().toISOString(), ...known({ jobId }) };
	if (problem !== undefined && problem !== "not-found")
		return {
			kind: "show",
			type: "request.unchecked",
			view: { view: "unchecked", ...common, problem, requestId: request.id },
			facts: { permission, code: `role-${problem}`, ...known({ standing }) },
		};
	// Nobody is told to get a role that would not help.
	const helps = lacksRole(rule);
	const roles = permission === "cancel" ? policy.cancelRoles : policy.viewRoles;
	return {
		kind: "show",
		type: "request.refused",
		view: {
			view: "refusal",
			...common,
			permission,
			rule,
			scopedRoles: standing?.kind === "read" ? standing.scopedRoles.map((scoped) => scoped.roleName) : [],
			grantingRoles: helps ? roles : [],
			grantingGroups: helps ? policy.cancelGroups : [],
			...known({ problem }),
			...(mayAsk ? { mayAsk } : {}),
		},
		facts: { permission, rule, ...known({ standing }) },
	};
}

export function readProblem(request: Request, read: ReadProblem, jobId?: string): Shown {
	const { kind: _kind, code, ...facts } = read;
	return problem(request, `graph-${code}`, facts, jobId);
}

export function problem(
	request: Request,
	code: ProblemCode,
	facts: Readonly<Record<string, unknown>> = {},
	jobId?: string,
): Shown {
	return {
		kind: "show",
		type: "request.failed",
		view: { view: "problem", code, requestId: request.id, ...known({ jobId }) },
		facts: { code, ...facts },
	};
}
