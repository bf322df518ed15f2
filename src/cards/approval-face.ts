import type { Audience, Note, View } from "../app/views.js";
import { decisionOf, hasAsked, isWaiting, missingApprovals } from "../core/approving/rules.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import { known } from "../core/known.js";
import { isSamePerson } from "../core/person.js";
import { LONGEST_REASON } from "../core/requests/command.js";
import { approvalsSoFar, lostApprovals, noteWords, saidBy } from "./approval-words.js";
import { type Action, press, toggleDetails } from "./buttons.js";
import { openWords, quote, readFact, type StateWords, subject } from "./cancellation-face.js";
import { commentField } from "./comment-field.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { appliedWords, shortId } from "./job-words.js";
import { outcomeWords } from "./outcome-words.js";
import type { Pen } from "./pen.js";
import { duration, moment } from "./times.js";
import { escapeText, mention, personName } from "./user-text.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** Teams asks for cards of their own for so many people at most. */
const MOST_VIEWERS = 60;
/** Characters that fit into half of a narrow card. */
const NARROW = 12;
/** People that a reminder mentions, and askers that a request names. */
const NAMED = 5;

/** A request that others decide: whole and safe for everybody, or drawn for one person. */
export function approvalFace(view: ViewOf<"approval">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	const { cancellation: record, viewer, note } = view;
	if (!isWaiting(record)) return closedFace(record, note, pen);
	const own = viewer !== undefined && hasAsked(record, viewer);
	const decided = viewer && decisionOf(record, viewer);
	const approved = decided?.verdict === "approve" && !decided.lost;
	const waits = own || approved;
	return face({
		tone: waits ? "accent" : "warning",
		symbol: waits ? SYMBOLS.underWay : SYMBOLS.unclear,
		title: own
			? say("approval.ownTitle")
			: approved
				? say("approval.approvedTitle")
				: say("approval.title", { kind: record.jobKind }),
		lead: say("approval.lead", {
			name: personName(record.requester.name, words),
			moment: moment(record.approval.expiresAt, pen),
		}),
		...aboutRequest(record, pen),
		notes: notes(
			note && noteWords(record, note, pen),
			leavesBehind(record, pen),
			earlierNo(record, pen),
			reachWords(record, view.audience, pen),
			view.supersedes && say("approval.supersedes"),
		),
		smallPrint: notes(say("approval.orType", typed(record, pen))),
		form: own ? [] : commentField(say("approval.comment"), undefined, pen),
		...pressable(view, { own, approved }, pen),
	});
}

function closedFace(record: Cancellation, note: Note | undefined, pen: Pen): Face {
	const {
		advice,
		steps: _forOthers,
		more: _onLiveCard,
		...header
	}: StateWords = record.outcome ? outcomeWords(record, record.outcome, pen) : openWords(record, pen);
	return face({
		...header,
		...aboutRequest(record, pen),
		notes: notes(note && noteWords(record, note, pen), advice),
		refresh: refreshFor(record, []),
	});
}

function pressable(
	{ cancellation: record, audience, viewer }: ViewOf<"approval">,
	{ own, approved }: { readonly own: boolean; readonly approved: boolean },
	{ words: { say } }: Pen,
): Pick<Face, "buttons" | "refresh"> {
	const version = record.approval?.edition ?? 0;
	const withdraws = viewer === undefined || isSamePerson(record.requester, viewer);
	const buttons: Action[] = [
		...(own || approved
			? []
			: [
					press(say("approval.approve"), "approve", record.id, {
						style: "positive",
						withInputs: true,
						version,
					}),
				]),
		...(own
			? []
			: [
					press(say("approval.reject"), "reject", record.id, {
						style: "destructive",
						withInputs: true,
						version,
					}),
				]),
		...(withdraws
			? [
					press(say(viewer ? "approval.withdraw" : "approval.withdrawForAll"), "withdraw", record.id, {
						version,
					}),
				]
			: []),
		press(say("approval.refresh"), "refresh-approval", record.id, { version }),
	];
	const done = viewer && (own || decisionOf(record, viewer));
	const viewers = viewer
		? done
			? []
			: (audience?.viewers ?? []).filter((one) => isSamePerson({ ...viewer, userId: one.userId }, viewer))
		: viewersOf(record, audience);
	return {
		buttons,
		refresh: refreshFor(
			record,
			viewers.map(({ channelUserId }) => channelUserId),
		),
	};
}

/** People who may still do something: whoever has decided needs no card of their own any more. */
function viewersOf(record: Cancellation, audience: Audience | undefined) {
	return (audience?.viewers ?? [])
		.filter(({ userId }) => !decisionOf(record, { tenantId: record.tenantId, userId }))
		.slice(0, MOST_VIEWERS);
}

/** For whom clients ask for a card of their own: each update of the card makes each of them ask once. */
export function refreshFor(record: Cancellation, userIds: readonly string[]): object {
	const version = record.approval?.edition ?? 0;
	return {
		action: { type: "Action.Execute", verb: "refresh-approval", data: { id: record.id, version } },
		userIds,
	};
}

/** What to type instead of pressing a button, in the one language in which it is understood. */
function typed(
	{ receipt }: Pick<Cancellation, "receipt">,
	{ words: { literal } }: Pen,
): { approve: string; reject: string } {
	return { approve: literal(`approve ${receipt}`), reject: literal(`reject ${receipt} because …`) };
}

function aboutRequest(record: Cancellation, pen: Pen): Pick<Face, "subject" | "quote" | "facts"> {
	const { words } = pen;
	const { say } = words;
	const { seen, goAhead } = record;
	const others = [
		...new Map(
			record.askers
				.filter(({ actor, withdrewAt }) => !withdrewAt && !isSamePerson(actor, record.requester))
				.map((asker) => [
					asker.actor.userId,
					saidBy({ actor: asker.actor, ...known({ comment: asker.reason }) }, words),
				]),
		).values(),
	];
	const askedBy = say("facts.askedByAt", {
		name: personName(record.requester.name, words),
		moment: moment(record.openedAt, pen),
	});
	const emergency = goAhead?.way === "emergency";
	const approved = approvalsSoFar(record, words);
	return {
		subject: subject(record, pen),
		quote: quote(record, pen),
		facts: facts(
			[say("facts.receipt"), record.receipt],
			[say("facts.job"), isWaiting(record) ? escapeText(shortId(record.jobId)) : ""],
			// While it waits, the sentence below the title names who asks, and the deadline.
			[say("facts.askedBy"), isWaiting(record) ? "" : askedBy, "wide"],
			[say("facts.alsoAskedBy"), words.list(others.slice(0, NAMED)), "wide"],
			approved.length <= NARROW
				? [say("facts.approved"), approved]
				: [say("facts.approved"), approved, "wide"],
			[say("facts.noLongerCounts"), lostApprovals(record, words), "wide"],
			[
				say("facts.carriedOutBy"),
				goAhead && goAhead.way !== "approved" ? personName(goAhead.by.name, words) : "",
			],
			[
				say("facts.withoutSecond"),
				emergency && goAhead.reason !== record.reason ? escapeText(goAhead.reason ?? "", LONGEST_REASON) : "",
				"wide",
			],
			[say("facts.runningFor"), seen === undefined ? "" : duration(seen.startedAt, seen.at, words)],
			[say("facts.restores"), moment(seen?.targetStateAt, pen)],
			readFact(record, pen),
			[
				say("facts.changedSoFar"),
				record.jobKind === "preview" || !seen ? "" : appliedWords(seen.counts, words),
				"wide",
			],
			[say("facts.job"), isWaiting(record) ? "" : escapeText(record.jobId), "wide"],
		),
	};
}

/** Which request it is, for a message beside the card that shows the whole of it. */
function inShort(record: Cancellation, pen: Pen): Pick<Face, "subject" | "facts"> {
	const { words } = pen;
	const { say } = words;
	const { approval } = record;
	return {
		subject: subject(record, pen),
		facts: facts(
			[say("facts.receipt"), record.receipt],
			[say("facts.job"), escapeText(shortId(record.jobId))],
			[say("facts.askedBy"), personName(record.requester.name, words)],
			[say("facts.expires"), approval && isWaiting(record) ? moment(approval.expiresAt, pen) : ""],
			[say("facts.approved"), approvalsSoFar(record, words), "wide"],
		),
	};
}

function leavesBehind({ jobKind }: Cancellation, { words: { say } }: Pen): string {
	return say(jobKind === "preview" ? "approval.previewLeavesNothing" : "approval.leavesBehind");
}

export function earlierNo({ approval }: Cancellation, pen: Pen): string | undefined {
	const no = approval?.earlierNo;
	return (
		no &&
		pen.words.say("approval.earlierNo", {
			name: saidBy(no, pen.words),
			moment: moment(no.at, pen),
			receipt: no.receipt,
		})
	);
}

function reachWords(record: Cancellation, audience: Audience | undefined, pen: Pen): string | undefined {
	const { say } = pen.words;
	const reach = record.approval?.reach;
	if (!reach) return undefined;
	if (reach.reached === 0) return say("approval.nobodyReached", { command: typed(record, pen).approve });
	return audience?.here === undefined
		? say("approval.canDecide", { count: reach.canDecide })
		: say("approval.canDecideHere", { count: reach.canDecide, here: audience.here });
}

/** A new message that asks those who can to act. */
export function reminderFace({ cancellation: record, audience }: ViewOf<"reminder">, pen: Pen): Face {
	const { say } = pen.words;
	if (!isWaiting(record)) return closedFace(record, undefined, pen);
	const mentions = (audience?.mentions ?? []).slice(0, NAMED).map((one) => mention(one, pen.words));
	const names = pen.words.callees(mentions.map(({ text }) => text));
	const lead = say("reminder.lead", {
		name: personName(record.requester.name, pen.words),
		moment: moment(record.approval.expiresAt, pen),
	});
	return face({
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: say("reminder.title", { count: missingApprovals(record) }),
		lead: names === "" ? lead : `${names}: ${lead}`,
		...inShort(record, pen),
		quote: quote(record, pen),
		notes: notes(leavesBehind(record, pen)),
		smallPrint: notes(say("reminder.useCard", typed(record, pen))),
		mentions,
	});
}

/** The emergency way was used: somebody else is to look at it. */
export function reviewFace({ cancellation: record, note }: ViewOf<"review">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	const { review } = record;
	const names = words.list((review?.by ?? []).map(({ name }) => personName(name, words)));
	const closed = review?.acknowledged;
	const { title: outcome } = record.outcome
		? outcomeWords(record, record.outcome, pen)
		: openWords(record, pen);
	return face({
		tone: closed ? "default" : "warning",
		symbol: closed ? SYMBOLS.ended : SYMBOLS.unclear,
		title: say(closed ? "review.closedTitle" : "review.title"),
		lead: closed
			? say("review.closed", {
					name: saidBy({ actor: closed.actor, ...known({ comment: closed.comment }) }, words),
					moment: moment(closed.at, pen),
				})
			: say("review.lead", { names }),
		...aboutRequest({ ...record, ...known({ reason: review?.reason }) }, pen),
		notes: notes(note && noteWords(record, note, pen), outcome),
		form: closed ? [] : commentField(say("approval.comment"), undefined, pen),
		buttons: closed
			? []
			: [press(say("review.acknowledge"), "acknowledge-review", record.id, { withInputs: true })],
	});
}

/** What became of something that was typed. */
export function toldFace({ cancellation: record, note }: ViewOf<"told">, pen: Pen): Face {
	const { say } = pen.words;
	const taken = note.kind === "done";
	// What was recorded is no outcome: nobody shall take it for one.
	const title = record.state === "awaiting-approval" ? "note.waitsTitle" : "note.doneTitle";
	return face({
		tone: taken ? "accent" : "attention",
		symbol: taken ? SYMBOLS.underWay : SYMBOLS.no,
		title: say(taken ? title : "note.notDoneTitle", { receipt: record.receipt }),
		lead: noteWords(record, note, pen),
		...inShort(record, pen),
	});
}

/** The emergency way is closed in the settings. */
export function noEmergencyFace({ jobId }: ViewOf<"no-emergency">, pen: Pen): Face {
	const { say } = pen.words;
	return face({
		tone: "attention",
		symbol: SYMBOLS.no,
		title: say("noEmergency.title"),
		lead: say("noEmergency.lead", {
			command: pen.words.literal(`cancel job ${escapeText(jobId)} because …`),
		}),
		subject: say("summary.job", { id: shortId(jobId) }),
		buttons: [toggleDetails(pen)],
		details: notes(say("details.emergencySteps")),
	});
}
