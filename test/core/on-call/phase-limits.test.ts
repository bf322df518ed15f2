import { describe, expect, it } from "@jest/globals";
import type { JobCounts, JobKind } from "../../../src/core/job.js";
import { isEarlierPhase, phaseLimitMs } from "../../../src/core/on-call/phase-limits.js";

const HOUR = 3_600_000;
const limit = (status: string, kind: JobKind, changedObjects?: number, changedLinks?: number) => {
	const counts: JobCounts = {
		...(changedObjects === undefined ? {} : { changedObjects }),
		...(changedLinks === undefined ? {} : { changedLinks }),
	};
	const ms = phaseLimitMs({ status, kind, counts });
	return ms === undefined ? undefined : ms / HOUR;
};

describe("a phase", () => {
	const phases = ["initialized", "loadingData", "calculating", "running"];

	it("is before those that a job goes through after it, and not before itself", () => {
		const earlier = phases.map((one) => phases.filter((other) => isEarlierPhase(one, other)));
		expect(earlier).toEqual([phases.slice(1), phases.slice(2), phases.slice(3), []]);
	});

	it("that nobody knows is before none, and none is before it", () => {
		for (const phase of phases) {
			expect(isEarlierPhase("unknown", phase)).toBe(false);
			expect(isEarlierPhase(phase, "unknown")).toBe(false);
		}
	});
});

describe("how long a phase may take before the job counts as stuck", () => {
	it("is an hour to begin, and two and a half to load data", () => {
		expect(limit("initialized", "recovery")).toBe(1);
		expect(limit("loadingData", "preview")).toBe(2.5);
	});

	it("grows with the number of changes, and is never less than an hour", () => {
		expect(limit("calculating", "preview", 1_024, 124)).toBe(1);
		expect(limit("calculating", "recovery", 150_000, 100_000)).toBe(2.25);
		expect(limit("running", "preview", 400_000)).toBe(3);
		expect(limit("running", "recovery", 1_024)).toBe(1);
		expect(limit("running", "recovery", 200_000, 50_000)).toBe(15);
	});

	it("allows for the most that Microsoft names while nobody knows how much there is to do", () => {
		expect(limit("calculating", "preview")).toBe(3.75);
		expect(limit("calculating", "preview", 0)).toBe(3.75);
		expect(limit("running", "recovery")).toBe(30);
		expect(limit("running", "unknown")).toBe(30);
	});

	it("is not known for any other phase", () => {
		expect(limit("unknownFutureValue", "recovery")).toBeUndefined();
	});
});
