import { describe, expect, it } from "@jest/globals";
import { appliedRows, jobFacts, kindWords, sentence, statusWords } from "../../src/cards/job-words.js";
import type { RecoveryJob } from "../../src/core/job.js";

const bare: RecoveryJob = { id: "job_1", kind: "recovery", status: "running", counts: {} };
const shown = (job: Partial<RecoveryJob>, title: string) =>
	jobFacts({ ...bare, ...job }).find((fact) => fact.title === title)?.value;

describe("the kind of a job", () => {
	it.each([
		["recovery", "recovery job"],
		["preview", "preview job"],
		["unknown", "job"],
	] as const)("%s reads %s", (kind, words) => {
		expect(kindWords(kind)).toBe(words);
	});

	it("begins a sentence in upper case", () => {
		expect(sentence("recovery job")).toBe("Recovery job");
		expect(sentence("")).toBe("");
	});
});

describe("the status of a job", () => {
	it.each([
		["initialized", "Starting (initialized)"],
		["loadingData", "Loading data (loadingData)"],
		["calculating", "In progress (calculating)"],
		["running", "In progress (running)"],
		["successful", "Completed (successful)"],
		["failed", "Failed"],
		["abandoned", "Abandoned"],
		["vapor*ising*", "vapor\\*ising\\*"],
		["constructor", "constructor"],
		["", ""],
	])("%j reads %j", (status, words) => {
		expect(statusWords(status)).toBe(words);
	});

	it("tells of warnings where changes failed, and only where it was successful", () => {
		expect(statusWords("successful", { failedChanges: 1 })).toBe("Completed with warnings (successful)");
		expect(statusWords("successful", { failedChanges: 0 })).toBe("Completed (successful)");
		expect(statusWords("calculating", { failedChanges: 1 })).toBe("In progress (calculating)");
	});
});

describe("the facts of a job", () => {
	it("are those that Graph showed", () => {
		expect(jobFacts(bare)).toEqual([
			{ title: "Job", value: "job\\_1" },
			{ title: "Objects modified", value: "not reported" },
			{ title: "Links modified", value: "not reported" },
			{ title: "Changes failed", value: "not reported" },
		]);
	});

	it("are all of them", () => {
		const at = (time: string) => `{{DATE(2026-11-23T${time}Z,SHORT)}} {{TIME(2026-11-23T${time}Z)}}`;
		const job: RecoveryJob = {
			...bare,
			status: "successful",
			startedAt: "2026-11-23T03:00:00Z",
			endedAt: "2026-11-23T03:04:10Z",
			targetStateAt: "2026-11-23T01:00:00Z",
			counts: {
				changedObjects: 1_234,
				changedLinks: 0,
				modifiedObjects: 12_345,
				modifiedLinks: 0,
				failedChanges: 7,
			},
		};
		expect(jobFacts(job)).toEqual([
			{ title: "Job", value: "job\\_1" },
			{ title: "Started", value: at("03:00:00") },
			{ title: "Ended", value: at("03:04:10") },
			{ title: "Took", value: "4 min 10 s" },
			{ title: "Target state", value: at("01:00:00") },
			{ title: "To change", value: "1,234 objects, 0 links" },
			{ title: "Objects modified", value: "12,345" },
			{ title: "Links modified", value: "0" },
			{ title: "Changes failed", value: "7" },
		]);
	});

	it("say how long it took only once it has ended, and when both moments are known", () => {
		const both = { startedAt: "2026-11-23T03:00:00Z", endedAt: "2026-11-23T03:04:10Z" };
		expect(shown({ ...both, status: "failed" }, "Took")).toBe("4 min 10 s");
		expect(shown({ ...both, status: "running" }, "Took")).toBeUndefined();
		expect(shown({ startedAt: both.startedAt, status: "failed" }, "Took")).toBeUndefined();
		expect(shown({ endedAt: both.endedAt, status: "failed" }, "Took")).toBeUndefined();
	});

	it("name what is to change as far as it is known", () => {
		expect(shown({ counts: { changedObjects: 2 } }, "To change")).toBe("2 objects");
		expect(shown({ counts: { changedLinks: 1_000 } }, "To change")).toBe("1,000 links");
	});

	it("leave away what a preview never applies", () => {
		expect(jobFacts({ ...bare, kind: "preview" })).toEqual([{ title: "Job", value: "job\\_1" }]);
		expect(jobFacts({ ...bare, kind: "unknown" })).toHaveLength(4);
	});
});

it("a count that Graph did not report is not zero", () => {
	expect(appliedRows({ modifiedObjects: 0, failedChanges: 1_000 })).toEqual([
		["Objects modified", "0"],
		["Links modified", "not reported"],
		["Changes failed", "1,000"],
	]);
});
