import { describe, expect, it } from "@jest/globals";
import type { RecoveryJob } from "../../../src/core/job.js";
import { gapIn, isBlindTooLong, type Watch } from "../../../src/core/on-call/watch.js";
import { job, minute, START } from "./on-call-story.js";

const at = (minutes: number) => minute(minutes).toISOString();
const seen: Watch = { seenAt: START };
const QUICK = 15_000;
const gap = (minutes: number, pollMs = QUICK, jobs: readonly RecoveryJob[] = []) =>
	gapIn(seen, jobs, minute(minutes), pollMs);

describe("a pause between two looks at the jobs", () => {
	it("is a gap when it is longer than two minutes and than four polls", () => {
		expect(gap(2)).toBeUndefined();
		expect(gap(2.01)).toMatchObject({ from: START, to: at(2.01) });
		expect(gap(4, 60_000)).toBeUndefined();
		expect(gap(4.01, 60_000)).toMatchObject({ from: START, to: at(4.01) });
	});

	it("is none before the first look", () => {
		expect(gapIn({}, [], minute(1_000), QUICK)).toBeUndefined();
	});

	it("names the jobs that began and those that ended in it", () => {
		const before = job({ id: "before", status: "failed", startedAt: at(-9), endedAt: at(0) });
		const over = job({ id: "over", status: "failed", startedAt: at(-9), endedAt: at(1) });
		const begun = job({ id: "begun", startedAt: at(1) });
		const running = job({ id: "running", startedAt: at(0) });
		const { startedAt: _unknown, ...silent } = job({ id: "silent" });
		const found = gap(5, QUICK, [before, over, begun, running, silent]);
		expect(found?.started).toEqual([begun]);
		expect(found?.ended).toEqual([over]);
	});

	it("names as ended only what is over, whatever times Graph sends with it", () => {
		expect(gap(5, QUICK, [job({ endedAt: at(1) })])?.ended).toEqual([]);
	});

	it("is known in full for the seven days that Graph remembers", () => {
		const week = 7 * 24 * 60;
		expect(gap(week)).not.toHaveProperty("forgottenBefore");
		expect(gap(week + 1)).toMatchObject({ forgottenBefore: at(1) });
	});
});

describe("not seeing the jobs", () => {
	const blind = { code: "unavailable" };

	it("has to be told from five minutes on since they were last seen", () => {
		expect(isBlindTooLong({ seenAt: at(10), blind }, START, minute(14.99))).toBe(false);
		expect(isBlindTooLong({ seenAt: at(10), blind }, START, minute(15))).toBe(true);
	});

	it("counts from when somebody asked to be told, if they never were seen", () => {
		expect(isBlindTooLong({ blind }, at(10), minute(14.99))).toBe(false);
		expect(isBlindTooLong({ blind }, at(10), minute(15))).toBe(true);
	});

	it("is told once, and not at all while they are seen", () => {
		expect(isBlindTooLong({ blind: { ...blind, toldAt: at(5) } }, START, minute(60))).toBe(false);
		expect(isBlindTooLong(seen, START, minute(60))).toBe(false);
	});
});
