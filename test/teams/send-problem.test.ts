import { describe, expect, it } from "@jest/globals";
import { sendProblem } from "../../src/teams/send-problem.js";
import { ServiceHostRefused } from "../../src/teams/service-hosts.js";

const NOW = new Date("2026-11-23T03:00:00Z");
const answered = (statusCode: number, retryAfter?: unknown) => ({
	statusCode,
	code: "SomeCode",
	message: "no",
	response: { headers: { get: (name: string) => (name === "retry-after" ? retryAfter : undefined) } },
});
const broken = (code: string) => Object.assign(new Error("connection lost"), { code });

describe("a failed send", () => {
	it("says where the bot was removed", () => {
		expect(sendProblem("create", { ...answered(403), code: "BotNotInConversationRoster" })).toMatchObject({
			kind: "rejected",
			removed: true,
		});
		expect(sendProblem("create", answered(403))).not.toHaveProperty("removed");
	});

	it.each([401, 412, 429, 503])("is tried again after %d, which never delivers", (status) => {
		expect(sendProblem("create", answered(status))).toEqual({
			kind: "retry",
			detail: `create: ${status} SomeCode no`,
		});
	});

	it.each([
		["7", 7_000],
		["2.5", 2_500],
		["99999", 3_600_000],
		["Mon, 23 Nov 2026 03:01:30 GMT", 90_000],
		["Mon, 23 Nov 2026 02:59:00 GMT", 0],
	])("waits as long as the connector asks with %j, at most an hour", (header, retryAfterMs) => {
		for (const status of [429, 503])
			expect(sendProblem("update", answered(status, header), NOW)).toMatchObject({
				kind: "retry",
				retryAfterMs,
			});
	});

	it.each(["soon", "", "-1", "Infinity", undefined, null, 7])("takes %j for no wish to wait", (header) => {
		expect(sendProblem("create", answered(429, header), NOW)).not.toHaveProperty("retryAfterMs");
	});

	it.each([
		undefined,
		{},
		{ headers: undefined },
		{ headers: null },
		{ headers: "retry-after" },
		{ headers: { "retry-after": "7" } },
		{ headers: { get: "7" } },
	])("is told all the same when the answer has no readable headers: %j", (response) => {
		expect(sendProblem("create", { statusCode: 429, response })).toMatchObject({ kind: "retry" });
		expect(sendProblem("create", { statusCode: 429, response })).not.toHaveProperty("retryAfterMs");
	});

	it.each([408, 500, 501, 502, 504, 599])("may have been delivered after %d", (status) => {
		expect(sendProblem("create", answered(status, "7"))).toEqual({
			kind: "unconfirmed",
			detail: `create: ${status} SomeCode no`,
		});
	});

	it.each([
		broken("ECONNRESET"),
		broken("EPIPE"),
		broken("ETIMEDOUT"),
		new Error("aborted"),
		"nonsense",
		undefined,
	])("may have been delivered when the connection broke or the time ran out: %p", (error) => {
		expect(sendProblem("create", error).kind).toBe("unconfirmed");
	});

	it.each([
		"ECONNREFUSED",
		"ENOTFOUND",
		"EAI_AGAIN",
		"EHOSTUNREACH",
		"ENETUNREACH",
		"CERT_HAS_EXPIRED",
		"DEPTH_ZERO_SELF_SIGNED_CERT",
		"SELF_SIGNED_CERT_IN_CHAIN",
		"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
		"ERR_TLS_CERT_ALTNAME_INVALID",
	])("was surely not delivered when no connection was made: %s", (code) => {
		expect(sendProblem("create", broken(code))).toEqual({
			kind: "retry",
			detail: `create:  ${code} connection lost`,
		});
	});

	it("is over when the message is gone", () => {
		expect(sendProblem("update", answered(404))).toEqual({
			kind: "gone",
			detail: "update: 404 SomeCode no",
		});
	});

	it.each([400, 403, 409, 410, 413, 499])("is over when the connector said no with %d", (status) => {
		expect(sendProblem("create", answered(status))).toEqual({
			kind: "rejected",
			detail: `create: ${status} SomeCode no`,
		});
	});

	it("is over when the host is not on the list, whatever the error looks like", () => {
		const refused = Object.assign(new ServiceHostRefused("evil.example"), { statusCode: 503 });
		expect(sendProblem("create", refused)).toMatchObject({
			kind: "rejected",
			detail: expect.stringContaining("evil.example is not in SERVICE_URL_HOSTS"),
		});
	});

	it("is judged by its status even when other parts of it have no known shape", () => {
		expect(sendProblem("create", { statusCode: 412, code: 20, message: 7, response: "none" }).kind).toBe(
			"retry",
		);
	});

	it("is described in few words, and by these alone", () => {
		expect(sendProblem("create", "what").detail).toBe("create:   what");
		expect(sendProblem("create", { statusCode: "503", code: 20, message: 7 }).detail).toBe(
			"create:   [object Object]",
		);
		expect(sendProblem("create", { statusCode: 503 }).detail).toBe("create: 503  [object Object]");
		expect(sendProblem("create", { statusCode: 500, message: "x".repeat(2_000) }).detail).toHaveLength(500);
		const request = { headers: { authorization: "Bearer secret" } };
		expect(JSON.stringify(sendProblem("create", { ...answered(500), request }))).not.toContain("secret");
	});
});
