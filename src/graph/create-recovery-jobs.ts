import type { RecoveryJobs } from "../app/ports.js";
import type { RecoveryJob } from "../core/job.js";
import { known } from "../core/known.js";
import { cancelJob } from "./cancel-job.js";
import { createGraphCaller } from "./create-graph-caller.js";
import { filterString, type GraphCaller, type GraphDeps, isSameId, pathSegment } from "./graph-call.js";
import { jobBody } from "./job-body.js";
import { expectSuccess, type GraphProblem, toReadProblem, unreadable } from "./problem.js";
import { readPages } from "./read-pages.js";

/** For one request, with its token and its body, in milliseconds. */
const READ_MS = 10_000;
const CANCEL_MS = 15_000;

const JOBS = "/directory/recovery/jobs";
/** Answers by which a service says that it does not know this way of asking. */
const NOT_THIS_WAY = [400, 405, 501];

export interface RecoveryJobsDeps extends GraphDeps {
	readonly apiVersion: "beta" | "v1.0";
	readonly timeouts?: { readonly readMs?: number; readonly cancelMs?: number };
}

/**
 * Graph's recovery jobs over HTTP. Every method resolves; what went wrong is in the value.
 *
 * @throws when the endpoint is not https
 */
export function createRecoveryJobs(deps: RecoveryJobsDeps): RecoveryJobs {
	const caller = createGraphCaller(deps);
	const version = deps.apiVersion;
	const reading: Reading = { caller, version, requestMs: deps.timeouts?.readMs ?? READ_MS };
	const cancelling = { version, timeoutMs: deps.timeouts?.cancelMs ?? CANCEL_MS };
	return {
		async list() {
			const listed = await listJobs(reading);
			if (listed.kind === "problem") return toReadProblem(listed);
			return { kind: "listed", jobs: [...listed.rows].sort(newestFirst) };
		},
		async read(jobId) {
			const read = await readJob(jobId, reading);
			return read.kind === "problem" ? toReadProblem(read) : read;
		},
		cancel: (jobId, clientRequestId) => cancelJob(jobId, clientRequestId, caller, cancelling),
	};
}

interface Reading {
	readonly caller: GraphCaller;
	readonly version: "beta" | "v1.0";
	/** For one request, in milliseconds. */
	readonly requestMs: number;
}

type JobList = { readonly kind: "read"; readonly rows: readonly RecoveryJob[] } | GraphProblem;
type JobFound = { readonly kind: "found"; readonly job: RecoveryJob; readonly retryAfterMs?: number };

/**
 * Every job that Graph still knows, in Graph's order.
 * https://learn.microsoft.com/graph/api/entrarecoveryservices-recovery-list-jobs
 */
function listJobs(reading: Reading, query = "", queryTemplate = ""): Promise<JobList> {
	const call = {
		method: "GET",
		nature: "read",
		version: reading.version,
		path: `${JOBS}${query}`,
		template: `${JOBS}${queryTemplate}`,
	} as const;
	return readPages(call, jobBody, reading.caller, () => reading.requestMs);
}

/**
 * One job. Asking for it directly is not described by any reference page, only by Microsoft's SDKs, so
 * a 404 there may be about the way of asking: the job counts as missing only when the documented list
 * does not hold it either.
 */
async function readJob(
	jobId: string,
	reading: Reading,
): Promise<JobFound | { readonly kind: "missing" } | GraphProblem> {
	const segment = pathSegment(jobId);
	if (segment === undefined) return { kind: "missing" };
	const direct = await readDirectly(jobId, segment, reading);
	if (direct.kind === "found" || !(direct.httpStatus === 404 || refusesTheWay(direct))) return direct;

	const filtered = await listJobs(
		reading,
		`?$filter=id%20eq%20${filterString(jobId)}`,
		"?$filter=id eq '{id}'",
	);
	const listed = filtered.kind === "problem" && refusesTheWay(filtered) ? await listJobs(reading) : filtered;
	if (listed.kind === "problem") return listed;
	const job = listed.rows.find((candidate) => isSameId(candidate.id, jobId));
	return job ? { kind: "found", job } : { kind: "missing" };
}

async function readDirectly(
	jobId: string,
	segment: string,
	{ caller, version, requestMs }: Reading,
): Promise<JobFound | GraphProblem> {
	const reply = expectSuccess(
		await caller.send({
			method: "GET",
			nature: "read",
			version,
			path: `${JOBS}/${segment}`,
			template: `${JOBS}/{id}`,
			timeoutMs: requestMs,
		}),
	);
	if (reply.kind === "problem") return reply;
	const parsed = jobBody.safeParse(reply.body);
	if (!parsed.success) return unreadable(reply, "the job cannot be read");
	if (!isSameId(parsed.data.id, jobId)) return unreadable(reply, "this is another job");
	// Graph may ask for slower polling of a long operation that goes well, too.
	return { kind: "found", job: parsed.data, ...known({ retryAfterMs: reply.retryAfterMs }) };
}

function refusesTheWay(problem: GraphProblem): boolean {
	return problem.httpStatus !== undefined && NOT_THIS_WAY.includes(problem.httpStatus);
}

/** A job without a start time is probably the newest: it has not begun. */
function newestFirst(a: RecoveryJob, b: RecoveryJob): number {
	return startMs(b) - startMs(a) || a.id.localeCompare(b.id);
}

function startMs(job: RecoveryJob): number {
	return job.startedAt === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(job.startedAt);
}
