import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { dateBeforeFirst, localDate, nextDigest } from "../../../src/core/on-call/digest-time.js";

describe("the next digest", () => {
	it("comes once for each local date, all year round and wherever it is", () => {
		const zones = ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"];
		fc.assert(
			fc.property(
				fc.constantFrom(...zones),
				fc.integer({ min: 0, max: 1_439 }),
				fc.date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true }),
				(zone, minute, start) => {
					const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
					let now = start;
					let last = dateBeforeFirst({ time, zone }, start);
					for (let count = 0; count < 5; count++) {
						const due = nextDigest({ time, zone }, last, now);
						expect(due.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
						expect(localDate(due.at, zone)).toBe(due.date);
						expect(Date.parse(due.date) - Date.parse(last)).toBe(86_400_000);
						last = due.date;
						now = due.at;
					}
				},
			),
			{ numRuns: 200 },
		);
	});
});
