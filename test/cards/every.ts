import type { Asked, Done, ProblemCode, View } from "../../src/app/views.js";
import type { Objection } from "../../src/core/approving/rules.js";
import type {
	CancellationState,
	LostWhy,
	Outcome,
	RefusedWhy,
	RejectionCode,
	Waiting,
} from "../../src/core/cancelling/cancellation.js";
import type { JobEnd, JobKind } from "../../src/core/job.js";
import type { AlertKind } from "../../src/core/on-call/incident.js";
import type { Page, Tells } from "../../src/core/on-call/news.js";
import type { StoryLine } from "../../src/core/on-call/story.js";
import type { StandingProblem } from "../../src/core/person.js";
import type { Permission, RefusalRule } from "../../src/core/policy.js";

/**
 * The members of a union, every one of them: the types do not hold while one is missing here, or here alone. So whoever
 * adds a member to the source is led to the states of the cards.
 */
function every<Member extends string>(members: Readonly<Record<Member, true>>): readonly Member[] {
	return Object.keys(members) as Member[];
}

export const VIEWS = every<View["view"]>({
	live: true,
	warning: true,
	"follow-up": true,
	job: true,
	jobs: true,
	"already-ended": true,
	refusal: true,
	standing: true,
	help: true,
	malformed: true,
	unknown: true,
	unchecked: true,
	working: true,
	problem: true,
	approval: true,
	reminder: true,
	review: true,
	told: true,
	why: true,
	"can-i": true,
	approvals: true,
	"approvals-here": true,
	"no-such-request": true,
	"no-emergency": true,
	history: true,
	"history-unclear": true,
	"file-offer": true,
	"file-sent": true,
	"export-told": true,
	alert: true,
	follow: true,
	news: true,
	subscriptions: true,
	handover: true,
	misunderstood: true,
	unfollowed: true,
	"no-such-incident": true,
});

export const CANCELLATION_STATES = every<CancellationState>({
	"awaiting-approval": true,
	submitting: true,
	stopping: true,
	abandoned: true,
	"too-late": true,
	refused: true,
	"lost-track": true,
	rejected: true,
	expired: true,
	withdrawn: true,
});

export const WAITS = every<Waiting["why"]>({
	throttled: true,
	"not-sent": true,
	"no-answer": true,
	"job-unreadable": true,
	"role-unreadable": true,
});

export const GRAPH_CODES = every<RejectionCode | "throttled">({
	forbidden: true,
	unauthorized: true,
	conflict: true,
	"not-found": true,
	rejected: true,
	throttled: true,
});

export const RULES = every<RefusalRule>({
	"other-tenant": true,
	"no-identity": true,
	"unreadable-standing": true,
	"account-disabled": true,
	guest: true,
	"scoped-role": true,
	"no-role": true,
});

export const LOSSES = every<LostWhy>({
	"job-not-found": true,
	"access-lost": true,
	"watch-limit": true,
	"no-answer-to-cancel": true,
	"job-unreadable": true,
});

export const PERMISSIONS = every<Permission>({ cancel: true, view: true });
export const JOB_KINDS = every<JobKind>({ recovery: true, preview: true, unknown: true });
export const JOB_ENDS = every<JobEnd>({ successful: true, failed: true, abandoned: true });

export const STANDING_PROBLEMS = every<StandingProblem>({
	"not-found": true,
	forbidden: true,
	throttled: true,
	timeout: true,
	unavailable: true,
});

export const ASKED = every<Asked>({ cancel: true, status: true, jobs: true, whoami: true });

type Malformed = Extract<View, { view: "malformed" }>;
export const MALFORMED_PROBLEMS = every<Malformed["problem"]>({
	"no-id": true,
	"not-an-id": true,
	"several-ids": true,
	"no-reason": true,
	"no-receipt": true,
	"not-a-receipt": true,
	"several-receipts": true,
});
export const MALFORMED_VERBS = every<Malformed["verb"]>({
	cancel: true,
	status: true,
	follow: true,
	unfollow: true,
	ask: true,
	"can-i": true,
	approve: true,
	reject: true,
	withdraw: true,
	acknowledge: true,
	why: true,
});
/** What can be wrong with the id of a job, and with a receipt: each command names one of the two. */
export const ID_PROBLEMS = MALFORMED_PROBLEMS.filter((problem) => !problem.includes("receipt"));
export const RECEIPT_PROBLEMS = MALFORMED_PROBLEMS.filter((problem) => problem.includes("receipt"));
export const ID_VERBS = every<"cancel" | "status" | "ask" | "can-i">({
	cancel: true,
	status: true,
	ask: true,
	"can-i": true,
});
export const RECEIPT_VERBS = MALFORMED_VERBS.filter((verb) => !ID_VERBS.some((one) => one === verb));

export const DONE = every<Done>({
	asked: true,
	joined: true,
	approved: true,
	rejected: true,
	withdrawn: true,
	"went-ahead": true,
	acknowledged: true,
	offered: true,
});
export const OBJECTIONS = every<Objection>({
	"not-waiting": true,
	expired: true,
	"own-request": true,
	"already-approved": true,
	stale: true,
	"not-requester": true,
	"second-person": true,
	"no-reason": true,
	"own-emergency": true,
	"no-review": true,
	"already-acknowledged": true,
});
export const CAN_I = every<Extract<View, { view: "can-i" }>["answer"]>({
	yes: true,
	"with-others": true,
	"by-asking": true,
	no: true,
	ended: true,
});

export const PROBLEM_CODES = every<ProblemCode>({
	"job-not-found": true,
	"graph-forbidden": true,
	"graph-unauthorized": true,
	"graph-throttled": true,
	"graph-unavailable": true,
	"graph-rejected": true,
	"not-your-request": true,
	"request-not-found": true,
	"internal-error": true,
});

/** Why nothing was cancelled: every no of the policy and of Graph, whoever may have said it. */
const NOES: Readonly<Record<RefusedWhy["by"], readonly RefusedWhy[]>> = {
	graph: GRAPH_CODES.map((code) => ({ by: "graph", code })),
	policy: RULES.map((rule) => ({ by: "policy", rule })),
};
export const REFUSALS: readonly RefusedWhy[] = Object.values(NOES).flat();

const ENDS: { readonly [State in Outcome["state"]]: readonly Extract<Outcome, { state: State }>[] } = {
	abandoned: [{ state: "abandoned" }],
	"too-late": JOB_ENDS.map((jobEnd) => ({ state: "too-late", jobEnd })),
	refused: REFUSALS.map((why) => ({ state: "refused", why })),
	"lost-track": LOSSES.map((why) => ({ state: "lost-track", why })),
	rejected: [{ state: "rejected" }],
	expired: [{ state: "expired" }],
	withdrawn: [{ state: "withdrawn" }],
};
export const OUTCOMES: readonly Outcome[] = Object.values(ENDS).flat();

export const TELLS = every<Tells["what"]>({
	event: true,
	story: true,
	hands: true,
	"still-there": true,
	sum: true,
	gap: true,
	blind: true,
	page: true,
	digest: true,
});
export const ALERTS = every<AlertKind>({ started: true, stuck: true, failed: true, finished: true });
type TellsOf<What extends Tells["what"]> = Extract<Tells, { what: What }>;
export const HANDS = every<TellsOf<"hands">["change"]>({
	taken: true,
	"taken-over": true,
	released: true,
	lapsed: true,
});
export const CALLED = every<Page["group"]>({ called: true, empty: true, unset: true, unreadable: true });
export const STORY_LINES = every<StoryLine["what"]>({
	asked: true,
	decided: true,
	alone: true,
	emergency: true,
	sent: true,
	accepted: true,
	ended: true,
});
type Misunderstood = Extract<View, { view: "misunderstood" }>;
export const MISUNDERSTOOD = every<Misunderstood["problem"]>({
	"not-a-filter": true,
	"not-here-or-off": true,
	"not-hours": true,
	"not-a-time": true,
	"not-a-zone": true,
});
export const MISUNDERSTOOD_VERBS = every<Misunderstood["verb"]>({
	alerts: true,
	escalations: true,
	handover: true,
	digest: true,
});
export const SUBSCRIBED = every<NonNullable<Extract<View, { view: "subscriptions" }>["changed"]>>({
	"alerts-on": true,
	"alerts-off": true,
	"escalations-on": true,
	"escalations-off": true,
	"digest-on": true,
	"digest-off": true,
});
export const INCIDENT_NOTES = every<NonNullable<Extract<View, { view: "alert" }>["note"]>>({
	meanwhile: true,
	"not-yours": true,
	over: true,
});
