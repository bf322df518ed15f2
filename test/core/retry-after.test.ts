import { describe, expect, it } from "@jest/globals";
import { parseRetryAfter } from "../../src/core/retry-after.js";

const now = new Date("2026-08-20T10:00:00Z");

describe("Retry-After", () => {
	it.each([
		["30", 30_000],
		["0", 0],
		["2.128", 2_128],
		["1.0001", 1_001],
		["1.001", 1_001],
		[" 5 ", 5_000],
		["Thu, 20 Aug 2026 10:00:07 GMT", 7_000],
	])("reads %j as %d ms", (value, ms) => {
		expect(parseRetryAfter(value, now)).toBe(ms);
	});

	it("does not wait for a date in the past", () => {
		expect(parseRetryAfter("Thu, 20 Aug 2026 09:00:00 GMT", now)).toBe(0);
	});

	it.each(["86400", "9000000000", "Fri, 21 Aug 2026 10:00:00 GMT"])(
		"believes no wait longer than an hour: %s",
		(value) => {
			expect(parseRetryAfter(value, now)).toBe(3_600_000);
		},
	);

	it.each([
		null,
		undefined,
		7,
		["7"],
		"",
		"soon",
		"-1",
		"1e3",
		"5 seconds",
		"x Thu, 20 Aug 2026 10:00:07 GMT",
		"Thu, 20 Aug 2026 10:00:07 GMT+1",
		"Thu, 99 Foo 2026 10:00:07 GMT",
	])("ignores garbage: %j", (value) => {
		expect(parseRetryAfter(value, now)).toBeUndefined();
	});
});
