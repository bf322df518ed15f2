import type { Asker, Cancellation } from "../cancelling/cancellation.js";
import type { Effect, Event, Move } from "../cancelling/events.js";
import {
	conflict,
	finish,
	type Moved,
	moved,
	type Turn,
	tellFollowers,
	withoutWait,
} from "../cancelling/moves.js";
import { pollDelayMs } from "../cancelling/poll-schedule.js";
import { type JobRead, noteRead } from "../cancelling/sighting.js";
import { known } from "../known.js";
import { isSamePerson } from "../person.js";
import type { Decision, GoAhead } from "./approval.js";
import {
	type Decidable,
	decisionOf,
	isOverdue,
	isWaiting,
	missingApprovals,
	objectionToDecision,
	objectionToGoingAlone,
	objectionToWithdrawal,
} from "./rules.js";

/** The moves of a cancellation that waits for others. Past its deadline, whatever happens first ends it. */
export function moveAwaiting(record: Cancellation, event: Event, turn: Turn): Move {
	if (!isWaiting(record)) return conflict(record, event);
	if (isOverdue(record, turn.now)) return finish(record, { state: "expired" }, turn);
	switch (event.kind) {
		case "joined":
			return join(record, event.asker);
		case "decided":
			return objectionToDecision(record, event, turn.now)
				? conflict(record, event)
				: decide(record, event, turn);
		case "withdrawal":
			return objectionToWithdrawal(record, event.actor, turn.now)
				? conflict(record, event)
				: withdraw(record, turn);
		case "went-ahead":
			return objectionToGoingAlone(record, { ...event, reason: event.asker.reason }, turn.now)
				? conflict(record, event)
				: goAlone(record, event, turn);
		case "job-seen":
		case "job-missing":
		case "job-unreadable":
			return watched(record, event, turn);
		default:
			return conflict(record, event);
	}
}

/** Waits, or waits again: the job is looked at, since it may end by itself. Past the deadline that is the end. */
export function awaitApproval(record: Decidable, turn: Turn): Moved {
	if (isOverdue(record, turn.now)) return finish(record, { state: "expired" }, turn);
	const { goAhead: _over, putOffBy: _past, ...rest } = withoutWait(record);
	const waiting: Decidable = { ...rest, approval: record.approval, state: "awaiting-approval" };
	return moved(waiting, [...waitingEffects(waiting, turn), ...tellFollowers(waiting, "live")]);
}

/** What a waiting request needs done later, from now on. */
export function waitingEffects(record: Decidable, turn: Turn): Effect[] {
	const left = (at: string) => Date.parse(at) - turn.now.getTime();
	const { expiresAt, remindAt } = record.approval;
	return [
		nextPoll(record, turn),
		{ kind: "expire", afterMs: Math.max(0, left(expiresAt)) },
		...remindAt.flatMap((at, number): Effect[] =>
			left(at) > 0 ? [{ kind: "remind", number, afterMs: left(at) }] : [],
		),
	];
}

/** Whoever has decided does not join: nobody is on both sides. */
export function join(record: Cancellation, asker: Asker): Move {
	if (decisionOf(record, asker.actor)) return { kind: "conflict", why: "who has decided does not ask" };
	const joined = withAsker(record, asker);
	return moved(joined, tellFollowers(joined, "live"));
}

/** Who asks again keeps their place; a reason that they give then is not lost. */
function withAsker<Of extends Cancellation>(record: Of, asker: Asker): Of {
	const index = record.askers.findIndex(
		(a) =>
			a.conversationKey === asker.conversationKey &&
			isSamePerson(a.actor, asker.actor) &&
			a.withdrewAt === undefined,
	);
	const before = record.askers[index];
	if (!before) return { ...record, askers: [...record.askers, asker] };
	const { reason } = asker;
	return reason === undefined
		? record
		: { ...record, askers: record.askers.with(index, { ...before, reason }) };
}

function decide(record: Decidable, event: Extract<Event, { kind: "decided" }>, turn: Turn): Move {
	const { actor, verdict, grant, comment } = event;
	const at = turn.now.toISOString();
	const decision: Decision = { actor, verdict, at, grant, ...known({ comment }) };
	const decided: Decidable = { ...record, decisions: [...(record.decisions ?? []), decision] };
	if (verdict === "reject") return finish(decided, { state: "rejected" }, turn);
	return missingApprovals(decided) === 0
		? submit(decided, { way: "approved", at })
		: moved(decided, tellFollowers(decided, "live"));
}

/** Who asked first takes it back: it passes to whoever has asked for longest since, or ends. */
function withdraw(record: Decidable, turn: Turn): Move {
	const { grant: _theirs, reason: _said, ...rest } = record;
	const askers = record.askers.map((asker) =>
		isSamePerson(asker.actor, record.requester)
			? { ...asker, withdrewAt: asker.withdrewAt ?? turn.now.toISOString() }
			: asker,
	);
	const next = askers.find(({ withdrewAt }) => withdrewAt === undefined);
	if (!next) return finish({ ...record, askers }, { state: "withdrawn" }, turn);
	const { approval } = record;
	const passed: Decidable = {
		...rest,
		askers,
		requester: next.actor,
		...known({ reason: next.reason }),
		// Who joins a request holds no role, or would have been asked to decide it.
		approval: { ...approval, entitled: false, edition: approval.edition + 1 },
	};
	return moved(passed, tellFollowers(passed, "live"));
}

function goAlone(record: Decidable, event: Extract<Event, { kind: "went-ahead" }>, turn: Turn): Moved {
	const { asker, grant, emergency } = event;
	const { actor: by, reason } = asker;
	const way = emergency ? "emergency" : "alone";
	const ahead: GoAhead = { way, at: turn.now.toISOString(), by, grant, ...known({ reason }) };
	const heard = withAsker(record, asker);
	if (!emergency || reason === undefined) return submit(heard, ahead);
	const { seq = 0, by: others = [] } = heard.review ?? {};
	const sent = submit({ ...heard, review: { by: [...others, by], reason, seq } }, ahead);
	return { ...sent, effects: [...sent.effects, { kind: "review", seq, afterMs: 0 }] };
}

/** Enough people stand behind it: asking Graph is under way in the same move. */
function submit(record: Decidable, goAhead: GoAhead): Moved {
	const seq = record.submitSeq + 1;
	const from = record.watch.seq + 1;
	const submitting: Cancellation = {
		...record,
		state: "submitting",
		goAhead,
		submitSeq: seq,
		// Nothing that was counted while it waited counts against what begins now.
		watch: { seq: from, from, missing: 0, denied: 0, failed: 0 },
	};
	return moved(submitting, [{ kind: "submit", seq, afterMs: 0 }, ...tellFollowers(submitting, "live")]);
}

function watched(record: Decidable, event: JobRead, turn: Turn): Move {
	const noted = noteRead(record, event, turn);
	if (noted.kind === "moved") return noted;
	const { watch } = noted.record;
	const next: Cancellation = { ...noted.record, watch: { ...watch, seq: record.watch.seq + 1 } };
	// Each update makes every client that shows the card call back; what the job has changed is no reason to.
	const news = record.seen?.status !== next.seen?.status;
	return moved(next, [
		nextPoll(next, turn, noted.retryAfterMs),
		...(news ? tellFollowers(next, "live") : []),
	]);
}

function nextPoll({ watch }: Cancellation, { limits }: Turn, retryAfterMs?: number): Effect {
	const { seq, from = 0 } = watch;
	return { kind: "watch", seq, afterMs: pollDelayMs(seq - from, limits.poll, retryAfterMs) };
}
