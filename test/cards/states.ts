import type { View } from "../../src/app/views.js";
import { approvalStates } from "./approval-states.js";
import { cancellations } from "./cancellation-states.js";
import {
	ID_PROBLEMS,
	ID_VERBS,
	PERMISSIONS,
	PROBLEM_CODES,
	RECEIPT_PROBLEMS,
	RECEIPT_VERBS,
	RULES,
	STANDING_PROBLEMS,
} from "./every.js";
import { anna, at, cancellation, ended, job, jobId, role, standing } from "./fixtures.js";

type Name = View["view"];
type StatesOf<N extends Name> = readonly (readonly [name: string, view: Extract<View, { view: N }>])[];

const cancelling = { mayCancel: true, reasonRequired: false } as const;
const refusal = {
	view: "refusal",
	asked: "cancel",
	actor: anna,
	scopedRoles: [],
	grantingRoles: [role],
	at,
} as const;
const open = { receipt: "RC-1", requesterName: "Anna", followed: true };
const chat = { conversationType: "personal", botName: "Recovery Control" } as const;
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
	],
	warning: cancellations
		.filter(([, record]) => record.stoppedAsking && !record.outcome)
		.map(([name, record]) => [`warning: ${name}`, { view: "warning", ...here(record) }]),
	"follow-up": [
		...cancellations
			.filter(([, record]) => record.outcome)
			.map(([name, record]) => [`follow-up: ${name}`, { view: "follow-up", ...here(record) }] as const),
		[
			"follow-up elsewhere",
			{ view: "follow-up", cancellation: ended({ state: "abandoned" }), conversationKey: "other" },
		],
	],
	job: [
		["job: running", { view: "job", ...cancelling, job: job(), readAt: at }],
		["job: being cancelled", { view: "job", ...cancelling, job: job(), readAt: at, open }],
		[
			"job: being cancelled elsewhere",
			{ view: "job", ...cancelling, job: job(), readAt: at, open: { ...open, followed: false } },
		],
		...JOB_STATUSES.map(
			(status) =>
				[
					`job: ${status}`,
					{ view: "job", ...cancelling, job: job({ status, kind: "preview", endedAt: at }), readAt: at },
				] as const,
		),
		["job: kind unknown", { view: "job", ...cancelling, job: job({ kind: "unknown" }), readAt: at }],
	],
	jobs: [
		["jobs: none", { view: "jobs", ...cancelling, beingCancelled: [], running: [], ended: [], readAt: at }],
		[
			"jobs: one",
			{
				view: "jobs",
				...cancelling,
				beingCancelled: [],
				running: [job()],
				ended: [job({ status: "successful", kind: "preview", endedAt: at })],
				readAt: at,
			},
		],
		[
			"jobs: being cancelled",
			{
				view: "jobs",
				...cancelling,
				beingCancelled: [{ jobId, receipt: "RC-1", requesterName: "Anna" }],
				running: [job()],
				ended: [],
				readAt: at,
			},
		],
		[
			"jobs: many",
			{
				view: "jobs",
				...cancelling,
				beingCancelled: [],
				running: Array.from({ length: 9 }, () => job()),
				ended: Array.from({ length: 50 }, () => job({ status: "failed", endedAt: at })),
				readAt: at,
			},
		],
	],
	unchecked: STANDING_PROBLEMS.flatMap((problem) =>
		(["cancel", "jobs"] as const).map(
			(asked) =>
				[
					`unchecked: ${asked}, ${problem}`,
					{ view: "unchecked", asked, actor: anna, problem, requestId: jobId, at },
				] as const,
		),
	),
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
		["help", { view: "help", greeting: false, ...chat }],
		["greeting", { view: "help", greeting: true, ...chat }],
	],
	malformed: [...malformed(ID_VERBS, ID_PROBLEMS), ...malformed(RECEIPT_VERBS, RECEIPT_PROBLEMS)],
	unknown: [
		["unknown", { view: "unknown", text: "cancle", suggestion: "cancel job <id>" }],
		["unknown, no suggestion", { view: "unknown", text: "what a day" }],
		["unknown, at its longest", { view: "unknown", text: `so${"o".repeat(200)}` }],
	],
	working: [["working", { view: "working", requestId: jobId, jobId }]],
	problem: PROBLEM_CODES.map((code) => [
		`problem: ${code}`,
		{ view: "problem", code, jobId, requestId: jobId },
	]),
	...approvalStates,
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
