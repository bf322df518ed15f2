import type { OnCallView } from "../../src/app/on-call/on-call-views.js";
import type { View } from "../../src/app/views.js";
import type { RecoveryJob } from "../../src/core/job.js";
import type { Incident } from "../../src/core/on-call/incident.js";
import type { Summary, Tells } from "../../src/core/on-call/news.js";
import type { StoryLine } from "../../src/core/on-call/story.js";
import type { Alerts, Digest } from "../../src/core/on-call/subscription.js";
import {
	ALERTS,
	CALLED,
	HANDS,
	INCIDENT_NOTES,
	MISUNDERSTOOD,
	MISUNDERSTOOD_VERBS,
	STORY_LINES,
	SUBSCRIBED,
} from "./every.js";
import { anna, at, cancellation, job, jobId } from "./fixtures.js";

type Name = OnCallView["view"];
type StatesOf<N extends Name> = readonly (readonly [name: string, view: Extract<View, { view: N }>])[];

const earlier = "2026-11-23T01:00:00.123Z";
const bernard = { ...anna, userId: "bernard", name: "Bernard Bell", channelUserId: "29:bernard" };
export const incidentId = "11111111-2222-4333-8444-666666666666";

const incident = (changed: Partial<Incident> = {}, of: Partial<RecoveryJob> = {}): Incident => ({
	id: incidentId,
	tenantId: "t",
	version: 1,
	job: job({ startedAt: earlier, counts: { changedObjects: 1_024, modifiedObjects: 500 }, ...of }),
	openedAt: earlier,
	changedAt: at,
	phaseSince: earlier,
	missing: 0,
	told: { started: ["chat"] },
	cards: ["chat"],
	turn: 0,
	escalation: { step: 0, since: earlier },
	storyTold: [],
	...changed,
});
const taken = { actor: anna, at, until: "2026-11-23T03:20:00Z" };
const summary: Summary = {
	from: earlier,
	to: at,
	jobs: { running: [job()], ended: [job({ status: "failed", endedAt: at, kind: "preview" })] },
	cancellations: [
		{
			receipt: "RC-7F3K9Q",
			jobId,
			state: "abandoned",
			requester: "Anna Admin",
			sentFor: "Bernard Bell",
			reason: "wrong",
		},
		{ receipt: "RC-7F3K9R", jobId, state: "rejected", requester: "Anna Admin" },
	],
	open: [
		{ incidentId, job: job() },
		{ incidentId, job: job({ kind: "preview" }), taker: "Anna Admin" },
	],
};
const calm: Summary = {
	from: earlier,
	to: at,
	jobs: { running: [], ended: [] },
	cancellations: [],
	open: [],
};
const who = { by: anna, at, tenantId: "t", conversationKey: "chat", id: incidentId };
const alerts: Alerts = {
	...who,
	kind: "alerts",
	filters: { kinds: ["recovery"], failedOnly: true, longerThanMs: 7_200_000 },
};
const digest: Digest = { ...who, kind: "digest", time: "08:00", zone: "Europe/Oslo", lastDate: "2026-11-22" };

const LINES: Readonly<Record<StoryLine["what"], StoryLine>> = {
	asked: { key: "1", at, what: "asked", name: "Anna Admin", reason: "wrong snapshot" },
	decided: {
		key: "2",
		at,
		what: "decided",
		verdict: "reject",
		name: "Bernard Bell",
		comment: "This one is wanted",
	},
	alone: { key: "3", at, what: "alone", name: "Bernard Bell" },
	emergency: { key: "4", at, what: "emergency", name: "Anna Admin", reason: "it rewrites everything" },
	sent: { key: "5", at, what: "sent", name: "Anna Admin" },
	accepted: { key: "6", at, what: "accepted" },
	ended: { key: "7", at, what: "ended", outcome: { state: "abandoned" } },
};

const news = (name: string, tells: Tells, more: object = {}) =>
	[`news: ${name}`, { view: "news", tells, ...more }] as const;
const page = (group: (typeof CALLED)[number]) =>
	({
		what: "page",
		incidentId,
		turn: 2,
		job: job(),
		since: earlier,
		step: 1,
		group,
		mentioned: [],
		named: [],
	}) as const;

/** Every view of whoever is on call, in every state. */
export const onCallStates: { readonly [N in Name]: StatesOf<N> } = {
	alert: [
		["alert: nobody has it", { view: "alert", incident: incident(), at }],
		["alert: called", { view: "alert", incident: incident({ escalation: { step: 1, since: at } }), at }],
		["alert: escalated", { view: "alert", incident: incident({ escalation: { step: 2, since: at } }), at }],
		[
			"alert: taken without a promise",
			{ view: "alert", incident: incident({ taker: { actor: anna, at }, turn: 1 }), at },
		],
		["alert: taken", { view: "alert", incident: incident({ taker: taken, turn: 1 }), at }],
		["alert: being cancelled", { view: "alert", incident: incident(), cancellation: cancellation(), at }],
		[
			"alert: failed",
			{ view: "alert", incident: incident({ overAt: at }, { status: "failed", endedAt: at }), at },
		],
		[
			"alert: finished",
			{ view: "alert", incident: incident({ overAt: at }, { status: "successful", endedAt: at }), at },
		],
		["alert: forgotten", { view: "alert", incident: incident({ overAt: at }), at }],
		[
			"alert: may repeat, late",
			{ view: "alert", incident: incident(), at, mayRepeat: true, lateMs: 150_000 },
		],
		...INCIDENT_NOTES.map(
			(note) =>
				[
					`alert: ${note}`,
					{
						view: "alert",
						incident:
							note === "over"
								? incident({ taker: taken, overAt: at }, { status: "successful", endedAt: at })
								: incident({ taker: taken }),
						at,
						note,
					},
				] as const,
		),
	],
	follow: [
		["follow: running", { view: "follow", incident: incident(), at }],
		["follow: ended", { view: "follow", incident: incident({ overAt: at }, { status: "abandoned" }), at }],
	],
	news: [
		...ALERTS.map((kind) =>
			news(kind, {
				what: "event",
				kind,
				job: job({ status: "failed", endedAt: at }),
				at,
				phaseSince: earlier,
			}),
		),
		news("abandoned", {
			what: "event",
			kind: "finished",
			job: job({ status: "abandoned", endedAt: at }),
			at,
			phaseSince: earlier,
		}),
		news("story of an approval", {
			what: "story",
			jobId,
			receipt: "RC-7F3K9Q",
			lines: [{ key: "1", at, what: "decided", verdict: "approve", name: "Bernard Bell" }],
		}),
		news("story", {
			what: "story",
			jobId,
			receipt: "RC-7F3K9Q",
			lines: STORY_LINES.map((what) => LINES[what]),
		}),
		...HANDS.map((change) =>
			news(change, {
				what: "hands",
				change,
				job: job(),
				who: "Anna Admin",
				from: "Bernard Bell",
				until: at,
				at,
			}),
		),
		news("still there", { what: "still-there", incidentId, turn: 1, job: job(), who: anna }),
		news("sum of nothing", { what: "sum", running: [], others: 0, at }),
		news("sum", { what: "sum", running: Array.from({ length: 12 }, () => job()), others: 3, at }),
		news("gap", { what: "gap", from: earlier, to: at, started: [], ended: [] }),
		news("long gap", {
			what: "gap",
			from: earlier,
			to: at,
			forgottenBefore: earlier,
			started: [job()],
			ended: [job({ status: "failed" })],
		}),
		news("blind", { what: "blind", since: earlier, code: "throttled" }),
		...CALLED.map((group) => news(`page: ${group}`, page(group))),
		news("page: some are here", {
			...page("called"),
			mentioned: [{ channelUserId: bernard.channelUserId, name: bernard.name }],
			named: ["Cem Çelik"],
		}),
		news(
			"page: nobody else",
			{ ...page("unset"), step: 2, nobodyElse: true },
			{ lateMs: 90_000, mayRepeat: true },
		),
		news("digest", { what: "digest", date: "2026-11-23", head: { seq: 42, hash: "abc123" }, ...summary }),
		news("digest, late and without Graph", {
			what: "digest",
			date: "2026-11-23",
			head: { seq: 42, hash: "abc123" },
			dueAt: earlier,
			from: earlier,
			to: at,
			cancellations: [],
			open: [],
		}),
	],
	subscriptions: [
		["subscriptions: none", { view: "subscriptions", escalations: false, onCallGroup: false }],
		[
			"subscriptions: all",
			{ view: "subscriptions", alerts, digest, escalations: true, onCallGroup: true, nextDigestAt: at },
		],
		...SUBSCRIBED.map(
			(changed) =>
				[
					`subscriptions: ${changed}`,
					{
						view: "subscriptions",
						changed,
						alerts: { ...alerts, filters: {} },
						escalations: false,
						onCallGroup: false,
					},
				] as const,
		),
		...SUBSCRIBED.filter((changed) => changed.endsWith("-off")).map(
			(changed) =>
				[
					`subscriptions: ${changed}, unchanged`,
					{ view: "subscriptions", changed, unchanged: true, escalations: false, onCallGroup: true },
				] as const,
		),
		[
			"subscriptions: previews alone",
			{
				view: "subscriptions",
				alerts: { ...alerts, filters: { kinds: ["preview"] } },
				escalations: false,
				onCallGroup: true,
			},
		],
	],
	handover: [
		["handover", { view: "handover", handoverId: incidentId, summary }],
		["handover: nothing", { view: "handover", handoverId: incidentId, summary: calm }],
		["handover: taken", { view: "handover", handoverId: incidentId, summary, takenBy: "Bernard Bell" }],
	],
	misunderstood: MISUNDERSTOOD.flatMap((problem) =>
		MISUNDERSTOOD_VERBS.map(
			(verb) =>
				[
					`misunderstood: ${verb} ${problem}`,
					{ view: "misunderstood", verb, problem, found: "**not**" },
				] as const,
		),
	),
	unfollowed: [
		["unfollowed", { view: "unfollowed", jobId }],
		["unfollowed: was not followed", { view: "unfollowed", jobId, unchanged: true }],
	],
	"no-such-incident": [["no such incident", { view: "no-such-incident" }]],
};
