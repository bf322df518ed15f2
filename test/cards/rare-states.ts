import type { View } from "../../src/app/views.js";
import type { Cancellation } from "../../src/core/cancelling/cancellation.js";
import {
	anna,
	at,
	attempt,
	bernard,
	cancellation,
	ended,
	job,
	list,
	may,
	readAt,
	role,
	standing,
} from "./fixtures.js";

const bare = { id: "x", status: "running", counts: {} } as const;
const grant = { by: "role", roleId: role.id, roleName: role.name } as const;
const asked = { actor: bernard, conversationKey: "chat", at };
const lostRole = { by: "policy", rule: "no-role" } as const;
const terms = {
	mode: "on-request",
	required: 1,
	entitled: false,
	expiresAt: readAt,
	remindAt: [],
	edition: 1,
} as const;
const no = { actor: anna, verdict: "reject", at, grant } as const;

const records: readonly Cancellation[] = [
	cancellation({ waiting: { until: readAt, why: "throttled" } }),
	cancellation({ state: "stopping", acceptedAt: "soon" }),
	cancellation({
		state: "stopping",
		acceptedAt: at,
		seen: {
			at: readAt,
			startedAt: at,
			status: "running",
			counts: { modifiedLinks: 1, changedLinks: 2, failedChanges: 3 },
		},
	}),
	cancellation({
		state: "stopping",
		acceptedAt: at,
		seen: { at, status: "running", counts: { modifiedLinks: 1 } },
	}),
	cancellation({
		state: "stopping",
		askers: [...cancellation().askers, asked],
		attempts: [attempt()],
		stoppedAsking: lostRole,
	}),
	cancellation({
		state: "stopping",
		attempts: [attempt()],
		stoppedAsking: { by: "graph", code: "forbidden", httpStatus: 403 },
	}),
	cancellation({
		state: "stopping",
		acceptedAt: at,
		askers: [...cancellation().askers, asked],
		attempts: [attempt({ kind: "accepted" }, bernard)],
	}),
	cancellation({ state: "abandoned", outcome: { state: "abandoned" }, endedAt: readAt }),
	{ ...ended({ state: "too-late", jobEnd: "failed" }), jobKind: "preview" },
	{
		...ended({ state: "too-late", jobEnd: "failed" }),
		seen: { at, status: "failed", counts: { modifiedLinks: 1 } },
	},
	{
		...ended({ state: "too-late", jobEnd: "failed" }),
		seen: { at, status: "failed", counts: { modifiedLinks: 1, changedLinks: 2 } },
	},
	{ ...ended({ state: "refused", why: lostRole }), attempts: [], askers: [...cancellation().askers, asked] },
	{ ...ended({ state: "lost-track", why: "watch-limit" }), acceptedAt: at },
	{ ...ended({ state: "lost-track", why: "watch-limit" }), attempts: [] },
	{ ...ended({ state: "abandoned" }), askers: [{ ...asked, actor: { ...anna, name: "" } }] },
	{ ...ended({ state: "abandoned" }), goAhead: { way: "emergency", at, by: bernard, grant, reason: "now" } },
	{ ...ended({ state: "rejected" }), approval: terms, decisions: [no] },
];

const told = (record: Cancellation, why: "not-waiting" | "already-acknowledged"): View => ({
	view: "told",
	cancellation: record,
	actor: anna,
	note: { kind: "objection", why },
});
const done = (record: Cancellation, what: "approved" | "withdrawn"): View => ({
	view: "told",
	cancellation: record,
	actor: anna,
	note: { kind: "done", what },
});

/** What is hardly ever seen, so that no message of the catalog goes unsaid. */
export const rareViews: readonly View[] = [
	...records.flatMap((record): View[] =>
		(["live", "follow-up"] as const).map((view) => ({ view, cancellation: record, conversationKey: "chat" })),
	),
	...(["recovery", "preview"] as const).flatMap((kind): View[] => [
		{ view: "job", ...may, job: { ...bare, kind }, readAt },
		{ view: "job", ...may, job: { ...bare, kind, status: "failed" }, readAt },
		{ view: "job", ...may, job: { ...bare, kind, status: "failed", endedAt: at }, readAt },
		{
			view: "jobs",
			...list,
			running: [{ ...bare, kind }],
			ended: [{ ...bare, kind, status: "failed" }],
			readAt,
		},
		{ view: "already-ended", job: { ...bare, kind, status: "failed" }, readAt },
	]),
	{
		view: "job",
		...may,
		job: job({ status: "successful", counts: { failedChanges: 1, modifiedLinks: 1 } }),
		readAt,
	},
	...[{ guest: true }, { accountEnabled: false }, { accountEnabled: false, guest: true }].map(
		(account): View => ({
			view: "standing",
			actor: anna,
			standing: standing(account),
			mayView: false,
			mayCancel: false,
			grantingRoles: [],
		}),
	),
	done(cancellation({ state: "submitting" }), "approved"),
	done(ended({ state: "withdrawn" }), "withdrawn"),
	told({ ...ended({ state: "rejected" }), decisions: [no] }, "not-waiting"),
	told(ended({ state: "expired" }), "not-waiting"),
	told(ended({ state: "withdrawn" }), "not-waiting"),
	told({ ...ended({ state: "abandoned" }), goAhead: { way: "approved", at } }, "not-waiting"),
	told(
		{ ...ended({ state: "abandoned" }), goAhead: { way: "alone", at, by: bernard, grant } },
		"not-waiting",
	),
	told(ended({ state: "abandoned" }), "not-waiting"),
	told(ended({ state: "abandoned" }), "already-acknowledged"),
	{ view: "why", cancellation: ended({ state: "abandoned" }) },
	{
		view: "why",
		cancellation: { ...ended({ state: "abandoned" }), review: { by: [bernard], reason: "now", seq: 1 } },
	},
];
