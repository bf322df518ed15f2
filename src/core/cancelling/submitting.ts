import type { RecoveryJob } from "../job.js";
import { known } from "../known.js";
import type { Actor, Grant } from "../person.js";
import type { Attempt, Cancellation, StoppedAsking, Waiting } from "./cancellation.js";
import { mayHaveReachedGraph } from "./cancellation.js";
import type { Event, Move } from "./events.js";
import {
	conflict,
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
import { noteRead, sighting } from "./sighting.js";
import { follow } from "./stopping.js";

/**
 * After a POST whose fate is unknown the job is only read for this long, in milliseconds, before another
 * POST: a job that is being stopped still shows as running for a while.
 */
const SETTLING_MS = 5_000;

/** The first record of a cancellation, with the effects that start it. */
export function openCancellation(
	facts: {
		readonly id: string;
		readonly receipt: string;
		readonly job: RecoveryJob;
		readonly requester: Actor;
		readonly grant: Grant;
		readonly conversationKey: string;
		readonly reason?: string;
	},
	now: Date,
): Pick<Moved, "record" | "effects"> {
	const at = now.toISOString();
	const reason = known({ reason: facts.reason });
	const record: Cancellation = {
		id: facts.id,
		receipt: facts.receipt,
		tenantId: facts.requester.tenantId,
		jobId: facts.job.id,
		jobKind: facts.job.kind,
		state: "submitting",
		version: 1,
		requester: facts.requester,
		openedAt: at,
		grant: facts.grant,
		askers: [{ actor: facts.requester, conversationKey: facts.conversationKey, at, ...reason }],
		attempts: [],
		seen: sighting(facts.job, at),
		submitSeq: 0,
		watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
		...reason,
	};
	return { record, effects: [{ kind: "submit", seq: 0, afterMs: 0 }, ...tellFollowers(record, "live")] };
}

/** The moves of a cancellation that Graph is still to be asked for. */
export function moveSubmitting(record: Cancellation, event: Event, turn: Turn): Move {
	switch (event.kind) {
		case "attempt-started": {
			if (record.attempts.length !== event.after) return conflict(record, event);
			const { clientRequestId, by, grant } = event;
			const attempt: Attempt = { clientRequestId, at: turn.now.toISOString(), by, grant };
			return moved(withoutWait({ ...record, attempts: [...record.attempts, attempt] }));
		}
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
			if (event.kind === "job-seen") return settled(noted.record, turn);
			return askAgain(noted.record, { why: "job-unreadable", retryAfterMs: noted.retryAfterMs }, turn);
		}
		default:
			return conflict(record, event);
	}
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

/** The time for asking is over. What kept us from it is said as it is, when nothing can have reached Graph. */
function giveUp(record: Cancellation, kept: Waiting["why"], turn: Turn): Move {
	const arrived = record.attempts.some(mayHaveReachedGraph);
	if (!arrived && kept === "job-unreadable") return lose(record, "job-unreadable", turn);
	return !arrived && kept === "role-unreadable"
		? stopAsking(record, { by: "policy", rule: "unreadable-standing" }, turn)
		: stopAsking(record, { by: "time" }, turn);
}

/** Why asking is put off, and for how long at least, in milliseconds. */
interface PutOff {
	readonly why: Waiting["why"];
	readonly retryAfterMs?: number | undefined;
}

/** Plans another try while there is time left, one of them at the very limit; then no more is asked. */
function askAgain(record: Cancellation, { why, retryAfterMs }: PutOff, turn: Turn): Move {
	const { poll, submitLimitMs } = turn.limits;
	const left = timeLeft(record, turn, submitLimitMs);
	if (left <= 0) return giveUp(record, why, turn);
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
