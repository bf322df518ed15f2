import { awaitApproval } from "../approving/awaiting-approval.js";
import { type Decidable, isCarriedBy, isOverdue, peopleBehind } from "../approving/rules.js";
import { known } from "../known.js";
import { type Actor, type Grant, isSamePerson } from "../person.js";
import type { Attempt, Cancellation, StoppedAsking, Waiting } from "./cancellation.js";
import { mayHaveReachedGraph } from "./cancellation.js";
import type { Event, Move } from "./events.js";
import { type Asking, firstRecord } from "./first-record.js";
import {
	conflict,
	finish,
	lose,
	type Moved,
	moved,
	refuse,
	type Turn,
	tellFollowers,
	timeLeft,
	withoutWait,
} from "./moves.js";
import { pollDelayMs } from "./poll-schedule.js";
import { noteRead } from "./sighting.js";
import { follow } from "./stopping.js";

/**
 * After a POST whose fate is unknown the job is only read for this long, in milliseconds, before another
 * POST: a job that is being stopped still shows as running for a while.
 */
const SETTLING_MS = 5_000;

/** The first record of a cancellation that nobody else has to decide, with the effects that start it. */
export function openCancellation(
	asking: Asking & { readonly grant: Grant },
	now: Date,
): Pick<Moved, "record" | "effects"> {
	const record = firstRecord(asking, "submitting", now);
	return { record, effects: [{ kind: "submit", seq: 0, afterMs: 0 }, ...tellFollowers(record, "live")] };
}

/** The moves of a cancellation that Graph is still to be asked for. */
export function moveSubmitting(record: Cancellation, event: Event, turn: Turn): Move {
	switch (event.kind) {
		case "attempt-started": {
			if (record.attempts.length !== event.after) return conflict(record, event);
			if (isTooLate(record, turn)) return passed(record, turn);
			const { clientRequestId, by, grant, held } = event;
			if (
				!isCarriedBy(
					record,
					(held ?? []).map(({ actor }) => actor),
				)
			)
				return conflict(record, event);
			const attempt: Attempt = { clientRequestId, at: turn.now.toISOString(), by, grant, ...known({ held }) };
			return moved(withoutWait({ ...record, attempts: [...record.attempts, attempt] }));
		}
		case "roles-read":
			return isTooLate(record, turn) ? passed(record, turn) : rolesRead(record, event, turn);
		case "standing-lost":
			// Somebody who joined meanwhile may carry it on.
			return record.askers.every(({ actor }) => event.checked.includes(actor.userId))
				? stopAsking(record, { by: "policy", rule: event.rule }, turn)
				: plan(record, 0, turn);
		case "standing-unreadable":
			return askAgain(record, { why: "role-unreadable" }, turn);
		case "rejection-confirmed": {
			const { kind: _confirmed, ...why } = event;
			return stopAsking(record, { by: "graph", ...why }, turn);
		}
		case "job-seen":
		case "job-missing":
		case "job-unreadable": {
			const noted = noteRead(record, event, turn);
			if (noted.kind === "moved") return noted;
			if (isTooLate(record, turn)) return passed(noted.record, turn);
			if (event.kind === "job-seen") return settled(noted.record, turn);
			return askAgain(noted.record, { why: "job-unreadable", retryAfterMs: noted.retryAfterMs }, turn);
		}
		default:
			return conflict(record, event);
	}
}

/** Whether the time is over in which others' approval lets it through. */
function isTooLate(record: Cancellation, { now }: Turn): boolean {
	return record.goAhead?.way === "approved" && isOverdue(record, now);
}

/** Nothing more is sent after the deadline; what was sent is followed all the same. */
function passed(record: Cancellation, turn: Turn): Move {
	return record.attempts.some(mayHaveReachedGraph)
		? stopAsking(record, { by: "time", deadline: true }, turn)
		: finish(record, { state: "expired" }, turn);
}

/**
 * Not everybody who stands behind it was seen to hold the role. Whoever lost it no longer counts; when too few are
 * left it waits for others again, and when somebody could not be read it is tried again.
 */
function rolesRead(
	before: Cancellation,
	{ held, lost }: Extract<Event, { kind: "roles-read" }>,
	turn: Turn,
): Move {
	const record = withoutLost(before, lost, turn);
	const [first] = lost;
	const holders = held.map(({ actor }) => actor);
	if (isCarriedBy(record, holders)) return moved(record, first ? tellFollowers(record, "live") : []);
	const unread = (peopleBehind(record) ?? []).filter(
		(actor) => ![...holders, ...lost.map((one) => one.actor)].some((other) => isSamePerson(actor, other)),
	);
	if (isCarriedBy(record, [...holders, ...unread])) return askAgain(record, { why: "role-unreadable" }, turn);
	const why = { by: "policy", rule: first?.rule ?? "no-role" } as const;
	return record.approval && !record.attempts.some(mayHaveReachedGraph)
		? awaitApproval(record as Decidable, turn)
		: stopAsking(record, why, turn);
}

function withoutLost(
	record: Cancellation,
	lost: Extract<Event, { kind: "roles-read" }>["lost"],
	{ now }: Turn,
): Cancellation {
	const ruleFor = (person: Actor) => lost.find(({ actor }) => isSamePerson(actor, person))?.rule;
	const { approval, decisions } = record;
	if (!approval || lost.length === 0) return record;
	const at = now.toISOString();
	const entitled = approval.entitled && ruleFor(record.requester) === undefined;
	return {
		...record,
		approval: { ...approval, entitled, edition: approval.edition + 1 },
		...known({
			decisions: decisions?.map((decision) => {
				const rule = decision.verdict === "approve" && !decision.lost && ruleFor(decision.actor);
				return rule ? { ...decision, lost: { at, rule } } : decision;
			}),
		}),
	};
}

/** What the answer to an attempt, which `noted` holds, calls for. */
export function answered(
	noted: Cancellation,
	{ clientRequestId, answer, retryAfterMs }: Extract<Event, { kind: "attempt-answered" }>,
	turn: Turn,
): Move {
	if (answer.kind === "accepted") return follow(noted, turn, retryAfterMs);
	// A rejection is judged only after the job has been read again: it may simply have ended.
	if (answer.kind === "rejected") return moved(noted);
	// The answer to a newer attempt decides.
	if (noted.attempts.at(-1)?.clientRequestId !== clientRequestId) return moved(noted);
	if (answer.kind === "unclear") return askAgain(noted, { why: "no-answer", retryAfterMs }, turn);
	const why = answer.httpStatus === undefined ? "not-sent" : "throttled";
	return askAgain(noted, { why, retryAfterMs }, turn);
}

/**
 * No further POST. When none can have reached Graph that is the end; otherwise the job is followed to
 * its end all the same, and people are told that they may have to act themselves.
 */
function stopAsking(record: Cancellation, why: StoppedAsking, turn: Turn): Move {
	if (!record.attempts.some(mayHaveReachedGraph)) return refuse(record, why, turn);
	const followed = follow({ ...record, stoppedAsking: why }, turn);
	return { ...followed, effects: [...followed.effects, ...tellFollowers(record, "warning")] };
}

/** The time for asking is over. One thing that kept us from it all the time is said as it is, when nothing can have reached Graph. */
function giveUp(record: Cancellation, turn: Turn): Move {
	const [kept, ...others] = record.putOffBy ?? [];
	const byOneThing = others.length === 0 && !record.attempts.some(mayHaveReachedGraph);
	if (byOneThing && kept === "job-unreadable") return lose(record, "job-unreadable", turn);
	return byOneThing && kept === "role-unreadable"
		? stopAsking(record, { by: "policy", rule: "unreadable-standing" }, turn)
		: stopAsking(record, { by: "time" }, turn);
}

/** Why asking is put off, and for how long at least, in milliseconds. */
interface PutOff {
	readonly why: Waiting["why"];
	readonly retryAfterMs?: number | undefined;
}

/** Plans another try while there is time left, one of them at the very limit; then no more is asked. */
function askAgain(before: Cancellation, { why, retryAfterMs }: PutOff, turn: Turn): Move {
	const { poll, submitLimitMs } = turn.limits;
	const record = { ...before, putOffBy: [...new Set([...(before.putOffBy ?? []), why])] };
	const left = timeLeft(record, turn, submitLimitMs);
	if (left <= 0) return giveUp(record, turn);
	const afterMs = Math.min(pollDelayMs(record.submitSeq, poll, retryAfterMs), left);
	return plan(record, afterMs, turn, why);
}

function plan(record: Cancellation, afterMs: number, { now }: Turn, why?: Waiting["why"]): Move {
	const seq = record.submitSeq + 1;
	const until = new Date(now.getTime() + afterMs).toISOString();
	const waiting: Cancellation = {
		...withoutWait(record),
		submitSeq: seq,
		...known({ waiting: why && { until, why } }),
	};
	return moved(waiting, [{ kind: "submit", seq, afterMs }, ...tellFollowers(waiting, "live")]);
}

/** The job still runs: it may be asked to stop, once a POST of unknown fate has had its time. */
function settled(record: Cancellation, turn: Turn): Move {
	const last = record.attempts.at(-1);
	if (!last || !record.attempts.some(mayHaveReachedGraph)) return moved(record);
	// Another instance's clock may be ahead of ours: never wait longer than the whole time.
	const settlingMs = Math.min(SETTLING_MS, Date.parse(last.at) + SETTLING_MS - turn.now.getTime());
	return settlingMs > 0
		? askAgain(record, { why: "no-answer", retryAfterMs: settlingMs }, turn)
		: moved(record);
}
