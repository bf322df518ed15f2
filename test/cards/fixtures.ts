import type { View } from "../../src/app/views.js";
import type {
	Attempt,
	AttemptAnswer,
	Cancellation,
	LostWhy,
	Outcome,
	RefusedWhy,
	StoppedAsking,
} from "../../src/core/cancelling/cancellation.js";
import type { RecoveryJob } from "../../src/core/job.js";
import type { Actor, Standing } from "../../src/core/person.js";
import type { RefusalRule } from "../../src/core/policy.js";

export const anna: Actor = { tenantId: "t", userId: "anna", name: "Anna Admin", channelUserId: "29:anna" };
const at = "2026-11-23T03:00:00.123Z";
const role = { id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" };
const jobId = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";

export function job(overrides: Partial<RecoveryJob> = {}): RecoveryJob {
	return {
		id: jobId,
		kind: "recovery",
		status: "running",
		startedAt: at,
		counts: { modifiedObjects: 500 },
		...overrides,
	};
}

export function cancellation(overrides: Partial<Cancellation> = {}): Cancellation {
	return {
		id: "c",
		receipt: "RC-7F3K9Q",
		tenantId: "t",
		jobId,
		jobKind: "recovery",
		state: "submitting",
		version: 1,
		requester: anna,
		reason: "wrong snapshot",
		openedAt: at,
		grant: { by: "role", roleId: role.id, roleName: role.name },
		askers: [{ actor: anna, conversationKey: "chat", at }],
		attempts: [],
		submitSeq: 0,
		seen: { at, status: "running", counts: { modifiedObjects: 500 } },
		watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
		...overrides,
	};
}

export const bernard: Actor = { ...anna, userId: "bernard", name: "Bernard", channelUserId: "29:bernard" };

export const attempt = (answer?: Partial<AttemptAnswer>, by: Actor = anna): Attempt => ({
	clientRequestId: "11111111-2222-4333-8444-555555555555",
	at,
	by,
	grant: { by: "role", roleId: role.id, roleName: role.name },
	...(answer ? { answer: { at, kind: "unclear" as const, requestId: "graph-request", ...answer } } : {}),
});

const ended = (outcome: Outcome): Cancellation =>
	cancellation({
		state: outcome.state,
		outcome,
		endedAt: "2026-11-23T03:04:10Z",
		attempts: [attempt({ kind: "rejected", errorCode: "SomeCode", httpStatus: 400 })],
		...(outcome.state === "abandoned"
			? { acceptedAt: at, seen: { at, status: "abandoned", counts: { modifiedObjects: 500 } } }
			: {}),
	});

const graphCodes = ["forbidden", "unauthorized", "conflict", "not-found", "rejected", "throttled"] as const;
const rules: readonly RefusalRule[] = [
	"other-tenant",
	"no-identity",
	"unreadable-standing",
	"account-disabled",
	"guest",
	"no-role",
];
const refusals: readonly RefusedWhy[] = [
	...graphCodes.map((code) => ({ by: "graph", code }) as const),
	...rules.map((rule) => ({ by: "policy", rule }) as const),
];
const losses: readonly LostWhy[] = [
	"job-not-found",
	"access-lost",
	"watch-limit",
	"no-answer-to-cancel",
	"job-unreadable",
];
const reasonsToStopAsking: readonly StoppedAsking[] = [...refusals, { by: "time" }];
const waits = ["throttled", "not-sent", "no-answer", "job-unreadable", "role-unreadable"] as const;
const throttled = attempt({ kind: "throttled", httpStatus: 429 });
const outcomes: readonly Outcome[] = [
	{ state: "abandoned" },
	...(["successful", "failed", "abandoned"] as const).map(
		(jobEnd) => ({ state: "too-late", jobEnd }) as const,
	),
	...refusals.map((why) => ({ state: "refused", why }) as const),
	...losses.map((why) => ({ state: "lost-track", why }) as const),
];

const unanswered = { attempts: [attempt()], stoppedAsking: { by: "policy", rule: "no-role" } } as const;

/** Every state in which a cancellation can be seen. */
export const cancellations: readonly (readonly [name: string, record: Cancellation])[] = [
	["submitting", cancellation()],
	...waits.flatMap((why) =>
		[[], [throttled], [attempt({})]].map(
			(attempts) =>
				[
					`${why} after ${attempts[0]?.answer?.kind ?? "no attempt"}`,
					cancellation({ waiting: { until: at, why }, attempts }),
				] as const,
		),
	),
	...reasonsToStopAsking.map(
		(stoppedAsking) =>
			[
				`followed without an answer: ${JSON.stringify(stoppedAsking)}`,
				cancellation({ state: "stopping", stoppedAsking, attempts: [attempt()] }),
			] as const,
	),
	[
		"stopping",
		cancellation({ state: "stopping", acceptedAt: at, attempts: [attempt({ kind: "accepted" })] }),
	],
	[
		"stopping, unknown status",
		cancellation({ state: "stopping", acceptedAt: at, seen: { at, status: "vapor*ising*", counts: {} } }),
	],
	...outcomes.map((outcome) => [JSON.stringify(outcome), ended(outcome)] as const),
	["too late without an answer", { ...ended({ state: "too-late", jobEnd: "failed" }), ...unanswered }],
	["abandoned without an answer", { ...ended({ state: "abandoned" }), ...unanswered }],
	["abandoned preview", { ...ended({ state: "abandoned" }), jobKind: "preview" }],
	["abandoned, kind unknown", { ...ended({ state: "abandoned" }), jobKind: "unknown" }],
];

const standing = (overrides: object = {}): Standing => ({
	kind: "read",
	at,
	accountEnabled: true,
	guest: false,
	grants: [{ by: "role", roleId: role.id, roleName: role.name, viaGroupId: jobId }],
	scopedRoles: [{ roleName: role.name, scope: "/administrativeUnits/x" }],
	...overrides,
});

/** Every view, in every state. */
export const views: readonly (readonly [name: string, view: View])[] = [
	...cancellations.map(
		([name, record]) =>
			[`live: ${name}`, { view: "live", cancellation: record, conversationKey: "chat" }] as const,
	),
	[
		"live: announcement missed",
		{
			view: "live",
			cancellation: ended({ state: "abandoned" }),
			conversationKey: "chat",
			announcementMissed: true,
		},
	],
	[
		"live: supersedes",
		{ view: "live", cancellation: cancellation(), conversationKey: "chat", supersedes: true },
	],
	...cancellations
		.filter(([, record]) => record.stoppedAsking && !record.outcome)
		.map(
			([name, record]) =>
				[`warning: ${name}`, { view: "warning", cancellation: record, conversationKey: "chat" }] as const,
		),
	...cancellations
		.filter(([, record]) => record.outcome)
		.map(
			([name, record]) =>
				[`follow-up: ${name}`, { view: "follow-up", cancellation: record, conversationKey: "chat" }] as const,
		),
	[
		"follow-up elsewhere",
		{ view: "follow-up", cancellation: ended({ state: "abandoned" }), conversationKey: "other" },
	],
	["job: running", { view: "job", job: job(), readAt: at }],
	[
		"job: being cancelled",
		{ view: "job", job: job(), readAt: at, open: { receipt: "RC-1", requesterName: "Anna", followed: true } },
	],
	[
		"job: being cancelled elsewhere",
		{
			view: "job",
			job: job(),
			readAt: at,
			open: { receipt: "RC-1", requesterName: "Anna", followed: false },
		},
	],
	...[
		"initialized",
		"loadingData",
		"calculating",
		"successful",
		"failed",
		"abandoned",
		"unknownFutureValue",
	].map(
		(status) =>
			[
				`job: ${status}`,
				{ view: "job", job: job({ status, kind: "preview", endedAt: at }), readAt: at },
			] as const,
	),
	["jobs: none", { view: "jobs", running: [], ended: [], readAt: at }],
	[
		"jobs: many",
		{
			view: "jobs",
			running: Array.from({ length: 9 }, () => job()),
			ended: Array.from({ length: 50 }, () => job({ status: "failed", endedAt: at })),
			readAt: at,
		},
	],
	[
		"already ended",
		{
			view: "already-ended",
			job: job({ status: "successful", endedAt: at, counts: { failedChanges: 3 } }),
			readAt: at,
		},
	],
	...rules.flatMap((rule) =>
		(["cancel", "view"] as const).map(
			(permission) =>
				[
					`refusal: ${rule} ${permission}`,
					{
						view: "refusal",
						actor: anna,
						permission,
						rule,
						jobId,
						scopedRoles: [role.name],
						grantingRoles: [role],
						grantingGroups: [jobId],
						at,
					},
				] as const,
		),
	),
	...(["not-found", "forbidden", "throttled", "timeout", "unavailable"] as const).map(
		(problem) =>
			[
				`refusal: ${problem}`,
				{
					view: "refusal",
					actor: anna,
					permission: "cancel",
					rule: "unreadable-standing",
					problem,
					scopedRoles: [],
					grantingRoles: [role],
					grantingGroups: [],
					at,
				},
			] as const,
	),
	[
		"whoami: may cancel",
		{
			view: "standing",
			actor: anna,
			standing: standing(),
			mayView: true,
			mayCancel: true,
			grantingRoles: [role],
		},
	],
	[
		"whoami: may look",
		{
			view: "standing",
			actor: anna,
			standing: standing({ grants: [] }),
			mayView: true,
			mayCancel: false,
			why: "no-role",
			grantingRoles: [role],
		},
	],
	[
		"whoami: unreadable",
		{
			view: "standing",
			actor: anna,
			standing: { kind: "unreadable", at, why: "timeout", detail: "x" },
			mayView: false,
			mayCancel: false,
			why: "unreadable-standing",
			grantingRoles: [role],
		},
	],
	["help", { view: "help", greeting: false }],
	["greeting", { view: "help", greeting: true }],
	...(["no-id", "not-an-id", "several-ids", "no-reason"] as const).flatMap((problem) =>
		(["cancel", "status"] as const).map(
			(verb) => [`malformed: ${verb} ${problem}`, { view: "malformed", verb, problem, found: "42" }] as const,
		),
	),
	["unknown", { view: "unknown", text: "cancle", suggestion: "cancel job <id>" }],
	["unknown, no suggestion", { view: "unknown", text: "what a day" }],
	["working", { view: "working", requestId: jobId, jobId }],
	...(
		[
			"job-not-found",
			"graph-forbidden",
			"graph-unauthorized",
			"graph-throttled",
			"graph-unavailable",
			"graph-rejected",
			"internal-error",
		] as const
	).map((code) => [`problem: ${code}`, { view: "problem", code, jobId, requestId: jobId }] as const),
];
