import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Fault } from "../../sandbox/cloud/faults.js";
import { Faults } from "../../sandbox/cloud/faults.js";
import type { Job, JobPlan } from "../../sandbox/cloud/job-life.js";
import { jobState } from "../../sandbox/cloud/job-life.js";
import type { Person } from "../../sandbox/cloud/people.js";
import { createCommands } from "../../sandbox/commands.js";
import { TurnedClock } from "./turned-clock.js";

describe("a command to the sandbox", () => {
	const clock = new TurnedClock();
	let jobs: Job[];
	let faults: Faults;
	let now: Person | undefined;
	let modes: string[];
	let command: (text: string) => string | undefined;
	beforeEach(() => {
		jobs = [];
		faults = new Faults();
		now = undefined;
		modes = [];
		const addJob = (plan: Partial<JobPlan>) => {
			const job: Job = { id: `job-${jobs.length}`, kind: "recovery", startedAt: clock.now(), ...plan };
			jobs.push(job);
			return job;
		};
		const become = (person: Person) => {
			now = person;
		};
		command = createCommands({
			cloud: { faults, addJob, jobs: () => jobs, now: clock.now },
			become,
			useApprovals: (mode) => modes.push(mode),
		});
	});

	const spoiled = (method: string, path: string): Fault["do"] | undefined =>
		faults.take({
			method,
			path,
			query: new URLSearchParams(),
			headers: {},
			body: "",
			at: clock.now(),
			port: 0,
		});

	it.each(["jobs", "cancel job 1", "", "sandboxes be reader"])("is not %j: that is for the bot", (text) => {
		expect(command(text)).toBeUndefined();
	});

	it.each(["sandbox be reader", "  Sandbox  BE\u00a0Reader "])("makes %j somebody else", (text) => {
		expect(command(text)).toContain("Megan Bowen");
		expect(now?.key).toBe("reader");
	});

	it("starts a job that runs and can be stopped", () => {
		const answer = command("sandbox job preview");
		expect(jobs).toMatchObject([{ kind: "preview" }]);
		expect(answer).toContain("job-0");
		for (const job of jobs) expect(jobState(job, clock.now()).status).toBe("running");
	});

	it("starts a job that ends by itself while a cancel has yet to take effect", () => {
		command("sandbox job late");
		const [job] = jobs as [Job];
		expect(jobState(job, clock.now()).status).toBe("running");
		job.cancelledAt = clock.now();
		clock.turn(60_000);
		expect(jobState(job, clock.now()).status).toBe("successful");
	});

	it("starts a job that Graph forgets once it is cancelled", () => {
		command("sandbox job lost");
		expect(jobs).toMatchObject([{ kind: "recovery", forgottenWhenCancelled: true }]);
	});

	it("starts a job that stays in its first phase, and one that soon completes", () => {
		command("sandbox job stalled");
		command("sandbox job short");
		const states = () => jobs.map((job) => jobState(job, clock.now()).status);
		expect(states()).toEqual(["initialized", "running"]);
		clock.turn(40_000);
		expect(states()).toEqual(["initialized", "successful"]);
	});

	it("ends the youngest job that runs, or the one whose id begins so, and keeps what it had not done", () => {
		command("sandbox job recovery");
		command("sandbox job recovery");
		command("sandbox job recovery");
		expect(command("sandbox fail")).toContain("failed: job-2");
		expect(command("sandbox fail")).toContain("failed: job-1");
		expect(command("sandbox finish job-0")).toContain("completed: job-0");
		expect(command("sandbox finish")).toContain("No such job runs");
		const states = jobs.map((job) => jobState(job, clock.now()));
		expect(states.map(({ status }) => status)).toEqual(["successful", "failed", "failed"]);
		expect(states[0]?.done).toBe(1);
		expect(states[2]?.done).toBeCloseTo(6 / 54);
	});

	it("has done little of an hour's work after twelve minutes", () => {
		command("sandbox job recovery");
		expect(jobState(jobs[0] as Job, clock.now()).done).toBeCloseTo(6 / 54);
	});

	it("makes Graph take a cancel and lose its answer", () => {
		command("sandbox fault unclear");
		expect(spoiled("POST", "/beta/directory/recovery/jobs/1/cancel")).toEqual({ after: "reset" });
		expect(spoiled("GET", "/beta/directory/recovery/jobs/1")).toBeUndefined();
	});

	it("makes Graph misbehave in one way at a time, until it is told to behave", () => {
		command("sandbox fault 403");
		expect(spoiled("POST", "/beta/directory/recovery/jobs/1/cancel")).toMatchObject({ status: 403 });
		expect(spoiled("GET", "/beta/directory/recovery/jobs")).toBeUndefined();
		command("sandbox fault slow");
		expect(spoiled("POST", "/beta/directory/recovery/jobs/1/cancel")).toEqual({ delayMs: 4_000 });
		expect(command("sandbox fault off")).toBe("Graph behaves.");
		expect(spoiled("GET", "/beta/directory/recovery/jobs")).toBeUndefined();
	});

	it("has the bot started anew with other approvals, and says what to try then", () => {
		const answer = command("sandbox approvals two-person");
		expect(modes).toEqual(["two-person"]);
		expect(answer).toContain("APPROVALS=two-person and EMERGENCY_OVERRIDE=true");
		expect(answer).toContain("sandbox be admin2");
		expect(command("sandbox approvals three-person")).toContain(
			"sandbox approvals off | on-request | two-person",
		);
		expect(modes).toHaveLength(1);
	});

	it("says who of those that can be played may cancel and approve, and who not", () => {
		const help = command("sandbox help");
		expect(help).toContain("Grady Archie (admin2) may, too, through a group");
		expect(help).toContain("Alex Wilber (nobody) holds no role");
	});

	it("leaves a fault in force when the next one is misspelt", () => {
		command("sandbox fault 429");
		expect(command("sandbox fault 492")).toContain("sandbox fault slow");
		expect(spoiled("POST", "/v1.0/directory/recovery/jobs/1/cancel")).toMatchObject({ status: 429 });
	});

	it.each(["sandbox", "sandbox help", "sandbox be god", "sandbox job", "sandbox dance"])(
		"answers %j with what can be typed",
		(text) => {
			expect(command(text)).toContain("sandbox be admin | admin2");
			expect([now, jobs]).toEqual([undefined, []]);
		},
	);
});
