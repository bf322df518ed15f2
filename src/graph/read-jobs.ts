import type { RecoveryJob } from "../core/job.js";
import { filterString, pathSegment } from "./endpoint.js";
import { followPages } from "./follow-pages.js";
import type { GraphCaller } from "./graph-call.js";
import { jobBody } from "./job-body.js";
import { expectSuccess, type GraphProblem, unreadable } from "./problem.js";

export interface ReadJobsDeps {
	readonly caller: GraphCaller;
	readonly endpoint: URL;
	readonly version: "beta" | "v1.0";
	/** For one request, in milliseconds. */
	readonly requestMs: number;
}

type JobList = { readonly kind: "read"; readonly rows: readonly RecoveryJob[] } | GraphProblem;
type JobRead =
	| { readonly kind: "found"; readonly job: RecoveryJob; readonly retryAfterMs?: number }
	| { readonly kind: "missing" }
	| GraphProblem;

const JOBS = "/directory/recovery/jobs";
/** Answers by which a service says that it does not know this way of asking. */
const NOT_THIS_WAY = [400, 405, 501];

/** Every job that Graph still knows, in Graph's order. */
export function listJobs(deps: ReadJobsDeps): Promise<JobList> {
	return listAt(JOBS, JOBS, deps);
}

/**
 * One job. Asking for it directly is not described by any reference page, only by Microsoft's SDKs, so
 * a 404 there may be about the way of asking: the job counts as missing only when the documented list
 * does not hold it either.
 * https://learn.microsoft.com/graph/api/entrarecoveryservices-recovery-list-jobs
 */
export async function readJob(jobId: string, deps: ReadJobsDeps): Promise<JobRead> {
	const segment = pathSegment(jobId);
	if (segment === undefined) return { kind: "missing" };
	const direct = await readDirectly(jobId, segment, deps);
	if (direct.kind === "found" || !asksForFallback(direct)) return direct;

	const filter = `?$filter=id%20eq%20${filterString(jobId)}`;
	const filtered = await listAt(`${JOBS}${filter}`, `${JOBS}?$filter=id eq '{id}'`, deps);
	const unfiltered = filtered.kind === "problem" && refusesTheWay(filtered) ? await listJobs(deps) : filtered;
	if (unfiltered.kind === "problem") return unfiltered;
	const job = unfiltered.rows.find((candidate) => isSame(candidate.id, jobId));
	return job ? { kind: "found", job } : { kind: "missing" };
}

async function readDirectly(
	jobId: string,
	segment: string,
	deps: ReadJobsDeps,
): Promise<Exclude<JobRead, { kind: "missing" }>> {
	const reply = expectSuccess(
		await deps.caller({
			method: "GET",
			nature: "read",
			version: deps.version,
			path: `${JOBS}/${segment}`,
			template: `${JOBS}/{id}`,
			timeoutMs: deps.requestMs,
		}),
	);
	if (reply.kind === "problem") return reply;
	const parsed = jobBody.safeParse(reply.body);
	if (!parsed.success) return unreadable(reply, "the job cannot be read");
	if (!isSame(parsed.data.id, jobId)) return unreadable(reply, "this is another job");
	// Graph may ask for slower polling of a long operation that goes well, too.
	const wait = reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs };
	return { kind: "found", job: parsed.data, ...wait };
}

function listAt(path: string, template: string, deps: ReadJobsDeps): Promise<JobList> {
	return followPages({ method: "GET", nature: "read", version: deps.version, path, template }, jobBody, deps);
}

function asksForFallback(problem: GraphProblem): boolean {
	return problem.httpStatus === 404 || refusesTheWay(problem);
}

function refusesTheWay(problem: GraphProblem): boolean {
	return problem.httpStatus !== undefined && NOT_THIS_WAY.includes(problem.httpStatus);
}

function isSame(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}
