import { describe, expect, it } from "@jest/globals";
import type { ReadProblem, RecoveryJobs } from "../../../src/app/ports.js";
import { decideRequest } from "../../../src/app/requests/decide-request.js";
import type { Standing } from "../../../src/core/person.js";
import type { Command } from "../../../src/core/requests/command.js";
import { ADMIN_ROLE, JOB_ID, person, policy, READER_ROLE, runningJob } from "../world.js";

const NOW = new Date("2026-11-23T03:00:00Z");
const at = NOW.toISOString();
const anna = person("Anna");
const grantOf = (role: typeof ADMIN_ROLE) => ({ by: "role", roleId: role.id, roleName: role.name }) as const;
const standing = (...roles: (typeof ADMIN_ROLE)[]): Standing => ({
	kind: "read",
	at,
	accountEnabled: true,
	guest: false,
	grants: roles.map(grantOf),
	scopedRoles: [{ roleName: "Global Administrator", scope: "/administrativeUnits/x" }],
});
const admin = standing(ADMIN_ROLE);
const reader = standing(READER_ROLE);
const nobody = standing();
const out: Standing = { kind: "unreadable", at, why: "throttled", detail: "429" };
const throttled: ReadProblem = {
	kind: "problem",
	code: "throttled",
	httpStatus: 429,
	retryAfterMs: 1_000,
	detail: "HTTP 429",
};
const cancel = { kind: "cancel", jobId: JOB_ID } as const;
const status = { kind: "status", jobId: JOB_ID } as const;

/** What a command comes to, and what was asked of the directory and of Graph on the way. */
async function decided(
	command: Command,
	world: {
		readonly holds?: Standing;
		readonly read?: Awaited<ReturnType<RecoveryJobs["read"]>>;
		readonly list?: Awaited<ReturnType<RecoveryJobs["list"]>>;
		readonly actor?: typeof anna;
		readonly reasonRequired?: boolean;
	} = {},
) {
	const asked: string[] = [];
	const request = {
		id: "request-1",
		dedupeKey: "key",
		actor: world.actor ?? anna,
		conversationKey: "chat",
		command,
		via: "message",
		receivedAt: NOW,
		late: false,
	} as const;
	const decision = await decideRequest(request, {
		clock: { now: () => NOW },
		policy: { ...policy, cancelGroups: ["group-1"], reasonRequired: world.reasonRequired ?? false },
		directory: {
			async standing(actor, permission) {
				asked.push(`standing of ${actor.name} to ${permission}`);
				return world.holds ?? admin;
			},
		},
		jobs: {
			async read(jobId) {
				asked.push(`job ${jobId}`);
				return world.read ?? { kind: "found", job: runningJob() };
			},
			async list() {
				asked.push("jobs");
				return world.list ?? { kind: "listed", jobs: [] };
			},
			async cancel() {
				throw new Error("deciding must not act");
			},
		},
	});
	return { decision, asked };
}

const refusal = (permission: "cancel" | "view", more: object = {}) => ({
	view: "refusal",
	actor: anna,
	permission,
	rule: "no-role",
	scopedRoles: ["Global Administrator"],
	grantingRoles: permission === "cancel" ? [ADMIN_ROLE] : [ADMIN_ROLE, READER_ROLE],
	grantingGroups: ["group-1"],
	at,
	...more,
});
const problem = (code: string, jobId?: string) => ({
	view: "problem",
	code,
	requestId: "request-1",
	...(jobId === undefined ? {} : { jobId }),
});

describe("deciding what a request calls for", () => {
	it("opens a cancellation for somebody who may cancel a job that runs", async () => {
		const { decision, asked } = await decided(cancel);
		expect(decision).toStrictEqual({
			kind: "open",
			job: runningJob(),
			grant: grantOf(ADMIN_ROLE),
			standing: admin,
		});
		expect(asked).toEqual(["standing of Anna to cancel", `job ${JOB_ID}`]);
	});

	it("opens nothing for a job that has ended, and keeps what was seen", async () => {
		const job = runningJob({ status: "failed" });
		const { decision } = await decided(cancel, { read: { kind: "found", job } });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "cancel.already-ended",
			view: { view: "already-ended", job, readAt: at },
			facts: { status: "failed", grant: grantOf(ADMIN_ROLE) },
		});
	});

	it("refuses somebody without the role, with what would help and what the directory showed", async () => {
		const { decision } = await decided(cancel, { holds: reader });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("cancel", { jobId: JOB_ID }),
			facts: { permission: "cancel", rule: "no-role", standing: reader },
		});
	});

	it("refuses while the directory is out, and says that", async () => {
		const { decision } = await decided(cancel, { holds: out });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("cancel", {
				rule: "unreadable-standing",
				scopedRoles: [],
				problem: "throttled",
				jobId: JOB_ID,
			}),
			facts: { permission: "cancel", rule: "unreadable-standing", standing: out },
		});
	});

	it("shows one job to somebody who may look", async () => {
		const { decision, asked } = await decided(status, { holds: reader });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.answered",
			view: { view: "job", job: runningJob(), readAt: at },
			facts: { answered: "job", status: "running", grant: grantOf(READER_ROLE) },
		});
		expect(asked).toEqual(["standing of Anna to view", `job ${JOB_ID}`]);
	});

	it("shows no job to somebody who may not", async () => {
		const { decision } = await decided(status, { holds: nobody });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("view", { jobId: JOB_ID }),
			facts: { permission: "view", rule: "no-role", standing: nobody },
		});
	});

	it.each([cancel, status])(
		"says of a $kind that there is no such job, only after the role was seen",
		async (command) => {
			const { decision } = await decided(command, { read: { kind: "missing" } });
			expect(decision).toStrictEqual({
				kind: "show",
				type: "request.failed",
				view: problem("job-not-found", JOB_ID),
				facts: { code: "job-not-found" },
			});
			const refused = await decided(command, { read: { kind: "missing" }, holds: nobody });
			expect(refused.decision).toMatchObject({ view: { view: "refusal" } });
		},
	);

	it.each([cancel, status])(
		"says of a $kind why the job cannot be read, and keeps the details",
		async (command) => {
			const { decision } = await decided(command, { read: throttled });
			expect(decision).toStrictEqual({
				kind: "show",
				type: "request.failed",
				view: problem("graph-throttled", JOB_ID),
				facts: { code: "graph-throttled", httpStatus: 429, retryAfterMs: 1_000, detail: "HTTP 429" },
			});
		},
	);

	it("lists jobs, those that run apart from those that ended", async () => {
		const ended = runningJob({ id: "ended", status: "successful" });
		const { decision, asked } = await decided(
			{ kind: "jobs" },
			{ holds: reader, list: { kind: "listed", jobs: [runningJob(), ended] } },
		);
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.answered",
			view: { view: "jobs", running: [runningJob()], ended: [ended], readAt: at },
			facts: { answered: "jobs", count: 2, grant: grantOf(READER_ROLE) },
		});
		expect(asked).toEqual(["standing of Anna to view", "jobs"]);
	});

	it("lists no jobs to somebody who may not look, and names none", async () => {
		const { decision } = await decided({ kind: "jobs" }, { holds: nobody });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("view"),
			facts: { permission: "view", rule: "no-role", standing: nobody },
		});
	});

	it("says why jobs cannot be listed", async () => {
		const { decision } = await decided({ kind: "jobs" }, { list: throttled });
		expect(decision).toMatchObject({ type: "request.failed", facts: { code: "graph-throttled" } });
		expect(decision).toMatchObject({ view: problem("graph-throttled") });
		expect(Object.keys((decision as { view: object }).view)).not.toContain("jobId");
	});

	it.each([
		[admin, { mayView: true, mayCancel: true }, undefined],
		[reader, { mayView: true, mayCancel: false }, "no-role"],
		[nobody, { mayView: false, mayCancel: false }, "no-role"],
		[out, { mayView: false, mayCancel: false }, "unreadable-standing"],
	] as const)("tells people what they may do (%#)", async (holds, may, why) => {
		const { decision, asked } = await decided({ kind: "whoami" }, { holds });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.answered",
			view: {
				view: "standing",
				actor: anna,
				standing: holds,
				...may,
				...(why === undefined ? {} : { why }),
				grantingRoles: [ADMIN_ROLE],
			},
			facts: { answered: "standing", ...may, standing: holds },
		});
		expect(asked).toEqual(["standing of Anna to view"]);
	});

	it.each<[Command, object]>([
		[{ kind: "help" }, { view: "help", greeting: false }],
		[{ kind: "greeting" }, { view: "help", greeting: true }],
		[
			{ kind: "malformed", verb: "status", problem: "not-an-id", found: "x" },
			{ view: "malformed", verb: "status", problem: "not-an-id", found: "x" },
		],
		[
			{ kind: "unknown", text: "hm", suggestion: "help" },
			{ view: "unknown", text: "hm", suggestion: "help" },
		],
	])("answers $kind without asking anybody", async (command, view) => {
		const { decision, asked } = await decided(command);
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.answered",
			view,
			facts: { answered: (view as { view: string }).view },
		});
		expect(asked).toEqual([]);
	});

	it("asks for a reason where one is required, and nothing else", async () => {
		const { decision, asked } = await decided(cancel, { reasonRequired: true });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.answered",
			view: { view: "malformed", verb: "cancel", problem: "no-reason" },
			facts: { answered: "malformed" },
		});
		expect(asked).toEqual([]);
		const told = await decided({ ...cancel, reason: "why" }, { reasonRequired: true });
		expect(told.decision).toMatchObject({ kind: "open" });
	});

	it.each<[Command]>([[cancel], [status], [{ kind: "jobs" }], [{ kind: "whoami" }], [{ kind: "help" }]])(
		"asks nobody about a stranger who sends %j",
		async (command) => {
			const stranger = { ...anna, tenantId: "elsewhere" };
			const { decision, asked } = await decided(command, { actor: stranger });
			expect(decision).toStrictEqual({
				kind: "show",
				type: "request.refused",
				view: refusal("view", { actor: stranger, rule: "other-tenant", scopedRoles: [] }),
				facts: { permission: "view", rule: "other-tenant" },
			});
			expect(asked).toEqual([]);
		},
	);
});
