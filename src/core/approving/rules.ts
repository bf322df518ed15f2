import type { Cancellation } from "../cancelling/cancellation.js";
import { type Actor, isSamePerson, type Person } from "../person.js";
import type { Approval, Decision, Verdict } from "./approval.js";

/** With `two-person`, so many entitled people stand behind a cancelled job. */
const TWO = 2;

/** Whether this person asked for the cancellation, also if they have withdrawn since. */
export function hasAsked({ requester, askers }: Cancellation, person: Person): boolean {
	return isSamePerson(requester, person) || askers.some(({ actor }) => isSamePerson(actor, person));
}

/** What this person decided last. */
export function decisionOf({ decisions = [] }: Cancellation, person: Person): Decision | undefined {
	return decisions.findLast(({ actor }) => isSamePerson(actor, person));
}

/** The no that ended it, where one did. */
export function rejectionOf({ decisions = [] }: Pick<Cancellation, "decisions">): Decision | undefined {
	return decisions.findLast(({ verdict }) => verdict === "reject");
}

/** The yeses that count: one a person, from nobody who asked, and from nobody who lost the role since. */
export function countedApprovals(record: Cancellation): readonly Decision[] {
	const { decisions = [] } = record;
	return decisions.filter(
		(decision) =>
			decisionOf(record, decision.actor) === decision &&
			decision.verdict === "approve" &&
			decision.lost === undefined &&
			!hasAsked(record, decision.actor),
	);
}

/** How many approvers it takes. Where nobody entitled asked, `two-person` takes two others at least. */
export function neededApprovals({
	mode,
	required,
	entitled,
}: Pick<Approval, "mode" | "required" | "entitled">): number {
	return mode === "two-person" && !entitled ? Math.max(TWO, required) : required;
}

/** How many approvers are still missing. */
export function missingApprovals(record: Cancellation & { readonly approval: Approval }): number {
	return Math.max(0, neededApprovals(record.approval) - countedApprovals(record).length);
}

export function isOverdue({ approval }: Cancellation, now: Date): boolean {
	return approval !== undefined && now.getTime() >= Date.parse(approval.expiresAt);
}

/** A record that others decide on. */
export type Decidable = Cancellation & { readonly approval: Approval };

export function isWaiting(record: Cancellation): record is Decidable {
	return record.state === "awaiting-approval" && record.approval !== undefined;
}

/** Why somebody's press does nothing. */
export type Objection =
	/** It is decided, or has ended. */
	| "not-waiting"
	| "expired"
	/** Who asked, or joined, never decides. */
	| "own-request"
	| "already-approved"
	/** The card showed something else than is to be decided now. */
	| "stale"
	| "not-requester"
	/** Nobody goes ahead alone here. */
	| "second-person"
	| "no-reason"
	| "own-emergency"
	| "no-review"
	| "already-acknowledged";

/** Why a yes or no of this person would not count; nothing when it would. Their role is read by the caller. */
export function objectionToDecision(
	record: Cancellation,
	{
		actor,
		verdict,
		edition,
	}: { readonly actor: Person; readonly verdict: Verdict; readonly edition?: number },
	now: Date,
): Objection | undefined {
	if (!isWaiting(record)) return "not-waiting";
	if (isOverdue(record, now)) return "expired";
	if (hasAsked(record, actor)) return "own-request";
	if (edition !== undefined && edition !== record.approval.edition) return "stale";
	const earlier = decisionOf(record, actor);
	return verdict === "approve" && earlier?.verdict === "approve" && !earlier.lost
		? "already-approved"
		: undefined;
}

/** Why this person cannot withdraw it; nothing when they can. */
export function objectionToWithdrawal(record: Cancellation, actor: Person, now: Date): Objection | undefined {
	if (!isWaiting(record)) return "not-waiting";
	if (isOverdue(record, now)) return "expired";
	return isSamePerson(record.requester, actor) ? undefined : "not-requester";
}

/** Why one person with the role cannot carry a waiting request out by themselves; nothing when they can. */
export function objectionToGoingAlone(
	record: Cancellation,
	{ emergency, reason }: { readonly emergency: boolean; readonly reason?: string | undefined },
	now: Date,
): Objection | undefined {
	if (!isWaiting(record)) return "not-waiting";
	if (isOverdue(record, now)) return "expired";
	if (emergency) return reason === undefined ? "no-reason" : undefined;
	return record.approval.mode === "on-request" ? undefined : "second-person";
}

/** Why this person cannot close the review of an emergency; nothing when they can. */
export function objectionToAcknowledging({ review }: Cancellation, actor: Person): Objection | undefined {
	if (!review) return "no-review";
	if (review.by.some((user) => isSamePerson(user, actor))) return "own-emergency";
	return review.acknowledged ? "already-acknowledged" : undefined;
}

/**
 * Whose role must be seen right before the call: every counted approver and, where they are one of the two, the
 * requester; or whoever went ahead alone. Nothing when nobody but an asker had to be asked.
 */
export function peopleBehind(record: Cancellation): readonly Actor[] | undefined {
	const { goAhead, approval } = record;
	if (!goAhead) return undefined;
	if (goAhead.way !== "approved") return [goAhead.by];
	const first = approval?.mode === "two-person" && approval.entitled ? [record.requester] : [];
	return [...first, ...countedApprovals(record).map(({ actor }) => actor)];
}

/** Whether it may go to Graph, given who was just seen to hold the role. */
export function isCarriedBy(record: Cancellation, holders: readonly Person[]): boolean {
	const { goAhead, approval } = record;
	const holds = (person: Person) => holders.some((holder) => isSamePerson(holder, person));
	if (!goAhead) return true;
	if (goAhead.way !== "approved") return holds(goAhead.by);
	if (!approval) return false;
	const needed = neededApprovals({ ...approval, entitled: approval.entitled && holds(record.requester) });
	return countedApprovals(record).filter(({ actor }) => holds(actor)).length >= needed;
}
