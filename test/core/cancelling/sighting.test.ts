import { describe, expect, it } from "@jest/globals";
import { changed, sighting } from "../../../src/core/cancelling/sighting.js";
import type { RecoveryJob } from "../../../src/core/job.js";

const at = "2026-11-23T03:00:00.000Z";
const job: RecoveryJob = { id: "job", kind: "recovery", status: "running", counts: { modifiedObjects: 1 } };

describe("a sighting of a job", () => {
	it("keeps what was seen and when, and nothing that was not", () => {
		expect(sighting(job, at)).toStrictEqual({ at, status: "running", counts: { modifiedObjects: 1 } });
		const times = { startedAt: "s", endedAt: "e", targetStateAt: "t" };
		expect(sighting({ ...job, ...times }, at)).toStrictEqual({
			at,
			status: "running",
			counts: { modifiedObjects: 1 },
			...times,
		});
	});

	it("is news when the status or any count differs, and no news otherwise", () => {
		const before = sighting(job, at);
		expect(changed(before, sighting(job, "later"))).toBe(false);
		expect(changed(before, { ...before, status: "abandoned" })).toBe(true);
		expect(changed(undefined, before)).toBe(true);
		expect(changed(before, undefined)).toBe(true);
		expect(changed(undefined, undefined)).toBe(false);
		for (const count of [
			"changedObjects",
			"changedLinks",
			"modifiedObjects",
			"modifiedLinks",
			"failedChanges",
		])
			expect(changed(before, { ...before, counts: { ...before.counts, [count]: 7 } })).toBe(true);
	});
});
