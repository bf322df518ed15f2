import type { View } from "../../src/app/views.js";
import { approvalStates, decidedEnds } from "./approval-states.js";
import { auditStates } from "./audit-states.js";
import { cancellations } from "./cancellation-states.js";
import {
	ASKED,
	ID_PROBLEMS,
	ID_VERBS,
	PERMISSIONS,
	PROBLEM_CODES,
	RECEIPT_PROBLEMS,
	RECEIPT_VERBS,
	RULES,
	STANDING_PROBLEMS,
} from "./every.js";
import {
	anna,
	at,
	cancellation,
	chat,
	ended,
	job,
	jobId,
	list,
	may,
	readAt,
	role,
	standing,
} from "./fixtures.js";
import { onCallStates } from "./on-call-states.js";

type Name = View["view"];
type StatesOf<N extends Name> = readonly (readonly [name: string, view: Extract<View, { view: N }>])[];

const refusal = {
	view: "refusal",
	asked: "cancel",
	actor: anna,
	scopedRoles: [],
	grantingRoles: [role],
	at,
} as const;
const open = { receipt: "RC-1", requesterName: "Anna", followed: true };
const SUGGESTED = [
	{ verb: "show-job", id: jobId },
	{ verb: "show-jobs", id: "jobs" },
	{ verb: "show-whoami", id: "me" },
	{ verb: "show-help", id: "help" },
] as const;
const unchecked = {
	view: "unchecked",
	actor: anna,
	asked: "cancel",
	problem: "timeout",
	requestId: jobId,
	at,
} as const;
const endedJob = (digit: string, more: Parameters<typeof job>[0] = {}) =>
	job({ id: `${digit}${jobId.slice(1)}`, status: "successful", endedAt: readAt, ...more });
const JOB_STATUSES = [
	"initialized",
	"loadingData",
	"calculating",
	"successful",
	"failed",
	"abandoned",
	"unknownFutureValue",
];

const states: { readonly [N in Name]: StatesOf<N> } = {
	live: [
		...cancellations.map(([name, record]) => [`live: ${name}`, { view: "live", ...here(record) }] as const),
		[
			"live: announcement missed",
			{ view: "live", ...here(ended({ state: "abandoned" })), announcementMissed: true },
		],
		["live: supersedes", { view: "live", ...here(cancellation()), supersedes: true }],
		["live: copied", { view: "live", ...here(cancellation()), copiedAt: at }],
	],
	warning: cancellations
		.filter(([, record]) => record.stoppedAsking && !record.outcome)
		.map(([name, record]) => [`warning: ${name}`, { view: "warning", ...here(record) }]),
	"follow-up": [
		...cancellations
			.filter(([, record]) => record.outcome)
			.map(([name, record]) => [`follow-up: ${name}`, { view: "follow-up", ...here(record) }] as const),
		...decidedEnds.map(
			([name, record]) => [`follow-up: ${name}`, { view: "follow-up", ...here(record) }] as const,
		),
		[
			"follow-up elsewhere",
			{ view: "follow-up", cancellation: ended({ state: "abandoned" }), conversationKey: "other" },
		],
	],
	job: [
		["job: running", { view: "job", ...may, job: job(), readAt }],
		["job: running for others to see", { view: "job", ...may, job: job(), readAt, mayCancel: false }],
		["job: running, a reason is required", { view: "job", ...may, job: job(), readAt, reasonRequired: true }],
		["job: offered", { view: "job", ...may, job: job(), readAt, offered: { reason: "wrong snapshot" } }],
		["job: offered without a reason", { view: "job", ...may, job: job(), readAt, offered: {} }],
		["job: being cancelled", { view: "job", ...may, job: job(), readAt, open }],
		[
			"job: being cancelled elsewhere",
			{ view: "job", ...may, job: job(), readAt, open: { ...open, followed: false } },
		],
		...JOB_STATUSES.map(
			(status) =>
				[
					`job: ${status}`,
					{ view: "job", ...may, job: job({ status, kind: "preview", endedAt: at }), readAt: at },
				] as const,
		),
		[
			"job: kind unknown",
			{ view: "job", ...may, job: job({ kind: "unknown", startedAt: undefined }), readAt },
		],
	],
	jobs: [
		["jobs: none", { view: "jobs", ...list, running: [], ended: [], readAt: at }],
		[
			"jobs: one",
			{
				view: "jobs",
				...list,
				running: [job()],
				ended: [endedJob("1", { kind: "preview" }), ...["5", "6", "7"].map((digit) => endedJob(digit))],
				readAt,
			},
		],
		[
			"jobs: one, for whom may only look",
			{ view: "jobs", ...list, running: [job()], ended: [], mayCancel: false, readAt },
		],
		[
			"jobs: one, being cancelled",
			{
				view: "jobs",
				...list,
				running: [job()],
				ended: [],
				beingCancelled: [{ jobId, receipt: "RC-7F3K9Q", requesterName: "Anna" }],
				readAt,
			},
		],
		[
			"jobs: one preview",
			{ view: "jobs", ...list, running: [job({ kind: "preview" })], ended: [endedJob("1")], readAt },
		],
		[
			"jobs: none runs",
			{ view: "jobs", ...list, running: [], ended: ["1", "2"].map((digit) => endedJob(digit)), readAt },
		],
		[
			"jobs: many",
			{
				view: "jobs",
				...list,
				running: Array.from({ length: 9 }, (_, index) => job({ id: `${index}${jobId.slice(1)}` })),
				ended: Array.from({ length: 50 }, () => endedJob("a", { status: "failed", startedAt: undefined })),
				readAt,
			},
		],
	],
	"already-ended": [
		[
			"already ended",
			{
				view: "already-ended",
				job: job({ status: "successful", endedAt: at, counts: { failedChanges: 3 } }),
				readAt: at,
			},
		],
	],
	unchecked: [
		...STANDING_PROBLEMS.map(
			(problem) => [`unchecked: ${problem}`, { ...unchecked, problem, jobId }] as const,
		),
		...ASKED.map((asked) => [`unchecked: ${asked}`, { ...unchecked, asked }] as const),
	],
	refusal: [
		[
			"refusal: may ask",
			{ ...refusal, permission: "cancel", rule: "no-role", jobId, mayAsk: true, grantingGroups: [] },
		],
		...RULES.flatMap((rule) =>
			PERMISSIONS.map((permission) => {
				const roles = { scopedRoles: [role.name], grantingGroups: [jobId] };
				return [`refusal: ${rule} ${permission}`, { ...refusal, ...roles, permission, rule, jobId }] as const;
			}),
		),
		...STANDING_PROBLEMS.map((problem) => {
			const rule = "unreadable-standing" as const;
			return [
				`refusal: ${problem}`,
				{ ...refusal, permission: "cancel", rule, problem, grantingGroups: [] },
			] as const;
		}),
	],
	standing: [
		["whoami: may cancel", whoami(standing(), { mayCancel: true })],
		["whoami: may look", whoami(standing({ grants: [] }), { why: "no-role" })],
		...RULES.map(
			(rule) => [`whoami: ${rule}`, whoami(standing({ grants: [] }), { mayView: false, why: rule })] as const,
		),
		...STANDING_PROBLEMS.map((why) => {
			const unreadable = { kind: "unreadable", at, why, detail: "x" } as const;
			const name = why === "timeout" ? "whoami: unreadable" : `whoami: unreadable, ${why}`;
			return [name, whoami(unreadable, { mayView: false, why: "unreadable-standing" })] as const;
		}),
	],
	help: [
		[
			"help",
			{ view: "help", ...chat, greeting: false, conversationType: "personal", botName: "Recovery Control" },
		],
		[
			"greeting in a channel",
			{ view: "help", ...chat, greeting: true, conversationType: "channel", botName: "Recovery Control" },
		],
		["greeting", { view: "help", ...chat, greeting: true }],
	],
	malformed: [...malformed(ID_VERBS, ID_PROBLEMS), ...malformed(RECEIPT_VERBS, RECEIPT_PROBLEMS)],
	unknown: [
		["unknown", { view: "unknown", text: "cancle", suggestion: "cancel job <id>" }],
		...SUGGESTED.map(
			(suggested) =>
				[
					`unknown: ${suggested.verb}`,
					{ view: "unknown", text: "jbos", suggestion: "jobs", suggested },
				] as const,
		),
		["unknown, no suggestion", { view: "unknown", text: "what a day" }],
		["unknown, at its longest", { view: "unknown", text: `so${"o".repeat(200)}` }],
	],
	working: [
		["working", { view: "working", requestId: jobId, jobId }],
		[
			"working, on a card of its own",
			{ view: "working", requestId: jobId, asked: "jobs", becomesAnswer: true },
		],
		...ASKED.map((asked) => [`working: ${asked}`, { view: "working", requestId: jobId, asked }] as const),
	],
	problem: PROBLEM_CODES.map((code) => [
		`problem: ${code}`,
		{ view: "problem", code, jobId, requestId: jobId },
	]),
	...approvalStates,
	...auditStates,
	...onCallStates,
};

/** Every view, in every state: what the tests of the cards, their goldens and the gallery go through. */
export const views: readonly (readonly [name: string, view: View])[] = Object.values(states).flat();

function malformed(
	verbs: readonly Extract<View, { view: "malformed" }>["verb"][],
	problems: readonly Extract<View, { view: "malformed" }>["problem"][],
): StatesOf<"malformed"> {
	return problems.flatMap((problem) =>
		verbs.map(
			(verb) => [`malformed: ${verb} ${problem}`, { view: "malformed", verb, problem, found: "42" }] as const,
		),
	);
}

function here<Record>(record: Record) {
	return { cancellation: record, conversationKey: "chat" } as const;
}

function whoami(
	shown: Extract<View, { view: "standing" }>["standing"],
	more: Partial<Extract<View, { view: "standing" }>>,
): Extract<View, { view: "standing" }> {
	return {
		view: "standing",
		actor: anna,
		standing: shown,
		mayView: true,
		mayCancel: false,
		grantingRoles: [role],
		...more,
	};
}
