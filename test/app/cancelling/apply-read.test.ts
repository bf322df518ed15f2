import { describe, expect, it } from "@jest/globals";
import { readEvent } from "../../../src/app/cancelling/apply.js";
import { runningJob } from "../world.js";

const problem = (code: "forbidden" | "unauthorized" | "throttled" | "rejected" | "unavailable") =>
	({ kind: "problem", code, detail: "what Graph said" }) as const;

describe("what a read of the job means for its cancellation", () => {
	it("is the job as seen", () => {
		const job = runningJob();
		expect(readEvent({ kind: "found", job })).toStrictEqual({ kind: "job-seen", job });
	});

	it("is that there is no such job", () => {
		expect(readEvent({ kind: "missing" })).toStrictEqual({ kind: "job-missing" });
	});

	it.each(["forbidden", "unauthorized"] as const)("is that access was denied, when %s", (code) => {
		expect(readEvent(problem(code))).toStrictEqual({ kind: "job-unreadable", denied: true });
	});

	it.each(["throttled", "rejected", "unavailable"] as const)(
		"is that nothing could be read for now, when %s",
		(code) => {
			expect(readEvent(problem(code))).toStrictEqual({ kind: "job-unreadable", denied: false });
		},
	);

	it("carries how long Graph asked us to wait", () => {
		const retryAfterMs = 7_128;
		const job = runningJob();
		expect(readEvent({ kind: "found", job, retryAfterMs })).toStrictEqual({
			kind: "job-seen",
			job,
			retryAfterMs,
		});
		expect(readEvent({ ...problem("throttled"), retryAfterMs })).toStrictEqual({
			kind: "job-unreadable",
			denied: false,
			retryAfterMs,
		});
	});
});
