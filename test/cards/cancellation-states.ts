import type { Cancellation, StoppedAsking } from "../../src/core/cancelling/cancellation.js";
import { OUTCOMES, REFUSALS, WAITS } from "./every.js";
import { anna, at, attempt, cancellation, ended } from "./fixtures.js";

const throttled = attempt({ kind: "throttled", httpStatus: 429 });
const reasonsToStopAsking: readonly StoppedAsking[] = [
	...REFUSALS,
	{ by: "time" },
	{ by: "time", deadline: true },
];
const approved = { goAhead: { way: "approved", at: "2026-11-23T03:02:00Z" } } as const;
const unanswered = { attempts: [attempt()], stoppedAsking: { by: "policy", rule: "no-role" } } as const;

const crowd = [
	"Bernard Bell",
	"Cem Çelik",
	"Dolores Díaz de la Vega",
	"Ève",
	"Friedrich-Wilhelm",
	"山田 太郎",
];

const outOfTime = { state: "refused", why: { by: "graph", code: "throttled" } } as const;
const turnedDown = { state: "refused", why: { by: "graph", code: "forbidden" } } as const;

/** As long as it gets: many people with long names and reasons, and words that do not fit in a line. */
const long: Partial<Cancellation> = {
	requester: { ...anna, name: "Anna-Katharina von Donnersmarck-Hohenzollern (Identity Operations)" },
	reason: `Wrong snapshot: ${"it takes the users of the whole division away, ".repeat(9)}${"x".repeat(60)}`,
	askers: [anna, ...crowd.map((name) => ({ ...anna, name, userId: name, channelUserId: `29:${name}` }))].map(
		(actor) => ({
			actor,
			conversationKey: "chat",
			at,
			reason: "It rewrites the groups of the payroll system",
		}),
	),
};

/** Every state in which a cancellation can be seen. */
export const cancellations: readonly (readonly [name: string, record: Cancellation])[] = [
	["submitting", cancellation()],
	["awaiting approval", cancellation({ state: "awaiting-approval" })],
	...WAITS.flatMap((why) =>
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
	["stopping, at its longest", cancellation({ ...long, state: "stopping", acceptedAt: at })],
	...OUTCOMES.map((outcome) => [JSON.stringify(outcome), ended(outcome)] as const),
	["put off by everything", { ...ended(outOfTime), attempts: [throttled], putOffBy: WAITS, ...approved }],
	[
		"put off by the directory, then by Graph",
		{ ...ended(outOfTime), putOffBy: ["role-unreadable", "throttled"] },
	],
	[
		"turned down, and not seen since",
		{ ...ended(turnedDown), attempts: [attempt({ kind: "rejected", at: "2026-11-23T03:04:09Z" })] },
	],
	...(["rejected", "expired", "withdrawn"] as const).map(
		(state) => [`${state} after it was sent`, { ...ended({ state }), attempts: [throttled] }] as const,
	),
	["approved, and late", { ...ended({ state: "expired" }), ...approved }],
	["approved, sent, and late", { ...ended({ state: "expired" }), attempts: [throttled], ...approved }],
	["too late without an answer", { ...ended({ state: "too-late", jobEnd: "failed" }), ...unanswered }],
	["abandoned without an answer", { ...ended({ state: "abandoned" }), ...unanswered }],
	["abandoned preview", { ...ended({ state: "abandoned" }), jobKind: "preview" }],
	["abandoned, kind unknown", { ...ended({ state: "abandoned" }), jobKind: "unknown" }],
	["abandoned, at its longest", { ...ended({ state: "abandoned" }), ...long }],
];
