import {
	type Asker,
	type Cancellation,
	mayHaveReachedGraph,
	type Waiting,
	wasSent,
} from "../core/cancelling/cancellation.js";
import { known } from "../core/known.js";
import { LONGEST_REASON } from "../core/requests/command.js";
import { approvalsSoFar, saidBy } from "./approval-words.js";
import { type Action, openAdminCenter, showJob, toggleDetails } from "./buttons.js";
import { type Face, type Fact, face, facts, type Note, notes, SYMBOLS } from "./face.js";
import { appliedWords, failedWords, linksWords, objectsWords, shortId, statusWords } from "./job-words.js";
import { outcomeWords, stoppedAskingWords } from "./outcome-words.js";
import type { Pen } from "./pen.js";
import { duration, moment } from "./times.js";
import { ECHO_LENGTH, escapeText, personName, quoted } from "./user-text.js";
import { firstOf, type MessageKey, type Words } from "./words.js";

/** Other askers that a card names before it only counts them. */
const NAMED_ASKERS = 5;

/** The live card: the record of the cancellation as it stands at this moment, and never more than that. */
export function liveFace(
	record: Cancellation,
	doubts: {
		readonly announcementMissed?: boolean;
		readonly supersedes?: boolean;
		readonly copiedAt?: string;
	},
	pen: Pen,
): Face {
	const { say } = pen.words;
	const { announcementMissed = false, supersedes = false, copiedAt } = doubts;
	const about = [
		announcementMissed ? say("live.missed") : undefined,
		supersedes ? say("live.supersedes") : undefined,
		copiedAt === undefined ? undefined : say("live.copied", { moment: moment(copiedAt, pen) }),
	];
	const { advice, steps, more, ...header }: StateWords = record.outcome
		? outcomeWords(record, record.outcome, pen)
		: openWords(record, pen);
	const details = tracing(record, steps, pen);
	// The follow-up card says what to do; without one, this card must.
	const alone = !record.outcome || announcementMissed;
	const buttons = alone ? actions(record, pen) : [];
	return face({
		...header,
		subject: subject(record, pen),
		quote: quote(record, pen),
		notes: notes(...(more ?? []), alone ? advice : undefined, ...about),
		facts: copiedAt === undefined ? allFacts(record, pen) : briefFacts(record, pen),
		buttons: [...buttons, ...(details.length > 0 ? [toggleDetails(pen)] : [])],
		details,
	});
}

/**
 * A new message, so that people are notified: how it ended or, before that, that the bot asks no more and they
 * may have to act. The mention at the start is the caller's. The record stands on the live card.
 */
export function newsFace(record: Cancellation, greeting: string, pen: Pen): Face {
	const { words } = pen;
	const {
		advice,
		steps,
		more: _onLiveCard,
		...header
	}: StateWords = record.outcome ? outcomeWords(record, record.outcome, pen) : openWords(record, pen);
	const details = notes(steps);
	return face({
		...header,
		subject: subject(record, pen),
		lead: `${greeting} ${header.lead}`,
		notes: notes(advice),
		facts: facts(
			[words.say("facts.receipt"), record.receipt],
			[words.say("facts.job"), escapeText(shortId(record.jobId))],
			...whoDecided(record, pen),
			...appliedFacts(record, pen),
		),
		buttons: [...actions(record, pen), ...(details.length > 0 ? [toggleDetails(pen)] : [])],
		details,
	});
}

/** Where a cancellation stands, in words. */
export type StateWords = Pick<Face, "tone" | "symbol" | "title" | "lead"> & {
	readonly advice?: string;
	readonly steps?: string;
	readonly more?: readonly string[];
};

export function openWords(record: Cancellation, pen: Pen): StateWords {
	const { say } = pen.words;
	if (record.state === "awaiting-approval")
		return {
			tone: "accent",
			symbol: SYMBOLS.underWay,
			title: say("live.approvalTitle"),
			lead: say("live.approval"),
		};
	if (record.state !== "stopping") return submitting(record, pen);
	return record.acceptedAt === undefined ? watchingOnly(record, pen) : stopping(record, pen);
}

function submitting(record: Cancellation, pen: Pen): StateWords {
	const { words } = pen;
	const { say } = words;
	const { waiting } = record;
	if (!waiting)
		return {
			tone: "accent",
			symbol: SYMBOLS.underWay,
			title: say("live.askingTitle"),
			lead: say("live.asking"),
		};
	const mayHaveArrived = record.attempts.some(mayHaveReachedGraph);
	const sofar = mayHaveArrived
		? say("live.mayHaveArrived")
		: say(record.attempts.some(wasSent) ? "live.nothingAccepted" : "live.nothingSent");
	const waitMs = Date.parse(waiting.until) - pen.now.getTime();
	const next =
		waitMs > 0 ? say("live.nextTry", { duration: words.duration(waitMs) }) : say("live.nextTryNow");
	return {
		...(mayHaveArrived
			? { tone: "warning", symbol: SYMBOLS.unclear, title: say("live.unclearTitle") }
			: { tone: "accent", symbol: SYMBOLS.underWay, title: say("live.waitingTitle") }),
		lead: words.sentences(say(WAITING[waiting.why]), sofar, next),
	};
}

const WAITING: Readonly<Record<Waiting["why"], MessageKey>> = {
	throttled: "live.throttled",
	"not-sent": "live.notSent",
	"no-answer": "live.noAnswer",
	"job-unreadable": "live.jobUnreadable",
	"role-unreadable": "live.roleUnreadable",
};

function stopping(record: Cancellation, pen: Pen): StateWords {
	const { say } = pen.words;
	const since = moment(record.acceptedAt, pen);
	return {
		tone: "accent",
		symbol: SYMBOLS.underWay,
		title: say("live.stoppingTitle"),
		lead: since === "" ? say("live.stopping") : say("live.stoppingSince", { moment: since }),
		more: progress(record, pen),
	};
}

function watchingOnly(record: Cancellation, pen: Pen): StateWords {
	const { words } = pen;
	return {
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: words.say("live.doubtTitle"),
		lead: words.sentences(stoppedAskingWords(record, words), words.say("live.doubt")),
		advice: words.say("live.doubtAdvice"),
		more: progress(record, pen),
	};
}

/** How far the job had come when it was last read; a preview changes nothing. */
function progress({ seen, jobKind }: Cancellation, { words }: Pen): string[] {
	if (!seen || jobKind === "preview") return [];
	const done = objectsWords(seen.counts, words.say);
	const time = duration(seen.startedAt, seen.at, words);
	return [
		time === ""
			? words.say("live.progressSinceUnknown", { progress: done })
			: words.say("live.progress", { progress: done, duration: time }),
	];
}

/** What people can do now: look, where the end is seen or on its way, and act themselves where it is not. */
function actions(record: Cancellation, pen: Pen): Action[] {
	const show = showJob(pen, record.jobId);
	if (record.state === "abandoned" || record.state === "too-late" || record.state === "withdrawn")
		return [show];
	const onItsWay = record.state === "stopping" && record.acceptedAt !== undefined;
	return onItsWay || record.state === "awaiting-approval" ? [show] : [openAdminCenter(pen), show];
}

/** Which job and which receipt, for the notification. */
export function subject({ jobId, receipt }: Cancellation, { words }: Pen): string {
	return words.say("summary.jobAndReceipt", { id: shortId(jobId), receipt });
}

/** The reason of whoever asked, whole. */
export function quote({ reason }: { readonly reason?: string }, { words }: Pen): string {
	return quoted(reason, LONGEST_REASON, words);
}

/** What Graph showed of the job, and when. */
export function readFact({ seen }: Cancellation, pen: Pen): readonly [title: string, value: string] {
	const { words } = pen;
	const status = seen && statusWords(seen.status, seen.counts, words);
	return [
		words.say("facts.read"),
		seen && status !== undefined ? words.say("facts.readAs", { status, moment: moment(seen.at, pen) }) : "",
	];
}

/** Which cancellation it is and who asks: the rest stands on the card of which this is a copy. */
function briefFacts(record: Cancellation, pen: Pen): Fact[] {
	const { say } = pen.words;
	return facts(
		[say("facts.receipt"), record.receipt],
		[say("facts.job"), escapeText(shortId(record.jobId))],
		[say("facts.askedBy"), personName(record.requester.name, pen.words), "wide"],
		[say("facts.alsoAskedBy"), otherAskers(record, pen), "wide"],
	);
}

function allFacts(record: Cancellation, pen: Pen): Fact[] {
	const { words } = pen;
	const { say } = words;
	return facts(
		[say("facts.receipt"), record.receipt],
		[say("facts.askedBy"), personName(record.requester.name, words)],
		[say("facts.alsoAskedBy"), otherAskers(record, pen), "wide"],
		[say("facts.approved"), approvalsSoFar(record, words), "wide"],
		[say("facts.carriedOutBy"), aheadOf(record, pen), "wide"],
		[say("facts.roleOf"), onOthersStanding(record, words), "wide"],
		[say("facts.askedAt"), moment(record.openedAt, pen)],
		[
			say("facts.cancelledIn"),
			record.state === "abandoned" ? duration(record.openedAt, record.endedAt, words) : "",
		],
		readFact(record, pen),
		...countFacts(record, pen),
		[say("facts.job"), escapeText(record.jobId), "wide"],
	);
}

/** What the job had changed when it was last read; while it is stopping, its progress tells of the objects. */
function countFacts(record: Cancellation, pen: Pen) {
	const { seen, jobKind, state } = record;
	if (!seen || jobKind === "preview" || state !== "stopping") return appliedFacts(record, pen);
	const { words } = pen;
	return [
		[words.say("facts.links"), linksWords(seen.counts, words)] as const,
		[words.say("facts.failed"), failedWords(seen.counts, words)] as const,
	];
}

function appliedFacts({ seen, jobKind, outcome }: Cancellation, { words }: Pen) {
	if (!seen || jobKind === "preview") return [];
	const ended = outcome?.state === "abandoned" || outcome?.state === "too-late";
	const title = words.say(ended ? "facts.staysApplied" : "facts.changedSoFar");
	return [[title, appliedWords(seen.counts, words), "wide"] as const];
}

/** Who carried it out in their own name, and how, when they skipped others. */
function aheadOf({ goAhead }: Cancellation, { words }: Pen): string {
	if (!goAhead || goAhead.way === "approved") return "";
	const name = personName(goAhead.by.name, words);
	return goAhead.way === "emergency" ? words.say("facts.byEmergency", { name }) : name;
}

/** Who asked and who let it through, in their words, where more than one person was needed or was skipped. */
function whoDecided(
	record: Cancellation,
	pen: Pen,
): (readonly [title: string, value: string, wide: "wide"])[] {
	const { words } = pen;
	const { approval, goAhead, requester } = record;
	if (!approval && !goAhead) return [];
	const approved = goAhead?.way === "approved" ? approvalsSoFar(record, words) : "";
	return [
		[
			words.say("facts.askedBy"),
			saidBy({ actor: requester, ...known({ comment: record.reason }) }, words),
			"wide",
		],
		[words.say("facts.approved"), approved, "wide"],
		[words.say("facts.carriedOutBy"), aheadOf(record, pen), "wide"],
	];
}

function otherAskers(record: Cancellation, { words }: Pen): string {
	const askers = new Map<string, Asker>();
	// Whoever asked twice is named once, with the reason that they gave last.
	for (const asker of record.askers)
		askers.set(asker.actor.userId, { ...askers.get(asker.actor.userId), ...asker });
	askers.delete(record.requester.userId);
	const others = [...askers.values()].map(({ actor, reason }) =>
		saidBy({ actor, ...known({ comment: reason }) }, words),
	);
	return words.list(firstOf(others, NAMED_ASKERS, words));
}

/** Who carried the cancellation on, when the first asker no longer could. */
function onOthersStanding(record: Cancellation, words: Words): string {
	const by = record.attempts.at(-1)?.by;
	return by === undefined || by.userId === record.requester.userId ? "" : personName(by.name, words);
}

/** Ids with which Microsoft's support finds the call, and what whoever runs the bot has to do. */
function tracing(record: Cancellation, steps: string | undefined, { words }: Pen): Note[] {
	const { say } = words;
	const last = record.attempts.findLast(wasSent);
	if (!last) return notes(steps, record.outcome ? say("outcome.notSent") : undefined);
	const { requestId, errorCode } = last.answer ?? {};
	return notes(
		steps,
		say("details.clientRequestId", { id: escapeText(last.clientRequestId) }),
		requestId && say("details.requestId", { id: escapeText(requestId) }),
		errorCode && say("details.errorCode", { code: escapeText(errorCode, ECHO_LENGTH) }),
	);
}
