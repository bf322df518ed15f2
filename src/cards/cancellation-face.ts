import type { Cancellation } from "../core/cancellation.js";
import { type Face, type Fact, face, facts, notes } from "./face.js";
import { appliedRows, kindWords, sentence, statusWords } from "./job-words.js";
import { outcomeWords } from "./outcome-words.js";
import { duration, moment, momentAfter } from "./times.js";
import { ECHO_LENGTH, escapeText, plainText, REASON_LENGTH } from "./user-text.js";

/** Other askers that a card names before it only counts them. */
const NAMED_ASKERS = 5;

/** The live card: where the cancellation stands at this moment, and never more than that. */
export function liveFace(record: Cancellation, announcementMissed: boolean): Face {
	const missed = announcementMissed
		? "The closing message may not have reached this conversation."
		: undefined;
	if (record.outcome) {
		const words = outcomeWords(record, record.outcome);
		// The follow-up card says it all; without one, this card must.
		const told = announcementMissed
			? { facts: allFacts(record), notes: notes(words.advice, missed), smallPrint: tracing(record) }
			: { facts: briefFacts(record) };
		return face({ ...words, ...common(record), ...told });
	}
	const words = record.state === "stopping" ? stopping(record) : submitting(record);
	return face({ ...common(record), ...words, facts: allFacts(record), notes: notes(missed) });
}

/** The follow-up card: how it ended. The mention in its lead is the caller's. */
export function followUpFace(record: Cancellation, greeting: string): Face {
	if (!record.outcome) throw new Error(`cancellation ${record.id} has no outcome to announce`);
	const words = outcomeWords(record, record.outcome);
	return face({
		...words,
		...common(record),
		lead: `${greeting} ${words.lead}`,
		facts: allFacts(record),
		notes: notes(words.advice),
		smallPrint: record.state === "refused" || record.state === "lost-track" ? tracing(record) : [],
	});
}

function submitting(record: Cancellation): Pick<Face, "tone" | "symbol" | "title" | "lead"> {
	const header = { tone: "accent", symbol: "…" } as const;
	const last = record.attempts.at(-1)?.answer;
	if (record.waitingUntil === undefined)
		return { ...header, title: "Asking Graph to cancel", lead: "Nothing has been accepted yet." };
	const next = momentAfter("Next try at", record.waitingUntil);
	const then = next === "" ? "" : ` ${next}.`;
	if (last?.kind === "throttled" && last.httpStatus === 429)
		return {
			...header,
			title: "Waiting to ask Graph",
			lead: `Graph asked this bot to wait. Nothing has been accepted yet.${then}`,
		};
	return {
		...header,
		title: "Waiting to ask Graph",
		lead: `There is no clear answer yet. The job is read again before anything more is asked.${then}`,
	};
}

function stopping(record: Cancellation): Pick<Face, "tone" | "symbol" | "title" | "lead"> {
	const shown = record.seen ? ` The job still shows: ${statusWords(record.seen.status)}.` : "";
	return {
		tone: "accent",
		symbol: "◼",
		title: "Asked to stop",
		lead: `Graph accepted the request${momentAfter(" at", record.acceptedAt)}.${shown} Asked to stop is not stopped; this card follows it.`,
	};
}

function common(record: Cancellation): Pick<Face, "quote"> {
	return { quote: record.reason === undefined ? "" : plainText(record.reason, REASON_LENGTH) };
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
		["Asked at", moment(record.openedAt)],
		["Took", record.endedAt === undefined ? "" : duration(record.openedAt, record.endedAt)],
	);
}

function otherAskers(record: Cancellation): string {
	const names = new Map(record.askers.map(({ actor }) => [actor.userId, actor.name]));
	names.delete(record.requester.userId);
	const others = [...names.values()];
	const more = others.length - NAMED_ASKERS;
	const shown = others.slice(0, NAMED_ASKERS).map((name) => escapeText(name));
	return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** Ids with which Microsoft's support finds the call. */
function tracing(record: Cancellation): Face["smallPrint"] {
	const last = record.attempts.at(-1);
	if (!last) return notes("No request to cancel was sent to Graph.");
	const code = last.answer?.errorCode;
	return notes(
		`client-request-id ${escapeText(last.clientRequestId)}`,
		last.answer?.requestId && `request-id ${escapeText(last.answer.requestId)}`,
		code && `Graph's code: ${escapeText(code, ECHO_LENGTH)}`,
	);
}
