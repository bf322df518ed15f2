import type { RecoveryJobs } from "../app/ports.js";
import type { RecoveryJob } from "../core/job.js";
import { readCancelAnswer } from "./cancel-answer.js";
import { createGraphCaller } from "./create-graph-caller.js";
import { parseEndpoint, pathSegment } from "./endpoint.js";
import type { GraphCaller } from "./graph-call.js";
import type { GraphDeps } from "./graph-deps.js";
import { toReadProblem } from "./problem.js";
import { listJobs, type ReadJobsDeps, readJob } from "./read-jobs.js";

/** For one request, with its token and its body, in milliseconds. */
const READ_MS = 10_000;
const CANCEL_MS = 15_000;

export interface RecoveryJobsDeps extends GraphDeps {
	readonly apiVersion: "beta" | "v1.0";
	readonly timeouts?: { readonly readMs?: number; readonly cancelMs?: number };
}

/** The documented path of the action differs between the versions. */
const CANCEL_SEGMENT = { beta: "cancel", "v1.0": "microsoft.graph.entraRecoveryServices.cancel" } as const;

/**
 * Graph's recovery jobs over HTTP. Every method resolves; what went wrong is in the value.
 * https://learn.microsoft.com/graph/api/entrarecoveryservices-recovery-list-jobs
 * https://learn.microsoft.com/graph/api/entrarecoveryservices-recoveryjobbase-cancel
 *
 * @throws when the endpoint is not https
 */
export function createRecoveryJobs(deps: RecoveryJobsDeps): RecoveryJobs {
	const caller = createGraphCaller(deps);
	const reading: ReadJobsDeps = {
		caller,
		endpoint: parseEndpoint(deps.endpoint),
		version: deps.apiVersion,
		requestMs: deps.timeouts?.readMs ?? READ_MS,
	};
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
		cancel: (jobId, clientRequestId) => cancel(jobId, clientRequestId, caller, deps),
	};
}

async function cancel(
	jobId: string,
	clientRequestId: string,
	caller: GraphCaller,
	deps: RecoveryJobsDeps,
): ReturnType<RecoveryJobs["cancel"]> {
	const segment = pathSegment(jobId);
	if (segment === undefined) return { kind: "rejected", code: "not-found", detail: "not sent: no job id" };
	const action = CANCEL_SEGMENT[deps.apiVersion];
	const reply = await caller({
		method: "POST",
		nature: "act",
		version: deps.apiVersion,
		path: `/directory/recovery/jobs/${segment}/${action}`,
		template: `/directory/recovery/jobs/{id}/${action}`,
		clientRequestId,
		timeoutMs: deps.timeouts?.cancelMs ?? CANCEL_MS,
	});
	return readCancelAnswer(reply);
}

/** A job without a start time is probably the newest: it has not begun. */
function newestFirst(a: RecoveryJob, b: RecoveryJob): number {
	return startMs(b) - startMs(a) || a.id.localeCompare(b.id);
}

function startMs(job: RecoveryJob): number {
	return job.startedAt === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(job.startedAt);
}
