import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { RecoveryJobs } from "../../src/app/ports.js";
import { createRecoveryJobs } from "../../src/graph/create-recovery-jobs.js";
import type { TokenSource } from "../../src/graph/graph-call.js";
import {
	errorBody,
	FakeGraph,
	failingToken,
	fixedToken,
	hangingToken,
	type Reply,
	renewableToken,
	type Seen,
} from "./fake-graph.js";

const JOB = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const FLAT = `/beta/directory/recovery/jobs/${JOB}`;
const LIST = "/beta/directory/recovery/jobs";
const FILTERED = `${LIST}?$filter=id eq '${JOB}'`;
let graph: FakeGraph;

beforeEach(async () => {
	graph = await FakeGraph.start();
	jest.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(async () => {
	jest.restoreAllMocks();
	await graph.stop();
});

function jobs(credential: TokenSource = fixedToken(), readMs = 5_000): RecoveryJobs {
	return createRecoveryJobs({ ...graph.deps(credential), apiVersion: "beta", timeouts: { readMs } });
}

/** Answers by path; a path with several replies gives them one after the other. */
function routes(table: Record<string, Reply | Reply[]>): (request: Seen) => Reply {
	return ({ url }) => {
		const found = table[url];
		return (Array.isArray(found) ? found.shift() : found) ?? { status: 404 };
	};
}

describe("reading one job", () => {
	it("keeps the wait that Graph asks for while the job goes well", async () => {
		const headers = { "retry-after": "30" };
		graph.answer = routes({ [FLAT]: { headers, body: { id: JOB, status: "running" } } });
		expect(await jobs().read(JOB)).toMatchObject({ kind: "found", retryAfterMs: 30_000 });
	});

	it("asks for it directly, with the preference that shows every status", async () => {
		graph.answer = routes({
			[FLAT]: {
				body: {
					"@odata.type": "#microsoft.graph.entraRecoveryServices.recoveryJob",
					id: JOB,
					status: "running",
					targetStateDateTime: "2026-08-19T02:30:00Z",
					jobStartDateTime: "2026-08-20T09:30:00Z",
					jobCompletionDateTime: null,
					filteringCriteria: { "@odata.type": "#something.new" },
					totalChangedObjectsCalculated: 1024,
					totalChangedLinksCalculated: null,
					totalObjectsModified: 0,
					totalFailedChanges: "many",
				},
			},
		});
		expect(await jobs().read(JOB)).toEqual({
			kind: "found",
			job: {
				id: JOB,
				kind: "recovery",
				status: "running",
				startedAt: "2026-08-20T09:30:00Z",
				targetStateAt: "2026-08-19T02:30:00Z",
				counts: { changedObjects: 1024, modifiedObjects: 0 },
			},
		});
		expect(graph.seen[0]?.headers).toMatchObject({
			prefer: "include-unknown-enum-members",
			"client-request-id": "fresh-id",
			authorization: "Bearer token-1",
		});
	});

	it.each([
		[{ "@odata.type": "#microsoft.graph.entraRecoveryServices.recoveryPreviewJob" }, "preview"],
		[{ "@type": "#microsoft.graph.entraRecoveryServices.recoveryPreviewJob" }, "preview"],
		[{ "@type": "#microsoft.graph.entraRecoveryServices.recoveryJob" }, "recovery"],
		[{ totalObjectsModified: null }, "recovery"],
		[{ totalFailedChanges: 3 }, "recovery"],
		[{ "@odata.type": "#microsoft.graph.somethingElse" }, "unknown"],
		[{}, "unknown"],
	])("tells the kind of %j: %s", async (fields, kind) => {
		graph.answer = routes({ [FLAT]: { body: { id: JOB, status: "running", ...fields } } });
		expect(await jobs().read(JOB)).toMatchObject({ job: { kind } });
	});

	it("keeps an unknown status, and takes a missing one for unknown", async () => {
		graph.answer = routes({ [FLAT]: [{ body: { id: JOB, status: "rewinding" } }, { body: { id: JOB } }] });
		expect(await jobs().read(JOB)).toMatchObject({ job: { status: "rewinding" } });
		expect(await jobs().read(JOB)).toMatchObject({ job: { status: "unknownFutureValue" } });
	});

	it("shows times in UTC and no time that was never set", async () => {
		const times = {
			jobStartDateTime: "2026-08-20T11:30:00+02:00",
			jobCompletionDateTime: "0001-01-01T00:00:00Z",
		};
		graph.answer = routes({ [FLAT]: { body: { id: JOB, status: "running", ...times } } });
		const read = await jobs().read(JOB);
		expect(read).toMatchObject({ job: { startedAt: "2026-08-20T09:30:00.000Z" } });
		expect(read).not.toHaveProperty("job.endedAt");
	});

	it("compares ids without regard to case", async () => {
		graph.answer = routes({ [FLAT]: { body: { id: JOB.toUpperCase(), status: "running" } } });
		expect(await jobs().read(JOB)).toMatchObject({ kind: "found" });
	});

	it("never returns another job", async () => {
		graph.answer = routes({ [FLAT]: { body: { id: "another", status: "running" } } });
		expect(await jobs().read(JOB)).toMatchObject({ kind: "problem", code: "unavailable" });
	});

	it.each([400, 404, 405, 501])(
		"looks into the list when asking directly answers HTTP %d",
		async (status) => {
			graph.answer = routes({
				[FLAT]: { status },
				[FILTERED]: {
					body: {
						value: [
							{ id: "another", status: "running" },
							{ id: JOB, status: "running" },
						],
					},
				},
			});
			expect(await jobs().read(JOB)).toMatchObject({ kind: "found", job: { id: JOB } });
		},
	);

	it.each([[[]], [[{ id: "another", status: "running" }]]])(
		"is missing only when the list agrees: %j",
		async (value) => {
			graph.answer = routes({ [FILTERED]: { body: { value } } });
			expect(await jobs().read(JOB)).toEqual({ kind: "missing" });
		},
	);

	it("reads the whole list when the filter is not accepted", async () => {
		graph.answer = routes({
			[FLAT]: { status: 404 },
			[FILTERED]: { status: 400 },
			[LIST]: { body: { value: [{ id: JOB, status: "running" }] } },
		});
		expect(await jobs().read(JOB)).toMatchObject({ kind: "found" });
	});

	it("does not call a job missing when the list cannot be read", async () => {
		graph.answer = routes({ [FLAT]: { status: 404 }, [FILTERED]: { status: 403 } });
		expect(await jobs().read(JOB)).toMatchObject({ kind: "problem", code: "forbidden", httpStatus: 403 });
	});

	it("does not call a job missing when the list is gone too", async () => {
		expect(await jobs().read(JOB)).toMatchObject({ kind: "problem", code: "rejected" });
	});

	it("doubles the quotes of an id in the filter", async () => {
		graph.answer = ({ url }) => (url.includes("$filter") ? { body: { value: [] } } : { status: 404 });
		expect(await jobs().read("o'b&c")).toEqual({ kind: "missing" });
		expect(graph.seen[1]?.url).toBe(`${LIST}?$filter=id eq 'o''b&c'`);
	});

	it.each(["", "."])("asks nothing for the id %j", async (id) => {
		expect(await jobs().read(id)).toEqual({ kind: "missing" });
		expect(graph.seen).toHaveLength(0);
	});
});

describe("a read that fails", () => {
	it.each([
		[401, "unauthorized"],
		[403, "forbidden"],
		[409, "rejected"],
		[302, "unavailable"],
		[500, "unavailable"],
	])("reports HTTP %d as %s", async (status, code) => {
		graph.answer = () => ({ status, body: errorBody("SomeCode", "No.") });
		expect(await jobs().read(JOB)).toEqual({
			kind: "problem",
			code,
			httpStatus: status,
			detail: `HTTP ${status}, SomeCode, No., request-id inner-request-id`,
		});
		expect(graph.seen).toHaveLength(1);
	});

	it("passes on how long a throttle lasts, without asking again", async () => {
		graph.answer = () => ({ status: 429, headers: { "Retry-After": "0.5" } });
		expect(await jobs().list()).toMatchObject({ code: "throttled", retryAfterMs: 500 });
		expect(graph.seen).toHaveLength(1);
	});

	it.each([503, 504])("is repeated once after HTTP %d", async (status) => {
		graph.answer = routes({
			[FLAT]: [{ status, headers: { "Retry-After": "0" } }, { body: { id: JOB, status: "running" } }],
		});
		expect(await jobs().read(JOB)).toMatchObject({ kind: "found" });
		expect(graph.seen).toHaveLength(2);
	});

	it("is repeated only once", async () => {
		graph.answer = () => ({ status: 503, headers: { "Retry-After": "0" } });
		expect(await jobs().read(JOB)).toMatchObject({ code: "unavailable", httpStatus: 503, retryAfterMs: 0 });
		expect(graph.seen).toHaveLength(2);
	});

	it("is repeated after a short pause when Graph names no wait", async () => {
		graph.answer = routes({ [FLAT]: [{ status: 503 }, { body: { id: JOB, status: "running" } }] });
		const start = performance.now();
		expect(await jobs().read(JOB)).toMatchObject({ kind: "found" });
		expect(performance.now() - start).toBeGreaterThanOrEqual(190);
	});

	it("is the busy answer when its time ends before the repetition", async () => {
		graph.answer = () => ({ status: 503, headers: { "Retry-After": "0.9" } });
		expect(await jobs(fixedToken(), 100).read(JOB)).toMatchObject({
			code: "unavailable",
			httpStatus: 503,
			retryAfterMs: 900,
			detail: "HTTP 503, body cut off (timeout)",
		});
		expect(graph.seen).toHaveLength(1);
	});

	it("is not repeated when Graph asks for a longer wait", async () => {
		graph.answer = () => ({ status: 503, headers: { "Retry-After": "7" } });
		expect(await jobs().read(JOB)).toMatchObject({ code: "unavailable", retryAfterMs: 7_000 });
		expect(graph.seen).toHaveLength(1);
	});

	it.each(["hang", "half"] as const)("ends in time when the connection does %s", async (fault) => {
		graph.answer = () => ({ fault });
		expect(await jobs(fixedToken(), 50).read(JOB)).toMatchObject({ kind: "problem", code: "unavailable" });
	});

	it("ends in time when Entra hangs", async () => {
		expect(await jobs(hangingToken, 50).read(JOB)).toMatchObject({ code: "unavailable" });
	});

	it("is unavailable when the connection breaks", async () => {
		graph.answer = () => ({ fault: "break" });
		expect(await jobs().list()).toMatchObject({ code: "unavailable" });
	});

	it.each([
		["entra-refused", "unauthorized"],
		["entra-unavailable", "unavailable"],
	] as const)("for want of a token (%s) is %s", async (reason, code) => {
		expect(await jobs(failingToken(reason)).read(JOB)).toMatchObject({ code });
		expect(graph.seen).toHaveLength(0);
	});

	it.each(["<html>", "", [], { value: "none" }, { value: [{ status: "running" }] }, { value: [null] }])(
		"because its body is %j is unavailable",
		async (body) => {
			graph.answer = () => ({ body });
			expect(await jobs().list()).toMatchObject({ kind: "problem", code: "unavailable" });
			expect(await jobs().read(JOB)).toMatchObject({ kind: "problem", code: "unavailable" });
		},
	);

	it("with a 401 is sent once more with a new token", async () => {
		const credential = renewableToken();
		graph.answer = ({ headers }) =>
			headers.authorization === "Bearer token-2" ? { body: { value: [] } } : { status: 401 };
		expect(await jobs(credential).list()).toEqual({ kind: "listed", jobs: [] });
		expect(credential.renewed).toEqual(["token-1"]);
	});

	it("with a 401 is sent once more even if the answer never ends", async () => {
		graph.answer = ({ headers }) =>
			headers.authorization === "Bearer token-2" ? { body: { value: [] } } : { status: 401, fault: "half" };
		expect(await jobs(renewableToken()).list()).toEqual({ kind: "listed", jobs: [] });
	});

	it("with a 401 is not sent again when the token cannot be replaced", async () => {
		graph.answer = () => ({ status: 401 });
		expect(await jobs({ ...fixedToken(), renew: () => false }).list()).toMatchObject({
			code: "unauthorized",
		});
		expect(graph.seen).toHaveLength(1);
	});

	it("with a second 401 is unauthorized", async () => {
		graph.answer = () => ({ status: 401 });
		expect(await jobs(renewableToken()).list()).toMatchObject({ code: "unauthorized" });
		expect(graph.seen).toHaveLength(2);
	});

	it("with a 403 is not sent again, but the next call has a new token", async () => {
		const credential = renewableToken();
		graph.answer = () => ({ status: 403 });
		expect(await jobs(credential).list()).toMatchObject({ code: "forbidden" });
		expect(graph.seen).toHaveLength(1);
		expect(credential.renewed).toEqual(["token-1"]);
	});
});

describe("listing jobs", () => {
	it("shows the newest first", async () => {
		const job = (id: string, day: number): object => ({
			id,
			status: "successful",
			jobStartDateTime: `2026-08-${day}T00:00:00Z`,
		});
		graph.answer = () => ({
			body: { value: [job("b", 12), job("c", 14), { id: "unstarted", status: "initialized" }, job("a", 10)] },
		});
		const listed = await jobs().list();
		expect(listed).toMatchObject({ jobs: [{ id: "unstarted" }, { id: "c" }, { id: "b" }, { id: "a" }] });
	});

	it.each(["@odata.nextLink", "@nextLink"])("follows %s as it is", async (name) => {
		const next = `${LIST}?$skiptoken=a=b&other=1`;
		graph.answer = routes({
			[LIST]: { body: { value: [{ id: "1", status: "failed" }], [name]: `${graph.endpoint}${next}` } },
			[next]: { body: { value: [{ id: "2", status: "failed" }] } },
		});
		expect(await jobs().list()).toMatchObject({ kind: "listed", jobs: [{ id: "1" }, { id: "2" }] });
		expect(graph.seen.map((request) => request.url)).toEqual([LIST, next]);
	});

	it.each([
		"https://evil.example/beta/directory/recovery/jobs",
		"https://localhost:1/beta/directory/recovery/jobs",
		"https://localhost@evil.example/",
		"http://localhost/",
		"/beta/relative",
	])("does not send its token to %s", async (next) => {
		graph.answer = () => ({ body: { value: [], "@odata.nextLink": next } });
		expect(await jobs().list()).toMatchObject({ kind: "problem", code: "rejected" });
		expect(graph.seen).toHaveLength(1);
	});

	it("stops at a list without an end", async () => {
		graph.answer = () => ({
			body: { value: [], "@odata.nextLink": `${graph.endpoint}${LIST}?$skiptoken=x` },
		});
		expect(await jobs().list()).toMatchObject({ kind: "problem", code: "unavailable" });
		expect(graph.seen).toHaveLength(20);
	});
});

describe("the way to Graph", () => {
	it("is kept open for the next call", async () => {
		graph.answer = routes({ [LIST]: { body: { value: [] } } });
		const calls = jobs();
		for (let n = 0; n < 5; n++) {
			await calls.list();
			await calls.cancel(JOB, "attempt-id");
		}
		expect(graph.seen).toHaveLength(10);
		// A second one is opened when the next call comes before the first has been put back.
		expect(graph.connections).toBeLessThanOrEqual(2);
	});

	it("tells when there was no token", async () => {
		const deps = graph.deps(failingToken("entra-refused"));
		await createRecoveryJobs({ ...deps, apiVersion: "beta" }).read(JOB);
		expect(deps.log.lines).toEqual([
			{
				level: "warn",
				message: "no token for graph",
				fields: {
					code: "no-graph-token",
					path: "/directory/recovery/jobs/{id}",
					problem: "token: no token today",
				},
			},
		]);
	});

	it("tells why there was no answer", async () => {
		const deps = graph.deps();
		graph.answer = () => ({ fault: "break" });
		await createRecoveryJobs({ ...deps, apiVersion: "beta" }).read(JOB);
		expect(deps.log.lines).toMatchObject([
			{
				level: "debug",
				message: "graph did not answer",
				fields: { problem: "fetch failed (UND_ERR_SOCKET)" },
			},
		]);
	});

	it("logs every request with its ids but without the job's", async () => {
		const deps = graph.deps();
		graph.answer = () => ({ status: 403, headers: { "request-id": "theirs", "x-ms-ags-diagnostic": "{}" } });
		await createRecoveryJobs({ ...deps, apiVersion: "beta" }).read(JOB);
		expect(deps.log.lines).toEqual([
			{
				level: "debug",
				message: "graph answered",
				fields: {
					method: "GET",
					path: "/directory/recovery/jobs/{id}",
					status: 403,
					ms: expect.any(Number),
					requestId: "theirs",
					clientRequestId: "fresh-id",
					diagnostic: "{}",
				},
			},
		]);
	});

	it.each(["http://graph.microsoft.com", "graph.microsoft.com", ""])(
		"refuses the endpoint %j",
		(endpoint) => {
			expect(() => createRecoveryJobs({ ...graph.deps(), endpoint, apiVersion: "beta" })).toThrow(
				"GRAPH_ENDPOINT must be an https address",
			);
		},
	);

	it("allows an endpoint below a path", async () => {
		graph.answer = () => ({ body: { value: [] } });
		const deps = { ...graph.deps(), endpoint: `${graph.endpoint}/graph/` };
		await createRecoveryJobs({ ...deps, apiVersion: "v1.0" }).list();
		expect(graph.seen[0]?.url).toBe("/graph/v1.0/directory/recovery/jobs");
	});
});
