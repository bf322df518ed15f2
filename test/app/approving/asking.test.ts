import { describe, expect, it } from "@jest/globals";
import type { Tx } from "../../../src/app/store.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import { useDatabase } from "../database.js";
import { JOB_ID, policy, READER_ROLE, runningJob } from "../world.js";
import { ada, ask, bob, cancel, HERE, noah, nora, openWorld } from "./approval-world.js";

useDatabase();

const OTHER_JOB = `4${JOB_ID.slice(1)}`;
const outage = { kind: "unreadable", at: "", why: "unavailable", detail: "HTTP 503" } as const;
const disabled = {
	kind: "read",
	at: "",
	accountEnabled: false,
	guest: false,
	grants: [],
	scopedRoles: [],
} as const;

describe("asking others", () => {
	it("is refused to an account that is disabled, and put off while the directory is out", async () => {
		const { world, last, line } = openWorld();
		world.setStanding(nora, disabled);
		await world.say(nora, ask());
		expect(last("chat")).toMatchObject({ view: "refusal", rule: "account-disabled", jobId: JOB_ID });
		expect(await line("request.refused")).toMatchObject({ facts: { permission: "cancel" } });
		world.setStanding(nora, outage);
		await world.say(nora, ask());
		expect(last("chat")).toMatchObject({ view: "unchecked", problem: "unavailable" });
	});

	it("opens nothing for a job that nobody knows, that cannot be read, or that has ended", async () => {
		const { world, last, line } = openWorld();
		world.graph.job = undefined;
		await world.say(nora, ask());
		expect(last("chat")).toMatchObject({ view: "problem", code: "job-not-found", jobId: JOB_ID });
		world.graph.readProblem = { kind: "problem", code: "throttled", detail: "HTTP 429" };
		await world.say(nora, ask());
		expect(last("chat")).toMatchObject({ view: "problem", code: "graph-throttled", jobId: JOB_ID });
		world.graph.readProblem = undefined;
		world.graph.job = runningJob({ status: "failed" });
		await world.say(nora, ask());
		expect(last("chat")).toMatchObject({ view: "already-ended", job: { status: "failed" } });
		expect(await line("request.answered")).toMatchObject({ facts: { status: "failed" } });
		expect(await world.deps.store.read.waitingCancellations(nora.tenantId)).toEqual([]);
	});

	it("is asking for a second person where somebody who holds the role needs one", async () => {
		const { world, record } = openWorld("two-person");
		await world.say(ada, ask());
		expect(await record()).toMatchObject({
			requester: ada,
			grant: { by: "role" },
			approval: { mode: "two-person", entitled: true },
		});
	});

	it("is opened when what stood in its way ended at that very moment", async () => {
		const { world, record } = openWorld();
		const { transaction } = world.deps.store;
		let inTheWay = true;
		const insertCancellation = (tx: Tx) => async (put: Cancellation) => {
			if (!inTheWay) return tx.insertCancellation(put);
			inTheWay = false;
			return false;
		};
		world.deps.store.transaction = (work) =>
			transaction((tx) => work({ ...tx, insertCancellation: insertCancellation(tx) }));
		await world.say(nora, ask());
		expect(inTheWay).toBe(false);
		expect(await record()).toMatchObject({ state: "awaiting-approval", requester: nora });
	});

	it("is needless for who may cancel alone: they see the job, and the trail says by what role", async () => {
		const { world, last, line } = openWorld();
		await world.say(ada, ask());
		expect(last("chat")).toMatchObject({ view: "job", mayCancel: true });
		expect((await line("request.answered")).facts).toMatchObject({ answered: "job", grant: { by: "role" } });
	});

	it("shows what was said to the last request for that job, and to no other", async () => {
		const { world, record, decide } = openWorld();
		await world.say(nora, ask());
		const { receipt } = await record();
		await world.say(ada, await decide("reject"));
		await world.say(nora, ask());
		const { approval } = await record();
		expect(approval?.earlierNo).toEqual({ receipt, actor: ada, at: expect.any(String) });
		world.graph.job = runningJob({ id: OTHER_JOB });
		await world.say(nora, { kind: "ask", jobId: OTHER_JOB, reason: "wrong one" });
		expect((await record()).approval).not.toHaveProperty("earlierNo");
	});
});

describe("approvals in a conversation", () => {
	it("are turned off by anybody in their own chat, and elsewhere by who holds the role", async () => {
		const { world, last, line } = openWorld();
		await world.say(bob, HERE, "a:bob");
		world.grant(bob);
		await world.say(bob, { ...HERE, on: true }, "a:bob");
		expect(last("a:bob")).toMatchObject({ view: "refusal", permission: "cancel" });
		await world.say(bob, { ...HERE, on: false }, "a:bob");
		expect(last("a:bob")).toMatchObject({ view: "approvals-here", on: false, changed: true });
		expect((await line("approvals.off")).facts).not.toHaveProperty("grant");
		await world.say(bob, { ...HERE, on: false }, "deciders");
		expect(last("deciders")).toMatchObject({ view: "refusal", permission: "cancel" });
	});
});

describe("the list of what waits", () => {
	it("leaves out what one has asked for or decided", async () => {
		const { world, last, decide, line, record } = openWorld("on-request", 2);
		await world.say(nora, ask());
		await world.say(ada, await decide("approve"));
		await world.say(ada, { kind: "approvals" });
		expect(last("chat")).toMatchObject({ view: "approvals", waiting: [] });
		expect((await line("request.answered")).facts).toMatchObject({ answered: "approvals", count: 0 });
		await world.say(bob, { kind: "approvals" });
		expect(last("chat")).toMatchObject({ waiting: [{ id: (await record()).id }] });
		expect((await line("request.answered")).facts).toMatchObject({ count: 1 });
		await world.say(nora, { kind: "approvals" });
		expect(last("chat")).toMatchObject({ view: "refusal", permission: "cancel" });
	});
});

describe("why", () => {
	it("tells who may look, with the role by which they may in the trail; and knows its own requests only", async () => {
		const { world, last, line, record } = openWorld();
		world.grant(noah, READER_ROLE);
		await world.say(nora, ask());
		const { receipt } = await record();
		world.standingReads.length = 0;
		await world.say(nora, { kind: "why", reference: receipt });
		expect(world.standingReads).toEqual([]);
		await world.say(noah, { kind: "why", reference: receipt });
		expect(last("chat")).toMatchObject({ view: "why", cancellation: { receipt } });
		expect((await line("request.answered")).facts).toMatchObject({
			receipt,
			grant: { roleId: READER_ROLE.id },
		});
		world.grant(noah);
		await world.say(noah, { kind: "why", reference: receipt });
		expect(last("chat")).toMatchObject({ view: "refusal", permission: "view" });
		for (const kind of ["why", "withdraw", "acknowledge"] as const) {
			await world.say(ada, { kind, reference: "RC-ZZZZZZ" });
			expect(last("chat")).toEqual({ view: "no-such-request", reference: "RC-ZZZZZZ" });
		}
	});
});

describe("whether one may cancel", () => {
	const canI = { kind: "can-i", jobId: JOB_ID } as const;

	it("is not said while the directory is out; and of the job nothing to who may not", async () => {
		const { world, last, line } = openWorld();
		world.setStanding(nora, outage);
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ view: "unchecked", jobId: JOB_ID });
		expect(await line("request.unchecked")).toMatchObject({ facts: { permission: "cancel" } });
		world.grant(nora);
		world.graph.job = undefined;
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ view: "problem", code: "job-not-found", jobId: JOB_ID });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "by-asking", needed: 1, grantingRoles: policy.cancelRoles });
		world.graph.readProblem = { kind: "problem", code: "throttled", detail: "HTTP 429" };
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ view: "problem", code: "graph-throttled", jobId: JOB_ID });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "by-asking" });
		world.graph.readProblem = undefined;
		world.graph.job = runningJob({ status: "failed" });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "no", rule: "no-role" });
		expect(last("chat")).not.toHaveProperty("needed");
		world.setStanding(nora, disabled);
		world.graph.job = runningJob();
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "no", rule: "account-disabled" });
	});

	it("names the role by which one may, and nobody else's", async () => {
		const { world, last } = openWorld();
		await world.say(ada, canI);
		expect(last("chat")).toEqual({
			view: "can-i",
			jobId: JOB_ID,
			at: world.now().toISOString(),
			answer: "yes",
			rule: "role",
			grantingRoles: [],
		});
		world.graph.job = runningJob({ status: "failed" });
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ answer: "ended", rule: "role" });
	});

	it("is yes of a preview where two are needed for a recovery", async () => {
		const { world, last } = openWorld("two-person");
		world.graph.job = runningJob({ kind: "preview" });
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ answer: "yes" });
		await world.say(nora, canI);
		expect(last("chat")).toMatchObject({ answer: "by-asking", needed: 1 });
	});

	it("counts who has decided already, and shows the request that waits for this job", async () => {
		const { world, last, record, decide } = openWorld("two-person", 2);
		await world.say(nora, ask());
		await world.say(bob, await decide("approve"));
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({
			answer: "with-others",
			rule: "two-person",
			needed: 1,
			open: { id: (await record()).id },
		});
		await world.say(ada, { kind: "can-i", jobId: OTHER_JOB });
		expect(last("chat")).toMatchObject({ answer: "with-others", rule: "two-person", needed: 2 });
		expect(last("chat")).not.toHaveProperty("open");
		Object.assign(world.approvals, { mode: "on-request" });
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ answer: "with-others", needed: 1 });
	});

	it("is yes of what waits where one is enough", async () => {
		const { world, last, record } = openWorld();
		await world.say(nora, ask());
		await world.say(ada, canI);
		expect(last("chat")).toMatchObject({ answer: "yes", open: { id: (await record()).id } });
		await world.say(ada, cancel());
		await world.say(bob, canI);
		expect(last("chat")).not.toHaveProperty("open");
	});
});

describe("somebody who may only look", () => {
	it("asks like anybody without the role, and neither decides, lists nor chooses a conversation", async () => {
		const { world, last, record, decide } = openWorld();
		world.grant(noah, READER_ROLE);
		await world.say(nora, ask());
		await world.say(noah, await decide("approve"), "elsewhere");
		expect(world.views("told").at(-1)?.view).toMatchObject({ note: { kind: "refused", rule: "no-role" } });
		await world.say(noah, { kind: "approvals" }, "elsewhere");
		expect(last("elsewhere")).toMatchObject({ view: "refusal", permission: "cancel" });
		await world.say(noah, HERE, "elsewhere");
		expect(last("elsewhere")).toMatchObject({ view: "refusal", permission: "cancel" });
		await world.say(noah, { kind: "can-i", jobId: JOB_ID }, "elsewhere");
		expect(last("elsewhere")).toMatchObject({ answer: "by-asking" });
		await world.say(noah, ask(), "elsewhere");
		expect((await record()).askers).toMatchObject([{ actor: nora }, { actor: noah }]);
		expect(world.graph.posts).toEqual([]);
	});
});
