import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { jobEnd, type RecoveryJob } from "../../core/job.js";
import type { Standing } from "../../core/person.js";
import { decide } from "../../core/policy.js";
import type { Command } from "../../core/requests/command.js";
import type { Request, Tx } from "../store.js";
import type { BeingCancelled, View } from "../views.js";
import { type DecideDeps, readProblem, refused, type Shown, show } from "./decision.js";

type JobsView = Extract<View, { view: "jobs" }>;

/** Shows the jobs that Graph knows to somebody who may look; to a cancel without a name, the one that runs. */
export async function decideJobs(
	request: Request,
	deps: DecideDeps,
	cancel?: Extract<Command, { kind: "cancel-running" }>,
): Promise<Shown> {
	const [standing, list] = await Promise.all([
		deps.directory.standing(request.actor, "view"),
		deps.jobs.list(),
	]);
	const verdict = decide("view", request.actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	if (list.kind === "problem") return readProblem(request, list);
	const facts = { count: list.jobs.length, grant: verdict.grant };
	const may = mayCancel(request, standing, deps);
	const view = jobsView(list.jobs, may, deps);
	const [only, ...more] = view.running;
	if (!cancel || !only || more.length > 0 || !isMeant(only, cancel.jobKind)) return show(view, facts);
	const offered = cancel.reason === undefined ? {} : { reason: cancel.reason };
	return show({ ...jobView(only, may, deps), offered }, facts);
}

/** A job of a kind that Graph did not say may be any. */
function isMeant(job: RecoveryJob, kind: "recovery" | "preview" | undefined): boolean {
	return kind === undefined || job.kind === "unknown" || job.kind === kind;
}

/** The list without what the database knows of it: see `withBeingCancelled`. */
export function jobsView(
	jobs: readonly RecoveryJob[],
	mayCancel: boolean,
	{ clock, policy }: Pick<DecideDeps, "clock" | "policy">,
): JobsView {
	return {
		view: "jobs",
		running: jobs.filter((job) => !jobEnd(job)),
		ended: jobs.filter((job) => jobEnd(job)),
		beingCancelled: [],
		mayCancel,
		reasonRequired: policy.reasonRequired,
		readAt: clock.now().toISOString(),
	};
}

export function jobView(
	job: RecoveryJob,
	mayCancel: boolean,
	{ clock, policy }: Pick<DecideDeps, "clock" | "policy">,
): Extract<View, { view: "job" }> {
	return {
		view: "job",
		job,
		mayCancel,
		reasonRequired: policy.reasonRequired,
		readAt: clock.now().toISOString(),
	};
}

/** Where others see the card, too, one of them may be able to cancel; in a personal chat nobody else does. */
export function mayCancel(
	{ actor, conversationType }: Request,
	standing: Standing,
	deps: DecideDeps,
): boolean {
	return conversationType !== "personal" || decide("cancel", actor, standing, deps.policy).allowed;
}

/** The list with those of its running jobs that are being cancelled, by one statement. */
export async function withBeingCancelled(
	view: JobsView,
	tenantId: string,
	read: Pick<Tx, "openCancellations">,
): Promise<JobsView> {
	const ids = view.running.map(({ id }) => id);
	const open = await read.openCancellations(tenantId, ids);
	return { ...view, beingCancelled: open.map(beingCancelled) };
}

function beingCancelled({ jobId, receipt, requester }: Cancellation): BeingCancelled {
	return { jobId, receipt, requesterName: requester.name };
}
