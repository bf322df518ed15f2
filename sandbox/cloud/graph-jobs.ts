import { graphError } from "./graph-error.js";
import type { Handler, Reply, SeenRequest } from "./http.js";
import { type Job, jobState } from "./job-life.js";

const NAMESPACE = "microsoft.graph.entraRecoveryServices";
/** Members that Graph shows only to callers who say that they can take unknown ones. */
const LATE_MEMBERS = new Set(["calculating", "loadingData"]);
/** https://learn.microsoft.com/graph/api/entrarecoveryservices-recovery-list-jobs */
const LARGEST_PAGE = 999;
/** What each job finds to change. */
const OBJECTS = 1_024;
const LINKS = 124;

/** What differs between what Graph's documents say and what was measured. */
export interface GraphShape {
	/** `@odata.type` or, as measured once, `@type`. */
	controlPrefix: "@odata." | "@";
	/** Whether `GET /jobs/{id}` exists; no document says so. */
	flatGet: boolean;
	/** Rows on a page when the caller does not say `$top`. */
	pageSize: number;
}

/** The recovery jobs of the local Graph, on both API versions, with each version's own cancel path. */
export function createGraphJobs(
	jobs: Map<string, Job>,
	shape: GraphShape,
	now: () => Date,
	origin: () => string,
): Handler {
	return (request) => {
		const [, version, id, action] =
			/^\/(beta|v1\.0)\/directory\/recovery\/jobs(?:\/([^/]+))?(?:\/([^/]+))?$/u.exec(request.path) ?? [];
		if (version === undefined) return undefined;
		if (id === undefined) return request.method === "GET" ? list(request) : notAllowed();
		const job = jobs.get(id.toLowerCase());
		if (action !== undefined) return cancel(request, version, action, job);
		if (request.method !== "GET") return notAllowed();
		if (!shape.flatGet) return graphError(400, "badRequest", "Resource not found for the segment 'jobs'.");
		return job ? { status: 200, body: present(job, request) } : notFound();
	};

	function cancel(request: SeenRequest, version: string, action: string, job: Job | undefined): Reply {
		const expected = version === "beta" ? ["cancel", `${NAMESPACE}.cancel`] : [`${NAMESPACE}.cancel`];
		if (request.method !== "POST" || !expected.includes(action))
			return graphError(400, "badRequest", `Resource not found for the segment '${action}'.`);
		if (!job) return notFound();
		if (jobState(job, now()).endedAt) return graphError(409, "conflict", "The job has already ended.");
		job.cancelledAt ??= now();
		if (job.forgottenWhenCancelled) jobs.delete(job.id.toLowerCase());
		return { status: 202, headers: { location: `${origin()}/${version}/directory/recovery/jobs/${job.id}` } };
	}

	function list(request: SeenRequest): Reply {
		const { query } = request;
		const wanted = /^(id|status) (eq|ne) '([^']*)'$/u.exec(query.get("$filter") ?? "");
		if (query.has("$filter") && !wanted) return graphError(400, "badRequest", "Invalid filter clause.");
		const top = Number(query.get("$top") ?? shape.pageSize);
		if (!Number.isInteger(top) || top < 1 || top > LARGEST_PAGE)
			return graphError(400, "badRequest", `The limit of '${LARGEST_PAGE}' for Top query has been exceeded.`);
		const all = [...jobs.values()].filter((job) => {
			if (!wanted) return true;
			const [, property, operator, value] = wanted;
			const same =
				property === "id"
					? job.id.toLowerCase() === value?.toLowerCase()
					: jobState(job, now()).status === value;
			return same === (operator === "eq");
		});
		const skip = Number(query.get("$skiptoken") ?? 0);
		const next = new URL(request.path, origin());
		for (const [name, value] of query) next.searchParams.set(name, value);
		next.searchParams.set("$skiptoken", String(skip + top));
		return {
			status: 200,
			body: {
				[`${shape.controlPrefix}context`]: `${origin()}/$metadata#directory/recovery/jobs`,
				...(skip + top < all.length ? { [`${shape.controlPrefix}nextLink`]: next.href } : {}),
				value: all.slice(skip, skip + top).map((job) => present(job, request)),
			},
		};
	}

	function present(job: Job, request: SeenRequest): object {
		const { status, endedAt, done } = jobState(job, now());
		const open = (request.headers.prefer ?? "").includes("include-unknown-enum-members");
		const type = job.kind === "recovery" ? "recoveryJob" : "recoveryPreviewJob";
		const calculated = status === "initialized" || status === "loadingData" ? null : OBJECTS;
		return {
			[`${shape.controlPrefix}type`]: `#${NAMESPACE}.${type}`,
			id: job.id,
			status: LATE_MEMBERS.has(status) && !open ? "unknownFutureValue" : status,
			targetStateDateTime: new Date(job.startedAt.getTime() - 8 * 3_600_000).toISOString(),
			jobStartDateTime: job.startedAt.toISOString(),
			jobCompletionDateTime: endedAt?.toISOString() ?? null,
			filteringCriteria: null,
			totalChangedObjectsCalculated: calculated,
			totalChangedLinksCalculated: calculated === null ? null : LINKS,
			...(job.kind === "recovery"
				? {
						totalObjectsModified: Math.floor(done * OBJECTS),
						totalLinksModified: Math.floor(done * LINKS),
						totalFailedChanges: endedAt ? 0 : null,
					}
				: {}),
		};
	}

	function notAllowed(): Reply {
		return graphError(405, "methodNotAllowed", "The method is not allowed here.");
	}

	function notFound(): Reply {
		return graphError(404, "notFound", "Job with this identifier was not found.");
	}
}
