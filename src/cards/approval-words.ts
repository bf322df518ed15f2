import type { Note } from "../app/views.js";
import type { Decision } from "../core/approving/approval.js";
import {
	countedApprovals,
	isWaiting,
	missingApprovals,
	neededApprovals,
	type Objection,
	rejectionOf,
} from "../core/approving/rules.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import type { Pen } from "./pen.js";
import { problemWords, refusalWords } from "./role-face.js";
import { moment } from "./times.js";
import { ECHO_LENGTH, escapeText, personName } from "./user-text.js";
import type { Words } from "./words.js";

/** A name, with the comment that came with a decision. */
export function saidBy({ actor, comment }: Pick<Decision, "actor" | "comment">, { say }: Words): string {
	const name = personName(actor.name, { say });
	return comment === undefined
		? name
		: say("facts.withReason", { name, reason: escapeText(comment, ECHO_LENGTH) });
}

/** For example `1 of 2: Bernard (“go”)`. */
export function approvalsSoFar(record: Cancellation, words: Words): string {
	if (!record.approval) return "";
	const counted = countedApprovals(record);
	const first = record.approval.mode === "two-person" && record.approval.entitled;
	const people = [
		...(first ? [words.say("approvals.whoAsks", { name: personName(record.requester.name, words) })] : []),
		...counted.map((decision) => saidBy(decision, words)),
	];
	const numbers = {
		count: counted.length + (first ? 1 : 0),
		needed: neededApprovals(record.approval) + (first ? 1 : 0),
	};
	return people.length === 0
		? words.say("approvals.soFar", numbers)
		: words.say("approvals.soFarBy", { ...numbers, names: words.list(people) });
}

/** Yeses that stopped counting. */
export function lostApprovals({ decisions = [] }: Cancellation, words: Words): string {
	return words.list(decisions.filter(({ lost }) => lost).map(({ actor }) => personName(actor.name, words)));
}

/** What became of a press or a typed command, said to the person who made it. */
export function noteWords(record: Cancellation, note: Note, pen: Pen): string {
	switch (note.kind) {
		case "done":
			return doneWords(record, note.what, pen);
		case "objection":
			return objectionWords(record, note.why, pen);
		case "refused":
			return pen.words.say("note.refused", {
				why:
					note.rule === "unreadable-standing"
						? problemWords(note.problem ?? "unavailable", "", pen)
						: refusalWords({ rule: note.rule, permission: "cancel", scopedRoles: [] }, pen),
			});
	}
}

function doneWords(
	record: Cancellation,
	what: Extract<Note, { kind: "done" }>["what"],
	{ words: { say } }: Pen,
): string {
	switch (what) {
		case "asked":
			return say("note.asked");
		case "joined":
			return say("note.joined");
		case "approved": {
			const missing = isWaiting(record) ? missingApprovals(record) : 0;
			return missing > 0 ? say("note.approvedMissing", { count: missing }) : say("note.approved");
		}
		case "rejected":
			return say("note.rejected");
		case "withdrawn":
			return isWaiting(record)
				? say("note.withdrawnOthersAsk", { name: personName(record.requester.name, { say }) })
				: say("note.withdrawn");
		case "went-ahead":
			return say("note.wentAhead");
		case "acknowledged":
			return say("note.acknowledged");
		case "offered":
			return say("note.offered");
	}
}

function objectionWords(record: Cancellation, why: Objection, pen: Pen): string {
	const { say } = pen.words;
	switch (why) {
		case "not-waiting":
			return decidedWords(record, pen);
		case "expired":
			return say("note.expired");
		case "own-request":
			return say("note.ownRequest", {
				command: pen.words.literal("cancel job \\<id\\> --emergency because …"),
			});
		case "already-approved":
			return say("note.youApproved");
		case "stale":
			return say("note.stale");
		case "not-requester":
			return say("note.notRequester", { name: personName(record.requester.name, pen.words) });
		case "second-person":
			return say("note.secondPerson");
		case "no-reason":
			return say("note.noReason");
		case "own-emergency":
			return say("note.ownEmergency");
		case "no-review":
			return say("note.noReview");
		case "already-acknowledged": {
			const by = record.review?.acknowledged;
			return by === undefined
				? say("note.alreadyAcknowledged")
				: say("note.alreadyAcknowledgedBy", {
						name: personName(by.actor.name, pen.words),
						moment: moment(by.at, pen),
					});
		}
	}
}

/** Who decided, for somebody who came late. */
function decidedWords(record: Cancellation, pen: Pen): string {
	const { words } = pen;
	const { say } = words;
	const no = rejectionOf(record);
	const { goAhead } = record;
	if (record.state === "rejected" && no)
		return say("note.alreadyRejected", { name: saidBy(no, words), moment: moment(no.at, pen) });
	if (record.state === "expired") return say("note.alreadyExpired");
	if (record.state === "withdrawn") return say("note.alreadyWithdrawn");
	if (goAhead?.way === "approved")
		return say("note.alreadyApproved", {
			moment: moment(goAhead.at, pen),
			names: words.list(countedApprovals(record).map((decision) => saidBy(decision, words))),
		});
	if (goAhead)
		return say("note.alreadyCarriedOut", {
			name: personName(goAhead.by.name, words),
			moment: moment(goAhead.at, pen),
		});
	return say("note.nothingToDecide");
}
