import type { Note } from "../app/views.js";
import type { Decision } from "../core/approving/approval.js";
import {
	countedApprovals,
	isWaiting,
	missingApprovals,
	neededApprovals,
	type Objection,
} from "../core/approving/rules.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import { kindWords } from "./job-words.js";
import { refusalWords } from "./refusal-words.js";
import { moment } from "./times.js";
import { ECHO_LENGTH, escapeText } from "./user-text.js";

/** The ends of a request that was never carried out. */
export function notCarriedOutWords(
	record: Cancellation,
	state: "rejected" | "expired" | "withdrawn",
): {
	tone: "warning" | "attention";
	symbol: string;
	title: string;
	lead: string;
	advice: string;
} {
	const nothing = `Nothing was sent to Graph. The ${kindWords(record.jobKind)} was still running when it was last read.`;
	switch (state) {
		case "rejected": {
			const no = rejectionOf(record);
			return {
				tone: "attention",
				symbol: "✖",
				title: "Rejected",
				lead: no === undefined ? "It was rejected." : `${saidBy(no)} rejected it.`,
				advice: `${nothing} If things have changed, ask again; the card will show this no.`,
			};
		}
		case "expired":
			return {
				tone: "warning",
				symbol: "⏱",
				title: "Expired",
				lead: "Not enough people had approved it by its deadline.",
				advice: `${nothing} Ask again if it is still wanted.`,
			};
		case "withdrawn":
			return {
				tone: "warning",
				symbol: "↩",
				title: "Withdrawn",
				lead: "Whoever asked for it took it back.",
				advice: nothing,
			};
	}
}

export function rejectionOf({ decisions = [] }: Cancellation): Decision | undefined {
	return decisions.findLast(({ verdict }) => verdict === "reject");
}

/** A name, with the comment that came with a decision. */
export function saidBy({ actor, comment }: Pick<Decision, "actor" | "comment">): string {
	const name = escapeText(actor.name);
	return comment === undefined ? name : `${name} (“${escapeText(comment, ECHO_LENGTH)}”)`;
}

/** For example `1 of 2: Bernard (“go”)`. */
export function approvalsSoFar(record: Cancellation): string {
	if (!record.approval) return "";
	const counted = countedApprovals(record);
	const first = record.approval.mode === "two-person" && record.approval.entitled;
	const people = [
		...(first ? [`${escapeText(record.requester.name)}, who asks and holds the role`] : []),
		...counted.map(saidBy),
	];
	const needed = neededApprovals(record.approval) + (first ? 1 : 0);
	const names = people.length === 0 ? "" : `: ${people.join(", ")}`;
	return `${counted.length + (first ? 1 : 0)} of ${needed}${names}`;
}

/** Yeses that stopped counting. */
export function lostApprovals({ decisions = [] }: Cancellation): string {
	return decisions
		.filter(({ lost }) => lost)
		.map(({ actor }) => escapeText(actor.name))
		.join(", ");
}

/** What became of a press or a typed command, said to the person who made it. */
export function noteWords(record: Cancellation, note: Note): string {
	switch (note.kind) {
		case "done":
			return doneWords(record, note.what);
		case "objection":
			return objectionWords(record, note.why);
		case "refused":
			return `This did not count: ${refusalWords(note.rule, "cancel", note.problem)}`;
	}
}

function doneWords(record: Cancellation, what: Extract<Note, { kind: "done" }>["what"]): string {
	switch (what) {
		case "asked":
			return "Your request is recorded, and stands where people can decide it.";
		case "joined":
			return "It had been asked for already; you asked for it, too, and will hear how it ends.";
		case "approved": {
			const missing = isWaiting(record) ? missingApprovals(record) : 0;
			return missing > 0
				? `You approved it. ${missing} more must approve.`
				: "You approved it. It goes ahead.";
		}
		case "rejected":
			return "You rejected it. It has ended.";
		case "withdrawn":
			return isWaiting(record)
				? `You withdrew. ${escapeText(record.requester.name)} still asks for it.`
				: "You withdrew it. It has ended.";
		case "went-ahead":
			return "It is carried out now, in your name.";
		case "acknowledged":
			return "You acknowledged it. The review is closed.";
		case "offered":
			return "It waits for approval, and you may decide it.";
	}
}

function objectionWords(record: Cancellation, why: Objection): string {
	switch (why) {
		case "not-waiting":
			return `This changed nothing: ${decidedWords(record)}`;
		case "expired":
			return "This changed nothing: its deadline had passed.";
		case "own-request":
			return "This did not count: who asked for it, or joined, does not decide it. Somebody else who holds the role can; in an emergency there is: cancel job \\<id\\> --emergency because …";
		case "already-approved":
			return "You have approved it already; this changed nothing.";
		case "stale":
			return "This did not count: the request had changed since your card was drawn. Look at it, and decide again.";
		case "not-requester":
			return `Only ${escapeText(record.requester.name)} can withdraw it, who asks for it.`;
		case "second-person":
			return "Nobody cancels this alone here. You may approve it.";
		case "no-reason":
			return "A reason is required for the emergency way. Say why, after --emergency.";
		case "own-emergency":
			return "This did not count: whoever used the emergency way cannot close its review. Another person who holds the role can.";
		case "no-review":
			return "There is no review to acknowledge.";
		case "already-acknowledged": {
			const by = record.review?.acknowledged;
			return by === undefined
				? "It has been acknowledged already."
				: `${escapeText(by.actor.name)} acknowledged it already, at ${moment(by.at)}.`;
		}
	}
}

/** Who decided, for somebody who came late. */
function decidedWords(record: Cancellation): string {
	const no = rejectionOf(record);
	const { goAhead } = record;
	if (record.state === "rejected" && no) return `${saidBy(no)} had rejected it at ${moment(no.at)}.`;
	if (record.state === "expired") return "it had expired.";
	if (record.state === "withdrawn") return "it had been withdrawn.";
	if (goAhead?.way === "approved")
		return `it had been approved at ${moment(goAhead.at)} by ${countedApprovals(record).map(saidBy).join(", ")}.`;
	if (goAhead) return `${escapeText(goAhead.by.name)} had carried it out at ${moment(goAhead.at)}.`;
	return "nothing is to be decided about it.";
}
