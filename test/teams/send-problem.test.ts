import { describe, expect, it } from "@jest/globals";
import { sendProblem } from "../../src/teams/send-problem.js";

const answered = (statusCode: number, retryAfter?: string) => ({
	statusCode,
	message: "no",
	response: { headers: new Headers(retryAfter === undefined ? {} : { "retry-after": retryAfter }) },
});

describe("a failed send", () => {
	it.each([401, 412, 429, 503])("is tried again after %d, which never delivers", (status) => {
		expect(sendProblem("create", answered(status)).kind).toBe("retry");
	});

	it("waits as long as the connector asks, fractions included", () => {
		expect(sendProblem("create", answered(429, "2.5"))).toMatchObject({ kind: "retry", retryAfterMs: 2_500 });
		expect(sendProblem("create", answered(429, "soon"))).not.toHaveProperty("retryAfterMs");
	});

	it.each([408, 500, 502, 504])("may have been delivered after %d", (status) => {
		expect(sendProblem("create", answered(status)).kind).toBe("unconfirmed");
	});

	it("may have been delivered when the connection broke or the time ran out", () => {
		expect(sendProblem("create", Object.assign(new Error("reset"), { code: "ECONNRESET" })).kind).toBe(
			"unconfirmed",
		);
		expect(sendProblem("create", new Error("The operation was aborted")).kind).toBe("unconfirmed");
	});

	it("was surely not delivered when no connection was made", () => {
		expect(sendProblem("create", Object.assign(new Error("refused"), { code: "ECONNREFUSED" })).kind).toBe(
			"retry",
		);
	});

	it("is over when the message is gone or the connector said no", () => {
		expect(sendProblem("update", answered(404)).kind).toBe("gone");
		expect(sendProblem("create", answered(403)).kind).toBe("rejected");
		expect(sendProblem("create", answered(413)).kind).toBe("rejected");
	});
});
