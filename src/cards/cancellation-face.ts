import {
	type Asker,
	type Cancellation,
	mayHaveReachedGraph,
	type Waiting,
	wasSent,
} from "../core/cancelling/cancellation.js";
import { LONGEST_REASON } from "../core/requests/command.js";
import { approvalsSoFar } from "./approval-words.js";
import { type Face, type Fact, face, facts, notes } from "./face.js";
import { appliedRows, kindWords, sentence, statusWords } from "./job-words.js";
import { outcomeWords, stoppedAskingWords } from "./outcome-words.js";
import { duration, moment, momentAfter } from "./times.js";
import { ECHO_LENGTH, escapeText, plainText } from "./user-text.js";

/** Other askers that a card names before it only counts them. */
const NAMED_ASKERS = 5;

/** The live card: where the cancellation stands at this moment, and never more than that. */
export function liveFace(
	record: Cancellation,
	doubts: { readonly announcementMissed?: boolean; readonly supersedes?: boolean },
): Face {
	const { announcementMissed = false, supersedes = false } = doubts;
	const missed = announcementMissed
		? "The closing message may not have reached this conversation."
		: undefined;
	const newest = supersedes
		? "This card is kept up to date. An earlier one of this cancellation may stand above; disregard it."
		: undefined;
	if (record.outcome) {
		const words = outcomeWords(record, record.outcome);
		// The follow-up card says it all; without one, this card must.
		const told = announcementMissed
			? { facts: allFacts(record), notes: notes(words.advice, missed, newest), smallPrint: tracing(record) }
			: { facts: briefFacts(record), notes: notes(newest) };
		return face({ ...words, ...common(record), ...told });
	}
	const words = openWords(record);
	return face({
		...common(record),
		...words,
		facts: allFacts(record),
		notes: notes(words.advice, missed, newest),
	});
}

/**
 * A new message, so that people are notified: how it ended or, before that, that the bot asks no more and they
 * may have to act. The mention at the start is the caller's.
 */
export function newsFace(record: Cancellation, greeting: string): Face {
	const words = record.outcome ? outcomeWords(record, record.outcome) : openWords(record);
	const clear = record.state === "abandoned" || record.state === "too-late";
	return face({
		...words,
		...common(record),
		lead: `${greeting} ${words.lead}`,
		facts: allFacts(record),
		notes: notes(words.advice),
		smallPrint: clear ? [] : tracing(record),
	});
}

type OpenWords = Pick<Face, "tone" | "symbol" | "title" | "lead"> & { readonly advice?: string };

export function openWords(record: Cancellation): OpenWords {
	if (record.state === "awaiting-approval")
		return {
			tone: "accent",
			symbol: "…",
			title: "Waiting for approval",
			lead: "Nothing is sent to Graph before that.",
		};
	if (record.state !== "stopping") return submitting(record);
	return record.acceptedAt === undefined ? watchingOnly(record) : stopping(record, record.acceptedAt);
}

function submitting(record: Cancellation): OpenWords {
	const header = { tone: "accent", symbol: "…" } as const;
	const { waiting } = record;
	if (!waiting) return { ...header, title: "Asking Graph to cancel", lead: "Nothing has been accepted yet." };
	const mayHaveArrived = record.attempts.some(mayHaveReachedGraph);
	const sofar = mayHaveArrived
		? "An earlier request may have reached Graph."
		: record.attempts.some(wasSent)
			? "Nothing has been accepted yet."
			: "Nothing has been sent to Graph yet.";
	const title = mayHaveArrived ? "No clear answer yet: checking the job" : "Waiting to ask Graph";
	return { ...header, title, lead: `${WAITING[waiting.why]} ${sofar} Next try at ${moment(waiting.until)}.` };
}

const WAITING: Readonly<Record<Waiting["why"], string>> = {
	throttled: "Graph asked this bot to wait.",
	"not-sent": "Entra or the directory gave no answer in time.",
	"no-answer": "The job is read again before anything more is asked.",
	"job-unreadable": "The job cannot be read right now.",
	"role-unreadable": "The role cannot be checked right now, and without it nothing is sent.",
};

function stopping(record: Cancellation, acceptedAt: string): OpenWords {
	return {
		tone: "accent",
		symbol: "◼",
		title: "Asked to stop",
		lead: `Graph accepted the request${momentAfter(" at", acceptedAt)}.${shown(record)} Asked to stop is not stopped; this card follows it.`,
	};
}

function watchingOnly(record: Cancellation): OpenWords {
	return {
		tone: "warning",
		symbol: "?",
		title: "No clear answer: following the job",
		lead: `${stoppedAskingWords(record)}${shown(record)} The job is followed to its end.`,
		advice: "If the job must stop, cancel it in the Entra admin centre, under Backup and recovery.",
	};
}

function shown(record: Cancellation): string {
	return record.seen ? ` The job still shows: ${statusWords(record.seen.status)}.` : "";
}

function common(record: Cancellation): Pick<Face, "quote"> {
	return { quote: record.reason === undefined ? "" : plainText(record.reason, LONGEST_REASON) };
}

function allFacts(record: Cancellation): Fact[] {
	const { seen } = record;
	return [
		...briefFacts(record),
		...facts(
			["Last seen", seen && `${statusWords(seen.status, seen.counts)}, read at ${moment(seen.at)}`],
			...(record.jobKind === "preview" || !seen ? [] : appliedRows(seen.counts)),
		),
	];
}

function briefFacts(record: Cancellation): Fact[] {
	return facts(
		["Receipt", record.receipt],
		[sentence(kindWords(record.jobKind)), escapeText(record.jobId)],
		["Asked by", escapeText(record.requester.name)],
		["Also asked by", otherAskers(record)],
		["Approved", approvalsSoFar(record)],
		["Carried out by", aheadOf(record)],
		["Sent on the role of", onOthersStanding(record)],
		["Asked at", moment(record.openedAt)],
		["Took", record.endedAt === undefined ? "" : duration(record.openedAt, record.endedAt)],
	);
}

/** Who carried it out in their own name, and how, when they skipped others. */
function aheadOf({ goAhead }: Cancellation): string {
	if (!goAhead || goAhead.way === "approved") return "";
	const name = escapeText(goAhead.by.name);
	return goAhead.way === "emergency" ? `${name}, the emergency way` : name;
}

function otherAskers(record: Cancellation): string {
	const askers = new Map<string, Asker>();
	// Whoever asked twice is named once, with the reason that they gave last.
	for (const asker of record.askers)
		askers.set(asker.actor.userId, { ...askers.get(asker.actor.userId), ...asker });
	askers.delete(record.requester.userId);
	const others = [...askers.values()];
	const more = others.length - NAMED_ASKERS;
	const named = others.slice(0, NAMED_ASKERS).map(({ actor, reason }) => {
		const name = escapeText(actor.name);
		return reason === undefined ? name : `${name} (“${escapeText(reason, ECHO_LENGTH)}”)`;
	});
	return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** Who carried the cancellation on, when the first asker no longer could. */
function onOthersStanding(record: Cancellation): string {
	const by = record.attempts.at(-1)?.by;
	return by === undefined || by.userId === record.requester.userId ? "" : escapeText(by.name);
}

/** Ids with which Microsoft's support finds the call. */
function tracing(record: Cancellation): Face["smallPrint"] {
	const last = record.attempts.findLast(wasSent);
	if (!last) return notes("No request to cancel was sent to Graph.");
	const code = last.answer?.errorCode;
	return notes(
		`client-request-id ${escapeText(last.clientRequestId)}`,
		last.answer?.requestId && `request-id ${escapeText(last.answer.requestId)}`,
		code && `Graph's code: ${escapeText(code, ECHO_LENGTH)}`,
	);
}
