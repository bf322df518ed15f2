import { describe, expect, it } from "@jest/globals";
import {
	appliedWords,
	failedWords,
	linksWords,
	objectsWords,
	shortId,
	statusWords,
	wouldChangeWords,
} from "../../src/cards/job-words.js";
import { wordsFor } from "../../src/cards/words.js";

const english = wordsFor("en");

describe("the status of a job", () => {
	it.each([
		["initialized", "Starting"],
		["loadingData", "Loading data"],
		["calculating", "In progress"],
		["running", "In progress"],
		["successful", "Completed"],
		["failed", "Failed"],
		["abandoned", "Stopped"],
		["vapor*ising*", "vapor\\*ising\\*"],
		["constructor", "constructor"],
		["", ""],
	])("%j reads %j", (status, words) => {
		expect(statusWords(status, {}, english)).toBe(words);
	});

	it("tells of warnings where changes failed, and only where it was successful", () => {
		expect(statusWords("successful", { failedChanges: 1 }, english)).toBe("Completed with warnings");
		expect(statusWords("successful", { failedChanges: 0 }, english)).toBe("Completed");
		expect(statusWords("calculating", { failedChanges: 1 }, english)).toBe("In progress");
	});
});

describe("an id in short", () => {
	it("is its first eight characters, and whole where it is no longer than nine", () => {
		expect(shortId("3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4")).toBe("3f4a6b60…");
		expect(shortId("123456789")).toBe("123456789");
		expect(shortId("1234567890")).toBe("12345678…");
	});
});

describe("what a job has changed", () => {
	it.each([
		[{ modifiedObjects: 200, changedObjects: 1_024 }, "200 of 1,024 objects (20%)"],
		[{ modifiedObjects: 1_023, changedObjects: 1_024 }, "1,023 of 1,024 objects (99%)"],
		[{ modifiedObjects: 1_024, changedObjects: 1_024 }, "1,024 of 1,024 objects (100%)"],
		[{ modifiedObjects: 0, changedObjects: 1 }, "0 of 1 object (0%)"],
		[{ modifiedObjects: 2, changedObjects: 1 }, "2 objects"],
		[{ modifiedObjects: 0, changedObjects: 0 }, "0 objects"],
		[{ modifiedObjects: 1 }, "1 object"],
		[{ changedObjects: 9 }, "objects: not reported"],
		[{}, "objects: not reported"],
	])("is told of objects as far as it was reported: %j", (counts, words) => {
		expect(objectsWords(counts, english.say)).toBe(words);
	});

	it("is never zero where it was not reported", () => {
		expect(appliedWords({ modifiedObjects: 0, failedChanges: 1_000 }, english)).toBe(
			"0 objects · links: not reported · 1,000 failed changes",
		);
		expect(appliedWords({}, english)).toBe(
			"objects: not reported · links: not reported · failed changes: not reported",
		);
		expect(linksWords({}, english)).toBe("not reported");
		expect(failedWords({}, english)).toBe("not reported");
	});

	it("is told of links and of failed changes", () => {
		const all = { modifiedObjects: 1, modifiedLinks: 3, changedLinks: 10, failedChanges: 0 };
		expect(appliedWords(all, english)).toBe("1 object · 3 of 10 links · no failed changes");
		expect(appliedWords({ ...all, changedLinks: 2, failedChanges: 1 }, english)).toBe(
			"1 object · 3 links · 1 failed change",
		);
		expect(appliedWords({ modifiedLinks: 1 }, english)).toContain("1 link ·");
		expect(linksWords(all, english)).toBe("3 of 10");
		expect(linksWords({ modifiedLinks: 1_000 }, english)).toBe("1,000");
		expect(linksWords({ modifiedLinks: 3, changedLinks: 2 }, english)).toBe("3");
		expect(failedWords({ failedChanges: 1_000 }, english)).toBe("1,000");
	});

	it("by a preview is what would change, as far as it is known", () => {
		expect(wouldChangeWords({ changedObjects: 1_234, changedLinks: 1 }, english)).toBe(
			"1,234 objects · 1 link",
		);
		expect(wouldChangeWords({ changedObjects: 1 }, english)).toBe("1 object");
		expect(wouldChangeWords({ changedLinks: 2 }, english)).toBe("2 links");
		expect(wouldChangeWords({}, english)).toBe("");
	});
});
