import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { CancelAnswer } from "../../src/app/ports.js";
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
} from "./fake-graph.js";

const JOB = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
let graph: FakeGraph;

beforeEach(async () => {
	graph = await FakeGraph.start();
});
afterEach(() => graph.stop());

function cancel(
	reply: Reply,
	credential: TokenSource = fixedToken(),
	cancelMs = 5_000,
): Promise<CancelAnswer> {
	graph.answer = () => reply;
	const jobs = createRecoveryJobs({ ...graph.deps(credential), apiVersion: "beta", timeouts: { cancelMs } });
	return jobs.cancel(JOB, "attempt-id");
}

describe("cancelling a job", () => {
	it("posts once, without a body, to beta's path", async () => {
		await cancel({ status: 202 });
		expect(graph.seen).toHaveLength(1);
		const [request] = graph.seen;
		expect(request).toMatchObject({
			method: "POST",
			url: `/beta/directory/recovery/jobs/${JOB}/cancel`,
			body: "",
			headers: { authorization: "Bearer token-1", "client-request-id": "attempt-id", "content-length": "0" },
		});
		expect(request?.headers["content-type"]).toBeUndefined();
	});

	it("uses the qualified action on v1.0", async () => {
		graph.answer = () => ({ status: 202 });
		await createRecoveryJobs({ ...graph.deps(), apiVersion: "v1.0" }).cancel(JOB, "attempt-id");
		expect(graph.seen[0]?.url).toBe(
			`/v1.0/directory/recovery/jobs/${JOB}/microsoft.graph.entraRecoveryServices.cancel`,
		);
	});

	it("keeps the wait that Graph asks for when it accepts", async () => {
		expect(await cancel({ status: 202, headers: { "retry-after": "2.5" } })).toMatchObject({
			kind: "accepted",
			retryAfterMs: 2_500,
		});
	});

	it("keeps the location and the request id of an accepted request", async () => {
		const headers = { location: "https://graph.test/jobs/1", "request-id": "their-id" };
		expect(await cancel({ status: 202, headers })).toEqual({
			kind: "accepted",
			httpStatus: 202,
			requestId: "their-id",
			location: "https://graph.test/jobs/1",
		});
	});

	it.each([200, 204])("takes HTTP %d for accepted too", async (status) => {
		expect(await cancel({ status })).toMatchObject({ kind: "accepted", httpStatus: status });
	});

	it.each([
		[400, "rejected"],
		[401, "unauthorized"],
		[403, "forbidden"],
		[404, "not-found"],
		[409, "conflict"],
		[410, "rejected"],
	])("reports HTTP %d as %s", async (status, code) => {
		const answer = await cancel({ status, body: errorBody("SomeCode", "No.", "innererror") });
		expect(answer).toEqual({
			kind: "rejected",
			code,
			httpStatus: status,
			requestId: "inner-request-id",
			errorCode: "SomeCode",
			detail: `HTTP ${status}, SomeCode, No., request-id inner-request-id`,
		});
	});

	it("reads a fractional Retry-After of a throttle", async () => {
		expect(await cancel({ status: 429, headers: { "Retry-After": "2.128" } })).toEqual({
			kind: "throttled",
			httpStatus: 429,
			retryAfterMs: 2_128,
		});
	});

	it.each([302, 307, 308, 408, 500, 502, 503, 504])("cannot tell what HTTP %d did", async (status) => {
		const headers = { "Retry-After": "0", location: `${graph.endpoint}/elsewhere` };
		expect(await cancel({ status, headers })).toMatchObject({
			kind: "unclear",
			httpStatus: status,
			retryAfterMs: 0,
		});
		expect(graph.seen).toHaveLength(1);
	});

	it("cannot tell what a broken connection did, and does not send again", async () => {
		const answer = await cancel({ fault: "break" });
		expect(answer.kind).toBe("unclear");
		expect(answer).not.toHaveProperty("httpStatus");
		expect(graph.seen).toHaveLength(1);
	});

	it("cannot tell what a request without an answer did", async () => {
		expect(await cancel({ fault: "hang" }, fixedToken(), 50)).toEqual({
			kind: "unclear",
			detail: "no answer within 50 ms",
		});
	});

	it("believes the status when the body never ends", async () => {
		expect(await cancel({ status: 202, fault: "half" }, fixedToken(), 250)).toMatchObject({
			kind: "accepted",
		});
	});

	it("survives an error body that is no JSON", async () => {
		expect(await cancel({ status: 403, body: "<html>" })).toEqual({
			kind: "rejected",
			code: "forbidden",
			httpStatus: 403,
		});
	});

	it("is never sent again after a 401, but makes the credential forget the token", async () => {
		const credential = renewableToken();
		expect(await cancel({ status: 401 }, credential)).toMatchObject({ code: "unauthorized" });
		expect(graph.seen).toHaveLength(1);
		expect(credential.renewed).toEqual(["token-1"]);
	});

	it("is unauthorized when Entra refuses a token, and nothing is sent", async () => {
		const answer = await cancel({ status: 202 }, failingToken("entra-refused"));
		expect(answer).toMatchObject({ kind: "rejected", code: "unauthorized" });
		expect(answer.detail).toContain("not sent");
		expect(graph.seen).toHaveLength(0);
	});

	it.each([
		["cannot be reached", failingToken("entra-unavailable")],
		["hangs", hangingToken],
	])("may be asked again later when Entra %s, and nothing is sent", async (_, credential) => {
		const answer = await cancel({ status: 202 }, credential, 50);
		expect(answer).toMatchObject({ kind: "throttled" });
		expect(answer).not.toHaveProperty("httpStatus");
		expect(graph.seen).toHaveLength(0);
	});

	it("is not sent when the token comes after the deadline", async () => {
		let release: (token: string) => void = () => {};
		const late: TokenSource = {
			getToken: () =>
				new Promise((resolve) => {
					release = (token) => resolve({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
				}),
		};
		expect(await cancel({ status: 202 }, late, 30)).toMatchObject({ kind: "throttled" });
		release("too-late");
		await new Promise((resolve) => setImmediate(resolve));
		expect(graph.seen).toHaveLength(0);
	});

	it.each(["", ".", ".."])("never lets %j change the path", async (id) => {
		const jobs = createRecoveryJobs({ ...graph.deps(), apiVersion: "beta" });
		expect(await jobs.cancel(id, "attempt-id")).toMatchObject({ kind: "rejected", code: "not-found" });
		expect(graph.seen).toHaveLength(0);
	});

	it("encodes an odd id as one segment", async () => {
		graph.answer = () => ({ status: 404 });
		await createRecoveryJobs({ ...graph.deps(), apiVersion: "beta" }).cancel("a/../b?c", "attempt-id");
		expect(graph.seen[0]?.url).toBe("/beta/directory/recovery/jobs/a/../b?c/cancel");
	});
});
