import { describe, expect, it } from "@jest/globals";
import { watchCancellation } from "../../../src/app/cancelling/watch-cancellation.js";
import type { ReadProblem } from "../../../src/app/ports.js";
import { theDatabase, useDatabase } from "../database.js";
import { auditTrail, putCancellation, stored } from "../stored-cancellation.js";
import { createWorld, runningJob } from "../world.js";

useDatabase();

const POLL = 4;
const throttled: ReadProblem = {
	kind: "problem",
	code: "throttled",
	httpStatus: 429,
	retryAfterMs: 90_000,
	detail: "HTTP 429",
};

describe("polling a job that was asked to stop", () => {
	async function followed(state: "stopping" | "submitting" = "stopping") {
		const world = createWorld(theDatabase());
		const record = await putCancellation(world, {
			state,
			submitSeq: POLL,
			watch: { seq: POLL, missing: 0, denied: 0, failed: 0 },
		});
		const { read } = world.deps.jobs;
		const reads: string[] = [];
		world.deps.jobs.read = (jobId) => {
			reads.push(jobId);
			return read(jobId);
		};
		const poll = (seq = POLL, cancellationId = record.id) =>
			watchCancellation({ cancellationId, seq }, world.deps);
		const planned = () => world.tasks.map(({ at, task }) => [task.queue, at - world.now().getTime()]);
		return { world, record, reads, poll, planned };
	}

	it("reads the job once and plans the next poll", async () => {
		const { world, record, reads, poll, planned } = await followed();
		await poll();
		expect(reads).toEqual([record.jobId]);
		expect((await stored(world, record)).watch.seq).toBe(POLL + 1);
		expect(planned()).toEqual([["watch", expect.any(Number)]]);
		expect(await auditTrail(record)).toEqual([]);
	});

	it("writes an end down with what was seen", async () => {
		const { world, record, poll } = await followed();
		world.graph.job = runningJob({ status: "failed" });
		await poll();
		expect(await auditTrail(record)).toMatchObject([
			{ type: "cancel.job-seen", facts: { receipt: record.receipt, job: world.graph.job } },
			{ type: "cancel.too-late" },
		]);
		expect((await auditTrail(record))[0]?.facts).not.toHaveProperty("problem");
	});

	it("writes a read that failed down with what Graph said, and waits as long as Graph asked", async () => {
		const { world, record, poll, planned } = await followed();
		world.graph.readProblem = throttled;
		await poll();
		expect(await auditTrail(record)).toEqual([
			{
				at: world.now().toISOString(),
				type: "cancel.job-unreadable",
				jobId: record.jobId,
				facts: { receipt: record.receipt, denied: false, retryAfterMs: 90_000, problem: throttled },
			},
		]);
		expect(planned()).toEqual([["watch", 90_000]]);
	});

	it("does nothing the second time it runs", async () => {
		const { reads, poll, planned } = await followed();
		await poll();
		await poll();
		expect(reads).toHaveLength(1);
		expect(planned()).toHaveLength(1);
	});

	it("changes nothing when another one has made this poll in the meantime", async () => {
		const { world, record, reads, poll, planned } = await followed();
		const { read } = world.deps.jobs;
		world.deps.jobs.read = async (jobId) => {
			world.deps.jobs.read = read;
			await poll();
			return read(jobId);
		};
		await poll();
		expect(reads).toHaveLength(2);
		expect((await stored(world, record)).watch.seq).toBe(POLL + 1);
		expect(planned()).toHaveLength(1);
	});

	it("asks Graph nothing while the cancellation is not asked for yet, or not there", async () => {
		const { reads, poll } = await followed("submitting");
		await poll();
		await poll(POLL, "00000000-0000-4000-8000-00000000dead");
		expect(reads).toEqual([]);
	});
});
