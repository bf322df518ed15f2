import type { ApprovalView, Note, View } from "../../src/app/views.js";
import type { Approval, Decision } from "../../src/core/approving/approval.js";
import type { Cancellation } from "../../src/core/cancelling/cancellation.js";
import { CAN_I, DONE, OBJECTIONS, RULES } from "./every.js";
import { anna, at, cancellation, ended, jobId, role } from "./fixtures.js";

type Name = ApprovalView["view"];
type StatesOf<N extends Name> = readonly (readonly [name: string, view: Extract<View, { view: N }>])[];

const later = "2026-11-23T04:00:00Z";
const grant = { by: "role", roleId: role.id, roleName: role.name } as const;
const group = { by: "group", groupId: jobId } as const;
const bernard = { ...anna, userId: "bernard", name: "Bernard Bell", channelUserId: "29:bernard" };
const cem = { ...anna, userId: "cem", name: "Cem Çelik", channelUserId: "29:cem" };
const terms: Approval = {
	mode: "on-request",
	required: 1,
	entitled: false,
	expiresAt: later,
	remindAt: [],
	edition: 1,
	reach: { canDecide: 3, reached: 2 },
};
const yes: Decision = { actor: bernard, verdict: "approve", at, grant, comment: "Go, quickly" };
const no: Decision = { actor: cem, verdict: "reject", at, grant: group, comment: "Keep this one" };
const audience = {
	viewers: [{ userId: "bernard", name: "Bernard Bell", channelUserId: "29:bernard" }],
	mentions: [{ userId: "bernard", name: "Bernard Bell", channelUserId: "29:bernard" }],
	canDecide: 3,
	here: 1,
};

const waiting = (approval: Partial<Approval> = {}, more: Partial<Cancellation> = {}): Cancellation =>
	cancellation({ state: "awaiting-approval", approval: { ...terms, ...approval }, ...more });
const decided: Cancellation = {
	...cancellation({ state: "stopping", acceptedAt: at }),
	approval: terms,
	decisions: [yes],
	goAhead: { way: "approved", at },
};
const emergency: Cancellation = {
	...ended({ state: "abandoned" }),
	goAhead: { way: "emergency", at, by: bernard, grant, reason: "Users are lost" },
	review: { by: [bernard], reason: "Users are lost", seq: 1 },
};
/** What a last message tells of people besides the requester. */
export const decidedEnds: readonly (readonly [name: string, record: Cancellation])[] = [
	[
		"approved by others",
		{ ...ended({ state: "abandoned" }), approval: terms, decisions: [yes], goAhead: { way: "approved", at } },
	],
	["rejected with a comment", { ...ended({ state: "rejected" }), approval: terms, decisions: [no] }],
	["the emergency way", emergency],
];
const reviewed: Cancellation = {
	...emergency,
	review: {
		by: [bernard],
		reason: "Users are lost",
		seq: 1,
		acknowledged: { actor: cem, at, grant, comment: "Was right" },
	},
};
const half = waiting({ mode: "two-person", required: 1 }, { decisions: [yes] });
const records: readonly (readonly [name: string, record: Cancellation])[] = [
	["waiting", waiting()],
	["nobody can see it", waiting({ reach: { canDecide: 3, reached: 0 } })],
	["one of two", half],
	["entitled requester", waiting({ mode: "two-person", entitled: true })],
	["preview", waiting({}, { jobKind: "preview" })],
	[
		"an approver lost the role",
		waiting({ edition: 2 }, { decisions: [{ ...yes, lost: { at, rule: "no-role" } }] }),
	],
	["rejected before", waiting({ earlierNo: { receipt: "RC-AAAAAA", actor: cem, at, comment: "Wanted" } })],
	["approved", decided],
	["carried out alone", { ...decided, decisions: [], goAhead: { way: "alone", at, by: cem, grant } }],
	["rejected", { ...ended({ state: "rejected" }), approval: terms, decisions: [no] }],
	["expired", { ...ended({ state: "expired" }), approval: terms }],
	["withdrawn", { ...ended({ state: "withdrawn" }), approval: terms }],
	["too late", { ...ended({ state: "too-late", jobEnd: "successful" }), approval: terms }],
];

const notes: readonly (readonly [name: string, note: Note])[] = [
	...DONE.map((what) => [what, { kind: "done", what }] as const),
	...OBJECTIONS.map((why) => [why, { kind: "objection", why }] as const),
	...RULES.map((rule) => [`refused, ${rule}`, { kind: "refused", rule }] as const),
];

/** Everything that is said about requests which others decide. */
export const approvalStates: { readonly [N in Name]: StatesOf<N> } = {
	approval: [
		...records.map(
			([name, record]) => [`approval: ${name}`, { view: "approval", ...here(record), audience }] as const,
		),
		["approval: as the requester sees it", { view: "approval", ...here(waiting()), viewer: anna }],
		["approval: as who approved sees it", { view: "approval", ...here(half), viewer: bernard, audience }],
		["approval: as who may decide sees it", { view: "approval", ...here(half), viewer: cem, audience }],
		[
			"approval: with a note",
			{
				view: "approval",
				...here(half),
				viewer: bernard,
				note: { kind: "objection", why: "already-approved" },
				supersedes: true,
			},
		],
	],
	reminder: [
		["reminder", { view: "reminder", ...here(waiting()), audience }],
		["reminder: for nobody known", { view: "reminder", ...here(waiting({ required: 2 })) }],
		["reminder: over", { view: "reminder", ...here(decided) }],
	],
	review: [
		["review", { view: "review", ...here(emergency) }],
		["review: acknowledged", { view: "review", ...here(reviewed) }],
	],
	told: notes.map(([name, note]) => [
		`told: ${name}`,
		{ view: "told", cancellation: note.kind === "done" ? half : reviewed, actor: anna, note },
	]),
	why: [
		...[...records, ["emergency", reviewed] as const].map(
			([name, record]) => [`why: ${name}`, { view: "why", cancellation: record }] as const,
		),
		[
			"why: through a group whose name is known",
			{
				view: "why",
				cancellation: {
					...waiting(
						{ mode: "two-person", required: 2 },
						{ decisions: [yes, { ...no, verdict: "approve", comment: "Yes" }] },
					),
					attempts: [{ clientRequestId: "c", at, by: bernard, grant: { ...grant, viaGroupId: jobId } }],
				},
				groupNames: { [jobId]: "Recovery admins" },
			},
		],
	],
	"can-i": [
		...CAN_I.map(
			(answer) =>
				[
					`can i: ${answer}`,
					{ view: "can-i", jobId, answer, rule: "no-role", needed: 2, grantingRoles: [role], at },
				] as const,
		),
		[
			"can i: yes, asked for",
			{ view: "can-i", jobId, answer: "yes", rule: "role", open: half, grantingRoles: [], at },
		],
		[
			"can i: with others, asked for",
			{ view: "can-i", jobId, answer: "with-others", rule: "two-person", open: half, grantingRoles: [], at },
		],
	],
	approvals: [
		["approvals: none", { view: "approvals", waiting: [], at }],
		["approvals", { view: "approvals", waiting: [half, waiting()], at }],
	],
	"approvals-here": [
		["approvals here", { view: "approvals-here", on: true, changed: true }],
		["approvals here, already", { view: "approvals-here", on: true, changed: false }],
		["approvals off", { view: "approvals-here", on: false, changed: true }],
	],
	"no-such-request": [["no such request", { view: "no-such-request", reference: "RC-ZZZZZZ" }]],
	"no-emergency": [["no emergency", { view: "no-emergency", jobId }]],
};

function here<Record>(record: Record) {
	return { cancellation: record, conversationKey: "chat" } as const;
}
