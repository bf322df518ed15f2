import { describe, expect, it } from "@jest/globals";
import { duration, moment, momentAfter, momentsInWords } from "../../src/cards/times.js";

const SHOWN = "{{DATE(2026-11-23T03:04:05Z,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}";

describe("a moment", () => {
	it.each(["2026-11-23T03:04:05Z", "2026-11-23T03:04:05.6789012Z", "2026-11-23T04:04:05.123+01:00"])(
		"is left to the client, without fractions of a second: %s",
		(iso) => {
			expect(moment(iso)).toBe(SHOWN);
			expect(momentAfter("ended", iso)).toBe(`ended ${SHOWN}`);
		},
	);

	it.each([undefined, "", "soon", "0000-99-99"])("is nothing, words included, when it is %j", (iso) => {
		expect(moment(iso)).toBe("");
		expect(momentAfter("ended", iso)).toBe("");
	});

	it("is put into words where no client fills it in, as often as there is one", () => {
		expect(momentsInWords(`From ${SHOWN} to ${SHOWN}.`)).toBe(
			"From 2026-11-23 03:04 UTC to 2026-11-23 03:04 UTC.",
		);
		expect(momentsInWords("no moment")).toBe("no moment");
	});

	it.each([
		"{{DATE(2026-11-23T03:04:05Z,LONG)}} {{TIME(2026-11-23T03:04:05Z)}}",
		"{{DATE(2026-11-23T03:04:05Z,SHORT)}}",
		"{{DATE(26-11-23T03:04:05Z,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}",
		"{{DATE(2026-11-xxT03:04:05Z,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}",
		"{{DATE(2026-xx-23T03:04:05Z,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}",
		"{{DATE(2026-11-23Txx:04:05Z,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}",
		"{{DATE(2026-11-23T03:xx:05Z,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}",
		"{{DATE(2026-11-23T03:04:xxZ,SHORT)}} {{TIME(2026-11-23T03:04:05Z)}}",
	])("is nothing else that looks like one: %s", (text) => {
		expect(momentsInWords(text)).toBe(text);
	});
});

describe("a duration", () => {
	it.each([
		[-5_000, "less than 1 s"],
		[0, "less than 1 s"],
		[499, "less than 1 s"],
		[500, "1 s"],
		[4_000, "4 s"],
		[59_499, "59 s"],
		[60_000, "1 min"],
		[61_000, "1 min 1 s"],
		[250_000, "4 min 10 s"],
		[3_600_000, "1 h"],
		[3_601_000, "1 h"],
		[3_661_000, "1 h 1 min"],
		[86_400_000, "1 d"],
		[86_460_000, "1 d"],
		[90_061_000, "1 d 1 h"],
		[8_640_000_000, "100 d"],
	])("of %d ms reads %s", (ms, words) => {
		expect(
			duration("2026-11-23T03:00:00Z", new Date(Date.parse("2026-11-23T03:00:00Z") + ms).toISOString()),
		).toBe(words);
	});

	it.each([
		["", "2026-11-23T03:00:00Z"],
		["2026-11-23T03:00:00Z", "soon"],
	])("between %j and %j is nothing to tell", (from, to) => {
		expect(duration(from, to)).toBe("");
	});
});
