import { describe, expect, it } from "@jest/globals";
import { dateBeforeFirst, nextDigest, zoneNamed } from "../../../src/core/on-call/digest-time.js";

const next = (time: string, lastDate: string, now: string, zone = "Europe/Oslo") => {
	const { at, date } = nextDigest({ time, zone }, lastDate, new Date(now));
	return `${date} ${at.toISOString()}`;
};

describe("the next digest", () => {
	it("comes at the time of day of its place", () => {
		expect(next("08:00", "2026-11-23", "2026-11-24T02:00:00Z")).toBe("2026-11-24 2026-11-24T07:00:00.000Z");
		expect(next("08:00", "2026-06-23", "2026-06-24T02:00:00Z")).toBe("2026-06-24 2026-06-24T06:00:00.000Z");
		expect(next("23:30", "2026-11-23", "2026-11-24T20:00:00Z", "Pacific/Auckland")).toBe(
			"2026-11-25 2026-11-25T10:30:00.000Z",
		);
	});

	it("is due already when the bot was away at that time", () => {
		expect(next("08:00", "2026-11-23", "2026-11-24T15:00:00Z")).toBe("2026-11-24 2026-11-24T07:00:00.000Z");
	});

	it("is today's alone, however many were missed", () => {
		expect(next("08:00", "2026-11-02", "2026-11-24T15:00:00Z")).toBe("2026-11-24 2026-11-24T07:00:00.000Z");
	});

	it("is tomorrow's once today's is there, or when it is asked for the first time after that hour", () => {
		const tomorrow = "2026-11-25 2026-11-25T07:00:00.000Z";
		expect(next("08:00", "2026-11-24", "2026-11-24T07:00:01Z")).toBe(tomorrow);
		const first = (now: string) =>
			next("08:00", dateBeforeFirst({ time: "08:00", zone: "Europe/Oslo" }, new Date(now)), now);
		expect(first("2026-11-24T07:00:01Z")).toBe(tomorrow);
		expect(first("2026-11-24T07:00:00Z")).toBe(tomorrow);
		expect(first("2026-11-24T06:59:59Z")).toBe("2026-11-24 2026-11-24T07:00:00.000Z");
	});

	it("comes at its time by the clocks of that day, also on the one on which they change", () => {
		expect(next("08:00", "2027-03-27", "2027-03-28T00:00:00Z")).toBe("2027-03-28 2027-03-28T06:00:00.000Z");
		expect(next("08:00", "2026-10-24", "2026-10-25T00:00:00Z")).toBe("2026-10-25 2026-10-25T07:00:00.000Z");
		expect(next("01:30", "2027-03-27", "2027-03-28T00:00:00Z")).toBe("2027-03-28 2027-03-28T00:30:00.000Z");
	});

	it("does not come twice when a clock goes wrong by a day", () => {
		expect(next("08:00", "2026-11-25", "2026-11-24T09:00:00Z")).toBe("2026-11-26 2026-11-26T07:00:00.000Z");
	});

	it("comes an hour later when the clocks go forward over its time, and the first time when they go back", () => {
		expect(next("02:30", "2027-03-27", "2027-03-28T00:00:00Z")).toBe("2027-03-28 2027-03-28T01:30:00.000Z");
		expect(next("02:30", "2026-10-24", "2026-10-24T23:00:00Z")).toBe("2026-10-25 2026-10-25T00:30:00.000Z");
		// The second 02:30 of that night is past the digest of its date.
		expect(next("02:30", "2026-10-25", "2026-10-25T01:15:00Z")).toBe("2026-10-26 2026-10-26T01:30:00.000Z");
	});
});

describe("a time zone", () => {
	it("is named as IANA writes it", () => {
		expect(zoneNamed("europe/oslo")).toBe("Europe/Oslo");
		expect(zoneNamed("UTC")).toBe("UTC");
	});

	it.each(["Oslo", "+01:00", "", "Europe/Atlantis"])("is not %j", (text) => {
		expect(zoneNamed(text)).toBeUndefined();
	});
});
