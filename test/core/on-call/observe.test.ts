import { describe, expect, it } from "@jest/globals";
import type { RecoveryJob } from "../../../src/core/job.js";
import type { Incident } from "../../../src/core/on-call/incident.js";
import { observe } from "../../../src/core/on-call/observe.js";
import { incident, job, minute } from "./on-call-story.js";

const at = (minutes: number) => minute(minutes).toISOString();
const TENANT = incident().tenantId;

function look(
	incidents: readonly Incident[],
	jobs: readonly RecoveryJob[],
	overJobIds: readonly string[] = [],
) {
	return observe({ incidents, overJobIds, tenantId: TENANT }, jobs, minute(10), () => "incident-2");
}
/** What becomes of one incident. */
const see = (before: Incident, after: RecoveryJob) => look([before], [after])[0];

describe("the list of all jobs", () => {
	it("opens an incident for each job that nobody has seen before", () => {
		const other = job({ id: "other" });
		expect(look([incident()], [job(), other])).toMatchObject([
			{ id: "incident-1" },
			{ id: "incident-2", tenantId: TENANT, job: other, openedAt: at(10), phaseSince: at(10), version: 1 },
		]);
		expect(look([], [other], ["other"])).toEqual([]);
	});

	it("counts the first phase of a job from its start, which is known", () => {
		const first = job({ status: "initialized" });
		expect(look([], [first])).toMatchObject([{ phaseSince: first.startedAt }]);
		const { startedAt: _unknown, ...silent } = first;
		expect(look([], [silent])).toMatchObject([{ phaseSince: at(10) }]);
	});

	it("leaves an incident alone that shows nothing new", () => {
		const before = incident();
		expect(see(before, job())).toBe(before);
		expect(see(before, job({ kind: "unknown" }))).toBe(before);
	});

	it.each([
		["its kind", { kind: "preview" as const }],
		["when it began", { startedAt: at(1) }],
		["when it ended", { endedAt: at(9) }],
		["how much it changed", { counts: { modifiedObjects: 1 } }],
	])("shows something new of a job, though not a new phase: %s", (_what, changed) => {
		const stuck = incident({ told: { started: ["channel"], stuck: ["channel"] } });
		expect(see(stuck, job(changed))).toEqual({ ...stuck, job: job(changed), changedAt: at(10) });
	});

	it("shows a new phase, which may be stuck anew", () => {
		const stuck = incident({ told: { started: ["channel"], stuck: ["channel"] } });
		expect(see(stuck, job({ status: "calculating" }))).toMatchObject({
			changedAt: at(10),
			phaseSince: at(10),
			told: { started: ["channel"] },
		});
		expect(see(stuck, job({ status: "calculating" }))?.told).not.toHaveProperty("stuck");
	});

	it("keeps the kind that was known", () => {
		expect(see(incident(), job({ kind: "unknown", status: "calculating" }))?.job.kind).toBe("recovery");
	});

	it("lets go of a job that three lists in a row do not hold, and takes it up when one does again", () => {
		const [once] = look([incident()], []);
		const [twice] = look(once ? [once] : [], []);
		expect(twice).toMatchObject({ missing: 2 });
		expect(twice).not.toHaveProperty("overAt");
		const [lost] = look(twice ? [twice] : [], []);
		expect(lost).toMatchObject({ missing: 3, overAt: at(10) });
		if (!lost) throw new Error("no incident");
		expect(look([lost], [])[0]).toBe(lost);
		const found = see(lost, job());
		expect(found).toMatchObject({ missing: 0, changedAt: at(10), phaseSince: incident().phaseSince });
		expect(found).not.toHaveProperty("overAt");
	});
});
