import { rejectionOf } from "../core/approving/rules.js";
import {
	type Cancellation,
	type LostWhy,
	type Outcome,
	type RefusedWhy,
	type Waiting,
	wasSent,
} from "../core/cancelling/cancellation.js";
import type { RefusalRule } from "../core/policy.js";
import { saidBy } from "./approval-words.js";
import { type Face, SYMBOLS } from "./face.js";
import type { Pen } from "./pen.js";
import { duration } from "./times.js";
import type { MessageKey, Words } from "./words.js";

/** How it ended, as a header and a sentence, and what to do or to know. */
export interface OutcomeWords extends Pick<Face, "tone" | "symbol" | "title" | "lead"> {
	readonly advice: string;
	/** For whoever runs the bot. */
	readonly steps?: string;
}

export function outcomeWords(record: Cancellation, outcome: Outcome, pen: Pen): OutcomeWords {
	const { words } = pen;
	const { say } = words;
	switch (outcome.state) {
		case "abandoned":
			return {
				tone: "good",
				symbol: SYMBOLS.ended,
				title: say("outcome.stoppedTitle", { kind: record.jobKind }),
				// The job was stopped, but by whom is not known unless Graph accepted a request.
				lead: say(record.acceptedAt === undefined ? "outcome.stoppedUnconfirmed" : "outcome.stopped"),
				advice: say(record.jobKind === "preview" ? "outcome.previewNoResult" : "outcome.notAnUndo"),
			};
		case "too-late":
			return withDoubt(record, tooLate(record, outcome.jobEnd, words), words);
		case "refused":
			return refused(record, outcome.why, words);
		case "lost-track":
			return lost(record, outcome.why, words);
		case "rejected":
		case "expired":
		case "withdrawn":
			return notCarriedOut(record, outcome.state, words);
	}
}

/** Why the bot asked no more although a request may have reached Graph. */
export function stoppedAskingWords(record: Cancellation, words: Words): string {
	const { say } = words;
	const why = record.stoppedAsking;
	if (why === undefined) return say("doubt.arrived");
	if (why.by === "time") return say(why.deadline ? "doubt.deadline" : "doubt.time");
	if (why.by === "policy")
		return say(severalAskers(record) ? "doubt.roles" : "doubt.role", { why: say(RECHECKED[why.rule]) });
	return why.httpStatus === undefined
		? say("doubt.turnedDown")
		: say("doubt.turnedDownWith", { status: String(why.httpStatus) });
}

function withDoubt(record: Cancellation, outcome: OutcomeWords, words: Words): OutcomeWords {
	return record.stoppedAsking === undefined || record.acceptedAt !== undefined
		? outcome
		: { ...outcome, advice: words.sentences(stoppedAskingWords(record, words), outcome.advice) };
}

function tooLate(
	{ jobKind }: Cancellation,
	end: "successful" | "failed" | "abandoned",
	{ say }: Words,
): OutcomeWords {
	const preview = jobKind === "preview";
	if (end === "abandoned")
		return {
			tone: "default",
			symbol: SYMBOLS.ended,
			title: say("outcome.alreadyStoppedTitle"),
			lead: say("outcome.alreadyStopped"),
			advice: say(preview ? "outcome.preview" : "outcome.stays"),
		};
	const completed = end === "successful";
	return {
		tone: "attention",
		symbol: SYMBOLS.no,
		title: say(completed ? "outcome.completedTitle" : "outcome.failedTitle"),
		lead: say(completed ? "outcome.completed" : "outcome.failed"),
		advice: say(preview ? "outcome.preview" : "outcome.goBack"),
	};
}

function refused(record: Cancellation, why: RefusedWhy, words: Words): OutcomeWords {
	const { say } = words;
	const title = say(ranToTheEnd(record) ? "outcome.refusedTitle" : "outcome.refusedUnseenTitle");
	const header = { tone: "attention", symbol: SYMBOLS.no, title } as const;
	const time = { duration: triedWords(record, words) };
	if (why.by === "policy") {
		const sent = say(record.attempts.some(wasSent) ? "outcome.nothingAccepted" : "outcome.nothingSent");
		if (why.rule === "unreadable-standing")
			return {
				tone: "warning",
				symbol: SYMBOLS.unclear,
				title: say("outcome.outageTitle"),
				lead: say("outcome.outage", time),
				advice: words.sentences(sent, say("outcome.outageAdvice")),
			};
		return {
			...header,
			lead: say(severalAskers(record) ? "outcome.lostRoles" : "outcome.lostRole", {
				why: say(RECHECKED[why.rule]),
			}),
			advice: words.sentences(sent, say("outcome.lostRoleAdvice")),
		};
	}
	const { lead, advice, steps } = NOES[why.code];
	const kept = why.code === "throttled" ? (record.putOffBy ?? []).flatMap((what) => PUT_OFF[what] ?? []) : [];
	const putOffBy = kept.slice(0, PUT_OFF_NAMED).map((what) => say(what));
	return {
		...header,
		lead: words.sentences(say(lead, time), ...putOffBy, say("outcome.stillRan")),
		advice: say(advice, { receipt: record.receipt }),
		...(steps === undefined ? {} : { steps: say(steps) }),
	};
}

const NOES: Readonly<
	Record<
		Extract<RefusedWhy, { by: "graph" }>["code"],
		{ readonly lead: MessageKey; readonly advice: MessageKey; readonly steps?: MessageKey }
	>
> = {
	forbidden: {
		lead: "outcome.forbidden",
		advice: "outcome.useAdminCenter",
		steps: "details.forbiddenSteps",
	},
	unauthorized: {
		lead: "outcome.unauthorized",
		advice: "outcome.useAdminCenter",
		steps: "details.credentialSteps",
	},
	conflict: { lead: "outcome.conflict", advice: "outcome.askAgain" },
	"not-found": { lead: "outcome.notFound", advice: "outcome.askAgain" },
	throttled: { lead: "outcome.throttled", advice: "outcome.askAgain" },
	rejected: { lead: "outcome.rejected", advice: "outcome.useAdminCenter" },
};

/** One that was waited for without an answer is not among them: it may have arrived, unless a late answer said no. */
const PUT_OFF: Readonly<Partial<Record<Waiting["why"], MessageKey>>> = {
	throttled: "live.throttled",
	"not-sent": "live.notSent",
	"job-unreadable": "outcome.jobUnread",
	"role-unreadable": "outcome.roleUnread",
};

/** More would not fit on a small telephone beside the rest. */
const PUT_OFF_NAMED = 3;

/** Whether the job was seen to run when it was given up: after Graph's no, and at every try. */
function ranToTheEnd({ seen, attempts, putOffBy }: Cancellation): boolean {
	const answer = attempts.at(-1)?.answer;
	const seenSince = answer?.kind !== "rejected" || Date.parse(seen?.at ?? "") >= Date.parse(answer.at);
	return seenSince && !putOffBy?.includes("job-unreadable");
}

/** Whose roles were read again, and what came of it; everybody who asked reads this, so it speaks of nobody as "you". */
const RECHECKED: Readonly<Record<RefusalRule, MessageKey>> = {
	"other-tenant": "rechecked.otherTenant",
	"no-identity": "rechecked.noIdentity",
	"unreadable-standing": "rechecked.unreadableStanding",
	"account-disabled": "rechecked.accountDisabled",
	guest: "rechecked.guest",
	"scoped-role": "rechecked.scopedRole",
	"no-role": "rechecked.noRole",
};

function severalAskers({ askers }: Cancellation): boolean {
	return new Set(askers.map(({ actor }) => actor.userId)).size > 1;
}

const LOSSES: Readonly<Record<Exclude<LostWhy, "no-answer-to-cancel">, MessageKey>> = {
	"job-not-found": "outcome.lostGone",
	"access-lost": "outcome.lostAccess",
	"watch-limit": "outcome.lostLimit",
	"job-unreadable": "outcome.lostUnreadable",
};

function lost(record: Cancellation, why: LostWhy, words: Words): OutcomeWords {
	const { say } = words;
	const asked = say(
		record.acceptedAt !== undefined
			? "outcome.accepted"
			: record.attempts.some(wasSent)
				? "outcome.unconfirmed"
				: "outcome.notSent",
	);
	const [lead, advice] =
		why === "no-answer-to-cancel"
			? [say("outcome.lostLimit"), stoppedAskingWords(record, words)]
			: [words.sentences(say(LOSSES[why], { duration: triedWords(record, words) }), asked), ""];
	return {
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: say("outcome.lostTitle"),
		lead,
		advice: why === "access-lost" ? say("outcome.accessAdvice") : advice,
	};
}

/** The ends of a request that was never carried out. */
function notCarriedOut(
	record: Cancellation,
	state: "rejected" | "expired" | "withdrawn",
	words: Words,
): OutcomeWords {
	const { say } = words;
	// One that was let through may have been sent, and turned away, before it had to wait for others again.
	const sent = record.attempts.some(wasSent) ? "yes" : "no";
	switch (state) {
		case "rejected": {
			const no = rejectionOf(record);
			return {
				tone: "attention",
				symbol: SYMBOLS.no,
				title: say("outcome.rejectedTitle", { sent }),
				lead:
					no === undefined
						? say("outcome.rejectedByNobody")
						: say("outcome.rejectedBy", { name: saidBy(no, words) }),
				advice: say("outcome.rejectedAdvice"),
			};
		}
		case "expired":
			return {
				tone: "attention",
				symbol: SYMBOLS.no,
				title: say(record.goAhead ? "outcome.lateTitle" : "outcome.expiredTitle", { sent }),
				lead: say(record.goAhead ? "outcome.late" : "outcome.expired"),
				advice: say("outcome.expiredAdvice"),
			};
		case "withdrawn":
			return {
				tone: "default",
				symbol: SYMBOLS.no,
				title: say("outcome.withdrawnTitle", { sent }),
				lead: say("outcome.withdrawn"),
				advice: say("outcome.withdrawnAdvice"),
			};
	}
}

/** How long Graph was to be asked, such as `15 min`: from when it was asked for or, where others decided, let through. */
function triedWords({ goAhead, openedAt, endedAt }: Cancellation, words: Words): string {
	const from = goAhead?.at ?? openedAt;
	return duration(from, endedAt ?? from, words);
}
