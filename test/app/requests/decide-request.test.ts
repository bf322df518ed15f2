import { describe, expect, it } from "@jest/globals";
import type { ReadProblem, RecoveryJobs } from "../../../src/app/ports.js";
import { decideRequest, type PlainRequest } from "../../../src/app/requests/decide-request.js";
import type { Store } from "../../../src/app/store.js";
import type { Standing } from "../../../src/core/person.js";
import { ADMIN_ROLE, approvalSettings, JOB_ID, person, policy, READER_ROLE, runningJob } from "../world.js";

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
const HERE = { conversationType: "groupChat", botName: "Recovery Control" };
const cancel = { kind: "cancel", jobId: JOB_ID } as const;
const status = { kind: "status", jobId: JOB_ID } as const;

/** What a command comes to, and what was asked of the directory and of Graph on the way. */
async function decided(
	command: PlainRequest["command"],
	world: {
		readonly holds?: Standing;
		readonly read?: Awaited<ReturnType<RecoveryJobs["read"]>>;
		readonly list?: Awaited<ReturnType<RecoveryJobs["list"]>>;
		readonly actor?: typeof anna;
		readonly reasonRequired?: boolean;
		readonly where?: "personal" | "groupChat" | "channel";
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
		conversationType: world.where ?? "groupChat",
		botName: "Recovery Control",
	} as const;
	const decision = await decideRequest(request, {
		clock: { now: () => NOW },
		approvals: approvalSettings,
		store: {
			read: new Proxy({}, { get: () => async () => undefined }) as Store["read"],
			transaction: () => Promise.reject(new Error("nothing is saved here")),
		},
		messenger: { members: async () => ({ kind: "problem" }) },
		trail: async () => ({ kind: "written", bytes: new Uint8Array(), events: 0 }),
		files: { allows: () => false, put: async () => ({ kind: "uploaded" }) },
		policy: { ...policy, cancelGroups: ["group-1"], reasonRequired: world.reasonRequired ?? false },
		directory: {
			async standing(actor, permission) {
				asked.push(`standing of ${actor.name} to ${permission}`);
				return world.holds ?? admin;
			},
			async holders() {
				throw new Error("nobody is looked for where nobody can be asked");
			},
			async groupNames() {
				throw new Error("deciding needs no names");
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
	asked: permission === "cancel" ? "cancel" : "status",
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

	it.each(["throttled", "timeout", "unavailable", "forbidden"] as const)(
		"sends nothing while the directory is out (%s), and says that, not that somebody may not",
		async (why) => {
			const holds: Standing = { ...out, why };
			for (const [command, permission] of [
				[cancel, "cancel"],
				[status, "view"],
				[{ kind: "jobs" }, "view"],
				[{ kind: "whoami" }, "view"],
			] as const) {
				const { decision } = await decided(command, { holds });
				expect(decision).toStrictEqual({
					kind: "show",
					type: "request.unchecked",
					view: {
						view: "unchecked",
						actor: anna,
						asked: command.kind,
						problem: why,
						requestId: "request-1",
						at,
						...("jobId" in command ? { jobId: JOB_ID } : {}),
					},
					facts: { permission, code: `role-${why}`, standing: holds },
				});
			}
		},
	);

	it("refuses somebody who is not in the directory: asking again would not help", async () => {
		const holds: Standing = { ...out, why: "not-found" };
		const { decision } = await decided(cancel, { holds });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("cancel", {
				rule: "unreadable-standing",
				scopedRoles: [],
				grantingRoles: [],
				grantingGroups: [],
				problem: "not-found",
				jobId: JOB_ID,
			}),
			facts: { permission: "cancel", rule: "unreadable-standing", standing: holds },
		});
	});

	it.each([
		["scoped-role", { scopedRoles: [{ roleName: ADMIN_ROLE.name, scope: "/administrativeUnits/x" }] }, true],
		["guest", { guest: true, grants: [grantOf(ADMIN_ROLE)] }, false],
		["account-disabled", { accountEnabled: false, grants: [grantOf(ADMIN_ROLE)] }, false],
	] as const)(
		"says first what stands in the way, and names no role to get unless it helps: %s",
		async (rule, more, helps) => {
			const holds = { ...nobody, ...more } as Standing;
			const { decision } = await decided(cancel, { holds });
			expect(decision).toMatchObject({
				type: "request.refused",
				view: { rule, grantingRoles: helps ? [ADMIN_ROLE] : [], grantingGroups: helps ? ["group-1"] : [] },
			});
			const whoami = await decided({ kind: "whoami" }, { holds });
			expect(whoami.decision).toMatchObject({
				view: { why: rule, grantingRoles: helps ? [ADMIN_ROLE] : [] },
			});
		},
	);

	it("shows one job to somebody who may look", async () => {
		const { decision, asked } = await decided(status, { holds: reader });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.answered",
			view: { view: "job", job: runningJob(), mayCancel: true, reasonRequired: false, readAt: at },
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
			view: {
				view: "jobs",
				running: [runningJob()],
				ended: [ended],
				beingCancelled: [],
				mayCancel: true,
				reasonRequired: false,
				readAt: at,
			},
			facts: { answered: "jobs", count: 2, grant: grantOf(READER_ROLE) },
		});
		expect(asked).toEqual(["standing of Anna to view", "jobs"]);
	});

	it.each([
		[admin, "personal", true],
		[reader, "personal", false],
		[reader, "groupChat", true],
		[reader, "channel", true],
	] as const)(
		"offers to cancel only where somebody who sees the card may be able to (%#)",
		async (holds, where, mayCancel) => {
			const list = { kind: "listed", jobs: [runningJob()] } as const;
			const told = { view: { mayCancel, reasonRequired: true } };
			for (const command of [status, { kind: "jobs" }, { kind: "cancel-running" }] as const) {
				const { decision, asked } = await decided(command, { holds, where, list, reasonRequired: true });
				expect(decision).toMatchObject(told);
				expect(asked).toHaveLength(2);
			}
		},
	);

	describe("a cancel that names no job", () => {
		const other = runningJob({ id: "other", kind: "preview" });
		const ended = runningJob({ id: "ended", status: "failed" });
		const listed = (...jobs: ReturnType<typeof runningJob>[]) => ({
			list: { kind: "listed", jobs } as const,
		});

		it.each([
			[{}, listed(runningJob(), ended)],
			[{ jobKind: "recovery" }, listed(runningJob())],
			[{ jobKind: "preview" }, listed(runningJob({ kind: "unknown" }))],
		] as const)(
			"offers the form of the one that runs, with the reason, and opens nothing (%#)",
			async (more, list) => {
				const { decision, asked } = await decided({ kind: "cancel-running", reason: "why", ...more }, list);
				const [job] = list.list.jobs;
				expect(decision).toMatchObject({
					kind: "show",
					type: "request.answered",
					view: { view: "job", job, mayCancel: true, offered: { reason: "why" } },
				});
				expect(asked).toEqual(["standing of Anna to view", "jobs"]);
				const without = await decided({ kind: "cancel-running", ...more }, list);
				expect(without.decision).toMatchObject({ view: { offered: {} } });
			},
		);

		it.each([
			["none runs", {}, listed(ended)],
			["several run", {}, listed(runningJob(), other)],
			["only one of another kind runs", { jobKind: "recovery" }, listed(other)],
		] as const)("shows the list when %s", async (_what, more, list) => {
			const { decision } = await decided({ kind: "cancel-running", ...more }, list);
			expect(decision).toMatchObject({ view: { view: "jobs" } });
		});

		it("is refused to somebody who may not look, as a list would be", async () => {
			const { decision } = await decided({ kind: "cancel-running" }, { holds: nobody });
			expect(decision).toMatchObject({ type: "request.refused", view: { asked: "jobs" } });
		});
	});

	it("lists no jobs to somebody who may not look, and names none", async () => {
		const { decision } = await decided({ kind: "jobs" }, { holds: nobody });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("view", { asked: "jobs" }),
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
		[{ ...out, why: "not-found" }, { mayView: false, mayCancel: false }, "unreadable-standing"],
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
				grantingRoles: why === "no-role" ? [ADMIN_ROLE] : [],
			},
			facts: { answered: "standing", ...may, standing: holds },
		});
		expect(asked).toEqual(["standing of Anna to view"]);
	});

	it.each<[PlainRequest["command"], object]>([
		[{ kind: "help" }, { view: "help", greeting: false, ...HERE }],
		[{ kind: "greeting" }, { view: "help", greeting: true, ...HERE }],
		[
			{ kind: "malformed", verb: "status", problem: "not-an-id", found: "x" },
			{ view: "malformed", verb: "status", problem: "not-an-id", found: "x" },
		],
		[
			{ kind: "malformed", verb: "cancel", problem: "several-ids", first: JOB_ID },
			{ view: "malformed", verb: "cancel", problem: "several-ids", jobId: JOB_ID },
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
			view: { view: "malformed", verb: "cancel", problem: "no-reason", jobId: JOB_ID },
			facts: { answered: "malformed" },
		});
		expect(asked).toEqual([]);
		const told = await decided({ ...cancel, reason: "why" }, { reasonRequired: true });
		expect(told.decision).toMatchObject({ kind: "open" });
	});

	it.each<[PlainRequest["command"]]>([
		[cancel],
		[status],
		[{ kind: "jobs" }],
		[{ kind: "whoami" }],
		[{ kind: "help" }],
	])("asks nobody about a stranger who sends %j", async (command) => {
		const stranger = { ...anna, tenantId: "elsewhere" };
		const { decision, asked } = await decided(command, { actor: stranger });
		expect(decision).toStrictEqual({
			kind: "show",
			type: "request.refused",
			view: refusal("view", {
				actor: stranger,
				asked: command.kind === "help" ? "status" : command.kind,
				rule: "other-tenant",
				scopedRoles: [],
				grantingRoles: [],
				grantingGroups: [],
			}),
			facts: { permission: "view", rule: "other-tenant" },
		});
		expect(asked).toEqual([]);
	});
});
