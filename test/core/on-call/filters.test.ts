import { describe, expect, it } from "@jest/globals";
import { readFilters, wantsKind } from "../../../src/core/on-call/filters.js";

const HOUR = 3_600_000;

describe("the filters of a subscription", () => {
	it.each([
		["", {}],
		["recovery", { kinds: ["recovery"] }],
		["preview jobs", { kinds: ["preview"] }],
		["recoveries, previews", {}],
		["recovery job", { kinds: ["recovery"] }],
		["failed", { failedOnly: true }],
		["failure", { failedOnly: true }],
		["failures", { failedOnly: true }],
		["failed recovery jobs only", { kinds: ["recovery"], failedOnly: true }],
		["longer than 2h", { longerThanMs: 2 * HOUR }],
		["Recovery longer than 90 minutes", { kinds: ["recovery"], longerThanMs: 1.5 * HOUR }],
		["more than 1.5 hours and failed", { longerThanMs: 1.5 * HOUR, failedOnly: true }],
		["running longer than 1 day", { longerThanMs: 24 * HOUR }],
		["longer than 7 days", { longerThanMs: 7 * 24 * HOUR }],
		["taking longer than 2d", { longerThanMs: 2 * 24 * HOUR }],
		["longer than 1.25 hr", { longerThanMs: 1.25 * HOUR }],
		["longer than 3hrs", { longerThanMs: 3 * HOUR }],
		["longer than 1 hour", { longerThanMs: HOUR }],
		["longer than 90m", { longerThanMs: 1.5 * HOUR }],
		["longer than 90 min", { longerThanMs: 1.5 * HOUR }],
		["longer than 1 minute", { longerThanMs: HOUR / 60 }],
	])("%j is understood", (text, filters) => {
		expect(readFilters(text)).toEqual({ kind: "filters", filters });
	});

	it.each([
		["not recovery", "not recovery"],
		["recovery except failed", "except failed"],
		["not longer than 2h", "not longer than 2h"],
		[" recovery, please ", "please"],
		["longer than 2", "longer than 2"],
		["recovery longer than 0h", "longer than 0h"],
		["longer than 8 days", "longer than 8 days"],
		["recoveryx", "recoveryx"],
		["previews please", "please"],
	])("%j is not, since alerts that do not come are worse than a question", (text, found) => {
		expect(readFilters(text)).toEqual({ kind: "not-a-filter", found });
	});

	it("let a job pass whose kind is not known", () => {
		const only = { kinds: ["recovery"] } as const;
		expect([wantsKind(only, "recovery"), wantsKind(only, "preview"), wantsKind(only, "unknown")]).toEqual([
			true,
			false,
			true,
		]);
		expect(wantsKind({}, "preview")).toBe(true);
	});
});
