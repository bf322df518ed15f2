import { describe, expect, it } from "@jest/globals";
import { submitCancellation } from "../../../src/app/cancelling/submit-cancellation.js";
import type { CancelAnswer, ReadProblem } from "../../../src/app/ports.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import type { Actor, Grant, Standing } from "../../../src/core/person.js";
import { theDatabase, useDatabase } from "../database.js";
import { auditTrail, grant, putCancellation, stored } from "../stored-cancellation.js";
import { ADMIN_ROLE, createWorld, person, READER_ROLE, runningJob } from "../world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const chloe = person("Chloé");
const SEQ = 2;
const asking = (actor: Actor) => ({ actor, conversationKey: "chat", at: "2026-11-23T02:59:00Z" });
const throttled: ReadProblem = {
	kind: "problem",
	code: "throttled",
	httpStatus: 429,
	retryAfterMs: 90_000,
	detail: "HTTP 429",
};
const out = (why: "throttled" | "not-found" | "timeout"): Standing => ({
	kind: "unreadable",
	at: "",
	why,
	detail: why,
});
const attempt = { clientRequestId: "attempt-1", at: "2026-11-23T02:59:00Z", by: anna, grant };
const turnedDown = {
	...attempt,
	answer: { at: "2026-11-23T02:59:01Z", kind: "rejected", code: "forbidden", httpStatus: 403 },
} as const;

describe("asking Graph to cancel", () => {
	/** A cancellation that Anna, who may, asked for, with its submit due. */
	async function due(changed: Parameters<typeof putCancellation>[1] = {}) {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		const record = await putCancellation(world, { submitSeq: SEQ, ...changed });
		const { read } = world.deps.jobs;
		const { standing } = world.deps.directory;
		const asked: string[] = [];
		world.deps.jobs.read = (jobId) => {
			asked.push(`job ${jobId}`);
			return read(jobId);
		};
		world.deps.directory.standing = (actor, permission) => {
			asked.push(`standing of ${actor.name} to ${permission}`);
			return standing(actor, permission);
		};
		const submit = (seq = SEQ, cancellationId = record.id) =>
			submitCancellation({ cancellationId, seq }, world.deps);
		const now = () => stored(world, record);
		const types = async () => (await auditTrail(record)).map(({ type }) => type);
		const planned = () => world.tasks.map(({ task }) => task.queue).filter((queue) => queue !== "post");
		return { world, record, asked, submit, now, types, planned };
	}
	type World = ReturnType<typeof createWorld>;

	/** Does something at the moment when the job is read for the `count`th time. */
	function whenRead(world: World, count: number, happens: () => Promise<unknown>) {
		const { read } = world.deps.jobs;
		let reads = 0;
		world.deps.jobs.read = async (jobId) => {
			if (++reads === count) await happens();
			return read(jobId);
		};
	}
	/** A submit's transactions: it writes down what the job shows, then the attempt. */
	const [JOB_SEEN, ATTEMPT_STARTED] = [1, 2];
	/** Does something right after one of them, the first being 1. */
	function afterTransaction(world: World, number: number, happens: () => unknown) {
		let done = 0;
		world.faults.afterCommit = async () => {
			if (++done === number) await happens();
		};
	}
	/** Puts the record as another process would have left it. */
	const overwrite = (record: Cancellation) =>
		theDatabase().transaction((sql) =>
			sql.query("update cancellations set record = $1", [JSON.stringify(record)]),
		);

	it("reads the role and the job, writes the attempt down, sends one POST and follows the job", async () => {
		const { world, record, asked, submit, now, types, planned } = await due();
		let before: unknown;
		world.graph.onPost = async () => {
			before = (await now()).attempts;
		};
		await submit();
		expect(asked.sort()).toEqual([`job ${record.jobId}`, "standing of Anna to cancel"]);
		const [clientRequestId] = world.graph.posts;
		expect(before).toEqual([{ clientRequestId, at: world.now().toISOString(), by: anna, grant }]);
		expect(world.graph.posts).toHaveLength(1);
		expect(await now()).toMatchObject({ state: "stopping", attempts: [{ answer: { kind: "accepted" } }] });
		expect(await types()).toEqual(["cancel.attempt-started", "cancel.attempt-answered", "cancel.stopping"]);
		expect(planned()).toEqual(["watch"]);
	});

	it("asks nobody anything for a submit that is not due, or of a cancellation that is not there", async () => {
		const { asked, submit, types } = await due();
		await submit(SEQ - 1);
		await submit(SEQ, "00000000-0000-4000-8000-00000000dead");
		expect(asked).toEqual([]);
		expect(await types()).toEqual([]);
	});

	it("sends nothing when the job has ended, and says how", async () => {
		const { world, submit, now, types } = await due();
		world.graph.job = runningJob({ status: "successful" });
		await submit();
		expect(world.graph.posts).toEqual([]);
		expect(await now()).toMatchObject({ outcome: { state: "too-late", jobEnd: "successful" } });
		expect(await types()).toEqual(["cancel.job-seen", "cancel.too-late"]);
	});

	it("sends nothing while the job cannot be read, writes down why and tries later", async () => {
		const { world, record, submit, planned } = await due();
		world.graph.readProblem = throttled;
		await submit();
		expect(world.graph.posts).toEqual([]);
		expect(await auditTrail(record)).toMatchObject([
			{ type: "cancel.job-unreadable", facts: { denied: false, problem: throttled } },
		]);
		expect(planned()).toEqual(["submit"]);
		expect(world.tasks.find(({ task }) => task.queue === "submit")?.at).toBe(world.now().getTime() + 90_000);
	});

	it("writes of a job that was read no problem down", async () => {
		const { world, record, submit } = await due();
		world.graph.job = runningJob({ status: "calculating" });
		await submit();
		const [line] = await auditTrail(record);
		expect(line).toMatchObject({ type: "cancel.job-seen" });
		expect(line?.facts).not.toHaveProperty("problem");
	});

	it("sends nothing when another one has done this submit while the job was read", async () => {
		const { world, submit, now } = await due();
		const other = createWorld(theDatabase());
		other.grant(anna, ADMIN_ROLE);
		other.graph.answers.push({ kind: "throttled", httpStatus: 429 });
		whenRead(world, 1, async () =>
			submitCancellation({ cancellationId: (await now()).id, seq: SEQ }, other.deps),
		);
		await submit();
		expect(other.graph.posts).toHaveLength(1);
		expect(world.graph.posts).toEqual([]);
		expect((await now()).attempts).toHaveLength(1);
	});

	describe("after a POST that was turned down", () => {
		const rejected: CancelAnswer = { kind: "rejected", code: "conflict", httpStatus: 409 };
		const refused = (why: object) => ({ state: "refused", outcome: { state: "refused", why } });

		it("looks at the job, and says that Graph refused when it still runs", async () => {
			const { world, asked, submit, now, types } = await due();
			world.graph.answers.push(rejected);
			await submit();
			expect(asked.filter((question) => question.startsWith("job"))).toHaveLength(2);
			expect(await now()).toMatchObject(refused({ by: "graph", code: "conflict", httpStatus: 409 }));
			expect(await types()).toEqual([
				"cancel.attempt-started",
				"cancel.attempt-answered",
				"cancel.rejection-confirmed",
				"cancel.refused",
			]);
		});

		it("says too late when the job has ended", async () => {
			const { world, submit, now, types } = await due();
			world.graph.answers.push(rejected);
			world.graph.onPost = async () => {
				world.graph.job = runningJob({ status: "failed" });
			};
			await submit();
			expect(await now()).toMatchObject({ outcome: { state: "too-late", jobEnd: "failed" } });
			expect(await types()).not.toContain("cancel.rejection-confirmed");
		});

		it("takes Graph at its word when the job cannot be read", async () => {
			const { world, submit, now, types } = await due();
			world.graph.answers.push(rejected);
			world.graph.onPost = async () => {
				world.graph.readProblem = throttled;
			};
			await submit();
			expect(await now()).toMatchObject(refused({ by: "graph", code: "conflict", httpStatus: 409 }));
			expect(await types()).not.toContain("cancel.job-unreadable");
		});

		it("leaves the judgement to whoever moved the cancellation on meanwhile", async () => {
			const { world, submit, now } = await due();
			world.graph.answers.push(rejected);
			whenRead(world, 2, async () => overwrite({ ...(await now()), submitSeq: SEQ + 1 }));
			await submit();
			expect(await now()).toMatchObject({ state: "submitting", submitSeq: SEQ + 1 });
		});

		it("asks no second look at the job after any other answer", async () => {
			const { world, asked, submit } = await due();
			world.graph.answers.push({ kind: "throttled", httpStatus: 429 });
			await submit();
			expect(asked.filter((question) => question.startsWith("job"))).toHaveLength(1);
		});

		it("that nobody has judged yet judges it, and sends no other one", async () => {
			const { world, submit, now, types } = await due({ attempts: [turnedDown] });
			await submit();
			expect(world.graph.posts).toEqual([]);
			expect(await now()).toMatchObject(refused({ by: "graph", code: "forbidden", httpStatus: 403 }));
			expect(await types()).toEqual(["cancel.rejection-confirmed", "cancel.refused"]);
		});

		it("says no HTTP status where there was none, and no more than that it was turned down", async () => {
			const answer = { at: turnedDown.at, kind: "rejected" } as const;
			const { record, submit, now } = await due({ attempts: [{ ...attempt, answer }] });
			await submit();
			expect((await now()).outcome).toEqual({ state: "refused", why: { by: "graph", code: "rejected" } });
			const [line] = await auditTrail(record);
			expect(line?.facts).toEqual({ receipt: record.receipt, code: "rejected" });
		});
	});

	describe("on whose standing", () => {
		const askers = [asking(anna), asking(bernard), asking(chloe)];

		it("is the first one who may, in the order in which they asked", async () => {
			const { world, asked, submit, now } = await due({ askers });
			world.grant(anna, READER_ROLE);
			world.grant(bernard, ADMIN_ROLE);
			world.grant(chloe, ADMIN_ROLE);
			await submit();
			expect(asked.filter((question) => question.startsWith("standing"))).toEqual([
				"standing of Anna to cancel",
				"standing of Bernard to cancel",
			]);
			expect((await now()).attempts).toMatchObject([{ by: bernard, grant }]);
		});

		it("sends nothing when nobody may, and keeps what each was seen to hold", async () => {
			const { world, record, submit, now } = await due({ askers: [asking(anna), asking(bernard)] });
			const held = (...grants: Grant[]) =>
				({
					kind: "read",
					at: world.now().toISOString(),
					accountEnabled: true,
					guest: false,
					grants,
					scopedRoles: [],
				}) as const;
			const elsewhere = { by: "group", groupId: "a group that means nothing here" } as const;
			world.setStanding(anna, held(elsewhere));
			world.grant(bernard);
			await submit();
			expect(world.graph.posts).toEqual([]);
			expect((await now()).outcome).toEqual({ state: "refused", why: { by: "policy", rule: "no-role" } });
			const [line] = await auditTrail(record);
			expect(line).toEqual({
				at: world.now().toISOString(),
				type: "cancel.standing-lost",
				jobId: record.jobId,
				facts: {
					receipt: record.receipt,
					rule: "no-role",
					checked: [anna.userId, bernard.userId],
					standings: { [anna.userId]: held(elsewhere), [bernard.userId]: held() },
				},
			});
		});

		it("names why the first one may not", async () => {
			const { world, submit, now } = await due({ askers: [asking(anna), asking(bernard)] });
			world.setStanding(anna, {
				kind: "read",
				at: "",
				accountEnabled: false,
				guest: false,
				grants: [],
				scopedRoles: [],
			});
			await submit();
			expect((await now()).outcome).toMatchObject({ why: { rule: "account-disabled" } });
		});

		it("reads one who asked twice only once", async () => {
			const again = { ...asking(anna), conversationKey: "other" };
			const { world, asked, submit } = await due({ askers: [asking(anna), again] });
			world.grant(anna);
			await submit();
			expect(asked.filter((question) => question.startsWith("standing"))).toHaveLength(1);
		});

		it("tries later, and asks the directory no more, while it is out", async () => {
			const { world, record, asked, submit, now, planned } = await due({ askers });
			world.setStanding(anna, out("throttled"));
			world.grant(bernard, ADMIN_ROLE);
			await submit();
			expect(asked.filter((question) => question.startsWith("standing"))).toHaveLength(1);
			expect(world.graph.posts).toEqual([]);
			expect(await now()).toMatchObject({ state: "submitting", waiting: { why: "role-unreadable" } });
			expect(planned()).toEqual(["submit"]);
			expect(await auditTrail(record)).toMatchObject([
				{
					type: "cancel.standing-unreadable",
					facts: { standings: { [anna.userId]: { kind: "unreadable", why: "throttled" } } },
				},
			]);
		});

		it("is lost, not unreadable, when the only account is not found any more", async () => {
			const { world, submit, now } = await due({ askers: [asking(anna)] });
			world.setStanding(anna, out("not-found"));
			await submit();
			expect((await now()).outcome).toEqual({ state: "refused", why: { by: "policy", rule: "no-identity" } });
		});

		it("is not known when one cannot be read and nobody else may", async () => {
			const { world, submit, now } = await due({ askers });
			world.setStanding(anna, out("timeout"));
			world.grant(bernard);
			world.grant(chloe);
			await submit();
			expect(await now()).toMatchObject({ state: "submitting", waiting: { why: "role-unreadable" } });
		});

		it("goes on to the others when somebody's account is not found, which is no outage", async () => {
			const { world, submit } = await due({ askers });
			world.setStanding(anna, out("not-found"));
			world.grant(bernard, ADMIN_ROLE);
			await submit();
			expect(world.graph.posts).toHaveLength(1);
		});

		it("takes a directory that is out for no refusal, also when others were seen to hold nothing", async () => {
			const { world, submit, now } = await due({ askers: [asking(anna), asking(bernard)] });
			world.grant(anna);
			world.setStanding(bernard, out("throttled"));
			await submit();
			expect(await now()).toMatchObject({ state: "submitting", waiting: { why: "role-unreadable" } });
		});

		it("leaves it to another one who did this submit while the roles were read", async () => {
			const { world, record, submit, now } = await due({ askers });
			world.grant(anna);
			const { standing } = world.deps.directory;
			world.deps.directory.standing = async (actor, permission) => {
				if (actor.userId === chloe.userId) await overwrite({ ...record, submitSeq: SEQ + 1 });
				return standing(actor, permission);
			};
			await submit();
			expect(await now()).toMatchObject({ state: "submitting", submitSeq: SEQ + 1 });
		});
	});

	it("reads nobody else's role for a job that has ended", async () => {
		const { world, asked, submit } = await due({ askers: [asking(anna), asking(bernard)] });
		world.grant(anna);
		world.graph.job = runningJob({ status: "failed" });
		await submit();
		expect(asked.filter((question) => question.startsWith("standing"))).toHaveLength(1);
	});

	it("sends nothing when another one put the next try off meanwhile", async () => {
		const { world, record, submit, types } = await due();
		afterTransaction(world, JOB_SEEN, () => overwrite({ ...record, submitSeq: SEQ + 1 }));
		await submit();
		expect(world.graph.posts).toEqual([]);
		expect(await types()).toEqual([]);
	});

	it("sends nothing when another one wrote an attempt down first", async () => {
		const { world, record, submit, now } = await due();
		afterTransaction(world, JOB_SEEN, () => overwrite({ ...record, attempts: [attempt] }));
		await submit();
		expect(world.graph.posts).toEqual([]);
		expect((await now()).attempts).toEqual([attempt]);
	});

	describe("when writing the attempt down takes long", () => {
		async function slow(ms: number, holds: boolean) {
			const made = await due();
			afterTransaction(made.world, ATTEMPT_STARTED, () => {
				made.world.turn(ms);
				if (!holds) made.world.grant(anna, READER_ROLE);
			});
			await made.submit();
			const reads = made.asked.filter((question) => question.startsWith("standing"));
			return { ...made, reads };
		}

		it("trusts a role that was read up to two seconds ago", async () => {
			const { world, reads } = await slow(2_000, false);
			expect(world.graph.posts).toHaveLength(1);
			expect(reads).toEqual(["standing of Anna to cancel"]);
		});

		it("reads it again when it is older, and asks Graph when it is still held", async () => {
			const { world, reads } = await slow(2_001, true);
			expect(world.graph.posts).toHaveLength(1);
			expect(reads).toEqual(["standing of Anna to cancel", "standing of Anna to cancel"]);
		});

		it("sends nothing when another one has gone on with it meanwhile, and says of its own that it was not sent", async () => {
			const made = await due();
			afterTransaction(made.world, ATTEMPT_STARTED, async () => {
				made.world.turn(60_000);
				const record = await made.now();
				await overwrite({ ...record, attempts: [...record.attempts, attempt], submitSeq: SEQ + 1 });
			});
			await made.submit();
			expect(made.world.graph.posts).toEqual([]);
			expect((await made.now()).attempts).toMatchObject([{ answer: { kind: "throttled" } }, attempt]);
			expect(await made.now()).toMatchObject({ state: "submitting", submitSeq: SEQ + 1 });
		});

		it("sends nothing when another one has seen the job end meanwhile", async () => {
			const made = await due();
			afterTransaction(made.world, ATTEMPT_STARTED, async () => {
				made.world.turn(60_000);
				const outcome = { state: "too-late", jobEnd: "failed" } as const;
				await overwrite({ ...(await made.now()), state: "too-late", outcome });
			});
			await made.submit();
			expect(made.world.graph.posts).toEqual([]);
			expect(await made.now()).toMatchObject({
				state: "too-late",
				attempts: [{ answer: { kind: "throttled" } }],
			});
		});

		it("sends nothing when it is held no more, says that, and tries later", async () => {
			const { world, record, now, planned } = await slow(2_001, false);
			expect(world.graph.posts).toEqual([]);
			expect((await now()).attempts).toMatchObject([
				{ answer: { at: world.now().toISOString(), kind: "throttled" } },
			]);
			expect((await now()).waiting).toMatchObject({ why: "not-sent" });
			expect((await auditTrail(record)).at(-1)?.facts).toMatchObject({
				answer: {
					kind: "throttled",
					detail: "not sent: the role was not seen again in time, or another process had gone on",
				},
			});
			expect(planned()).toEqual(["submit"]);
		});
	});

	describe("keeps of the answer", () => {
		const facts = { httpStatus: 418, requestId: "graph-1", errorCode: "Teapot" };
		it.each<[string, CancelAnswer, object]>([
			[
				"that it was accepted, and where",
				{ kind: "accepted", ...facts, location: "/jobs/1" },
				{ ...facts, kind: "accepted", location: "/jobs/1" },
			],
			["that it was accepted, and no place where none was told", { kind: "accepted" }, { kind: "accepted" }],
			[
				"which no it was",
				{ kind: "rejected", code: "conflict", ...facts },
				{ ...facts, kind: "rejected", code: "conflict" },
			],
			["that it was throttled", { kind: "throttled", ...facts }, { ...facts, kind: "throttled" }],
			["that nobody knows", { kind: "unclear", detail: "reset" }, { kind: "unclear" }],
		])("%s", async (_what, answer, kept) => {
			const { world, record, submit, now } = await due();
			world.graph.answers.push(answer);
			await submit();
			const at = world.now().toISOString();
			expect((await now()).attempts[0]?.answer).toEqual({ at, ...kept });
			const line = (await auditTrail(record)).find(({ type }) => type === "cancel.attempt-answered");
			expect(line?.facts).toEqual({
				receipt: record.receipt,
				clientRequestId: world.graph.posts[0],
				answer,
			});
		});

		it.each<[string, CancelAnswer]>([
			["accepted", { kind: "accepted", retryAfterMs: 90_000 }],
			["throttled", { kind: "throttled", httpStatus: 429, retryAfterMs: 90_000 }],
			["unclear", { kind: "unclear", retryAfterMs: 90_000 }],
		])("how long Graph asked us to wait, when it was %s", async (_kind, answer) => {
			const { world, submit, planned } = await due();
			world.graph.answers.push(answer);
			await submit();
			expect(planned()).toHaveLength(1);
			const next = world.tasks.find(({ task }) => task.queue !== "post");
			expect(next?.at).toBe(world.now().getTime() + 90_000);
		});
	});

	it("logs each failure to save the answer with the key for Microsoft's logs, until it is saved", async () => {
		const { world, record, submit, now } = await due();
		let failures = 2;
		const error = new Error("deadlock detected");
		world.graph.onPost = async () => {
			world.faults.beforeCommit = async () => {
				if (failures-- > 0) throw error;
			};
		};
		await submit();
		expect((await now()).state).toBe("stopping");
		const [clientRequestId] = world.graph.posts;
		const line = {
			level: "error",
			facts: { err: error, code: "answer-not-saved", cancellationId: record.id, clientRequestId },
			message: expect.stringContaining("could not be saved yet"),
		};
		expect(world.log).toEqual([line, line]);
	});
});
