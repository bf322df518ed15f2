import { describe, expect, it } from "@jest/globals";
import { apply } from "../../../src/app/cancelling/apply.js";
import type { Due } from "../../../src/core/cancelling/cancellation.js";
import type { Event } from "../../../src/core/cancelling/events.js";
import { theDatabase, useDatabase } from "../database.js";
import { auditTrail, grant, putCancellation, stored } from "../stored-cancellation.js";
import { createWorld, person, runningJob } from "../world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const attempt = { clientRequestId: "attempt-1", at: "2026-11-23T02:59:00Z", by: anna, grant };
const watch = { seq: 4, missing: 0, denied: 0, failed: 0 };
const seen = (status: "running" | "abandoned" | "calculating"): Event => ({
	kind: "job-seen",
	job: runningJob({ status }),
});

describe("applying what happened to a cancellation", () => {
	async function put(changed: Parameters<typeof putCancellation>[1] = {}) {
		const world = createWorld(theDatabase());
		const record = await putCancellation(world, changed);
		const happens = (event: Event, facts = {}, due?: Due) => apply(record.id, event, world.deps, facts, due);
		const planned = () => world.tasks.map(({ task }) => task.queue);
		return { world, record, happens, planned };
	}
	const stopping = { state: "stopping", watch, attempts: [attempt] } as const;

	it("saves the move, plans the work that it calls for and gives the record as it stands", async () => {
		const { world, record, happens, planned } = await put();
		const after = await happens({ kind: "standing-unreadable" });
		expect(after).toMatchObject({ state: "submitting", submitSeq: 1, version: record.version + 1 });
		expect(await stored(world, record)).toEqual(after);
		expect(planned().sort()).toEqual(["post", "submit"]);
	});

	it("keeps nothing of a move whose transaction fails", async () => {
		const { world, record, happens, planned } = await put();
		world.faults.beforeCommit = async () => {
			throw new Error("the database went away");
		};
		await expect(happens({ kind: "standing-unreadable" })).rejects.toThrow("the database went away");
		world.faults.beforeCommit = async () => {};
		expect(await stored(world, record)).toEqual(record);
		expect(await auditTrail(record)).toEqual([]);
		expect(planned()).toEqual([]);
	});

	it("changes nothing when the record has moved on and the event fits no more", async () => {
		const { world, record, happens, planned } = await put(stopping);
		expect(await happens({ kind: "standing-unreadable" })).toEqual(record);
		expect(await stored(world, record)).toEqual(record);
		expect(await auditTrail(record)).toEqual([]);
		expect(planned()).toEqual([]);
	});

	it("changes nothing for a step that is not the one that is due", async () => {
		const { world, record, happens, planned } = await put(stopping);
		expect(await happens(seen("abandoned"), {}, { step: "watch", seq: 3 })).toEqual(record);
		expect(await stored(world, record)).toEqual(record);
		expect(await auditTrail(record)).toEqual([]);
		expect(planned()).toEqual([]);
		expect(await happens(seen("abandoned"), {}, { step: "watch", seq: 4 })).toMatchObject({
			state: "abandoned",
		});
	});

	it("gives nothing for a cancellation that is not there", async () => {
		const { world } = await put();
		const gone = "00000000-0000-4000-8000-00000000dead";
		expect(await apply(gone, seen("running"), world.deps, {})).toBeUndefined();
		expect(await apply(gone, seen("running"), world.deps, {}, { step: "submit", seq: 0 })).toBeUndefined();
	});

	describe("leaves in the audit trail", () => {
		it("nothing of a poll that shows the status of before", async () => {
			const { record, happens, planned } = await put(stopping);
			await happens({ kind: "job-seen", job: runningJob({ counts: { modifiedObjects: 900 } }) });
			expect(await auditTrail(record)).toEqual([]);
			expect(planned()).toContain("post");
		});

		it.each<[string, object]>([
			["another status", {}],
			["the job for the first time", { seen: undefined }],
		])("a line of a poll that shows %s", async (_what, before) => {
			const { world, record, happens } = await put({ ...stopping, ...before });
			await happens(seen("calculating"));
			expect(await auditTrail(record)).toEqual([
				{
					at: world.now().toISOString(),
					type: "cancel.job-seen",
					jobId: record.jobId,
					facts: { receipt: record.receipt, job: runningJob({ status: "calculating" }) },
				},
			]);
		});

		it("a line of anything else, with what else is known of it", async () => {
			const { record, happens } = await put(stopping);
			await happens({ kind: "job-unreadable", denied: true }, { problem: "HTTP 403" });
			await happens({ kind: "job-unreadable", denied: true }, { problem: "HTTP 403" });
			const line = {
				at: expect.any(String),
				type: "cancel.job-unreadable",
				jobId: record.jobId,
				facts: { receipt: record.receipt, denied: true, problem: "HTTP 403" },
			};
			expect(await auditTrail(record)).toEqual([line, line]);
		});

		it("on whose standing an attempt is made", async () => {
			const { record, happens } = await put();
			const { kind, ...said } = {
				kind: "attempt-started",
				clientRequestId: "attempt-1",
				by: bernard,
				grant,
				after: 0,
			} as const;
			await happens({ kind, ...said });
			expect(await auditTrail(record)).toEqual([
				{
					at: expect.any(String),
					type: "cancel.attempt-started",
					actor: bernard,
					jobId: record.jobId,
					facts: { receipt: record.receipt, ...said },
				},
			]);
		});

		it("a second line of a new state, in the name of who asked first", async () => {
			const { world, record, happens } = await put(stopping);
			const after = await happens(seen("abandoned"));
			expect((await auditTrail(record)).slice(1)).toEqual([
				{
					at: world.now().toISOString(),
					type: "cancel.abandoned",
					actor: anna,
					jobId: record.jobId,
					facts: {
						receipt: record.receipt,
						outcome: { state: "abandoned" },
						seen: after?.seen,
					},
				},
			]);
		});

		it("that no more is asked, when only the job is followed from then on", async () => {
			const { record, happens } = await put({ attempts: [attempt] });
			await happens({ kind: "standing-lost", rule: "no-role", checked: [anna.userId] });
			expect(await auditTrail(record)).toMatchObject([
				{ type: "cancel.standing-lost" },
				{
					type: "cancel.stopping",
					facts: { outcome: null, seen: record.seen, stoppedAsking: { by: "policy", rule: "no-role" } },
				},
			]);
		});

		it("that nothing was seen of the job when it never was", async () => {
			const { record, happens } = await put({ ...stopping, seen: undefined });
			await happens({ kind: "job-missing" });
			await happens({ kind: "job-missing" });
			await happens({ kind: "job-missing" });
			expect((await auditTrail(record)).at(-1)).toMatchObject({
				type: "cancel.lost-track",
				facts: { seen: null },
			});
		});
	});
});
