import { describe, expect, it } from "@jest/globals";
import { duration, moment, momentsInWords } from "../../src/cards/times.js";
import { wordsFor } from "../../src/cards/words.js";

const english = wordsFor("en");
const at = (iso: string) => ({ now: new Date(iso) });
const TIME = "{{TIME(2026-11-23T03:04:05Z)}}";
const DATED = `{{DATE(2026-11-23T03:04:05Z,SHORT)}} ${TIME}`;

describe("a moment", () => {
	it.each(["2026-11-23T03:04:05Z", "2026-11-23T03:04:05.6789012Z", "2026-11-23T04:04:05.123+01:00"])(
		"of today is a time alone, left to the client, without fractions of a second: %s",
		(iso) => {
			expect(moment(iso, at("2026-11-23T03:10:00Z"))).toBe(TIME);
		},
	);

	it.each([
		["2026-11-23T15:04:04Z", TIME],
		["2026-11-23T15:04:05Z", DATED],
		["2026-11-22T15:04:06Z", TIME],
		["2026-11-22T15:04:05Z", DATED],
		["2026-11-30T03:04:05Z", DATED],
	])("twelve hours or more away names its date, too: seen at %s", (now, shown) => {
		expect(moment("2026-11-23T03:04:05Z", at(now))).toBe(shown);
	});

	it.each([undefined, "", "soon", "0000-99-99"])("is nothing when it is %j", (iso) => {
		expect(moment(iso, at("2026-11-23T03:10:00Z"))).toBe("");
	});

	it("is put into words where no client fills it in, as often as there is one", () => {
		expect(momentsInWords(`From ${DATED} to ${TIME}, ${TIME}.`, english)).toBe(
			"From Nov 23, 2026, 3:04 AM UTC to 3:04 AM UTC, 3:04 AM UTC.",
		);
		expect(momentsInWords("no moment", english)).toBe("no moment");
	});

	it.each([
		"{{DATE(2026-11-23T03:04:05Z,SHORT)}}",
		"{{TIME(26-11-23T03:04:05Z)}}",
		"{{TIME(2026-11-xxT03:04:05Z)}}",
		"{{TIME(2026-11-23T03:04Z)}}",
		"{{TIME(2026-11-23T03:04:05)}}",
	])("is nothing else that looks like one: %s", (text) => {
		expect(momentsInWords(text, english)).toBe(text);
	});
});

describe("a duration", () => {
	it.each([
		[-5_000, "1 sec"],
		[0, "1 sec"],
		[1_499, "1 sec"],
		[1_500, "2 sec"],
		[59_499, "59 sec"],
		[60_000, "1 min"],
		[61_000, "1 min 1 sec"],
		[250_000, "4 min 10 sec"],
		[3_600_000, "1 hr"],
		[3_601_000, "1 hr"],
		[3_661_000, "1 hr 1 min"],
		[86_400_000, "1 day"],
		[86_460_000, "1 day"],
		[90_061_000, "1 day 1 hr"],
		[8_640_000_000, "100 days"],
	])("of %d ms reads %s", (ms, words) => {
		const from = "2026-11-23T03:00:00Z";
		expect(duration(from, new Date(Date.parse(from) + ms).toISOString(), english)).toBe(words);
	});

	it.each([
		["", "2026-11-23T03:00:00Z"],
		["2026-11-23T03:00:00Z", "soon"],
		[undefined, "2026-11-23T03:00:00Z"],
		["2026-11-23T03:00:00Z", undefined],
	])("between %j and %j is nothing to tell", (from, to) => {
		expect(duration(from, to, english)).toBe("");
	});
});
