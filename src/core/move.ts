import type {
	Asker,
	Attempt,
	Cancellation,
	LostWhy,
	Outcome,
	RefusedWhy,
	StoppedAsking,
	Waiting,
} from "./cancellation.js";
import { isOpen, mayHaveReachedGraph } from "./cancellation.js";
import type { Effect, Event, Move, MoveLimits } from "./events.js";
import { tellFollowers } from "./followers.js";
import { jobEnd, type RecoveryJob } from "./job.js";
import { pollDelayMs } from "./poll-schedule.js";
import { changed, sighting } from "./sighting.js";

/**
 * After a POST whose fate is unknown the job is only read for this long, in milliseconds, before another
 * POST: a job that is being stopped still shows as running for a while.
 */
const SETTLING_MS = 5_000;
/**
 * Reads in a row that end a cancellation. One without the job may be a lagging replica; refused ones may
 * come from a recovery that is rewriting the bot's own grants. Any other failure ends nothing.
 */
const UNREAD_LIMITS = {
	missing: { most: 3, why: "job-not-found" },
	denied: { most: 10, why: "access-lost" },
	failed: undefined,
} as const;

/**
 * The one function that moves a cancellation: (record, event, now) to a new record and the effects
 * that it calls for, or a conflict when the event does not fit the state.
 */
export function move(record: Cancellation, event: Event, now: Date, limits: MoveLimits): Move {
	if (event.kind === "attempt-answered") return answered(record, event, now, limits);
	if (event.kind === "joined") return join(record, event.asker);
	if (!isOpen(record)) return conflict(record, event);
	const at = now.toISOString();
	switch (event.kind) {
		case "attempt-started": {
			if (record.state !== "submitting" || record.attempts.length !== event.after)
				return conflict(record, event);
			const { clientRequestId, by, grant } = event;
			const attempt: Attempt = { clientRequestId, at, by, grant };
			return moved(without({ ...record, attempts: [...record.attempts, attempt] }, "waiting"), []);
		}
		case "standing-lost":
			if (record.state !== "submitting") return conflict(record, event);
			// Somebody who joined meanwhile may carry it on.
			return record.askers.every(({ actor }) => event.checked.includes(actor.userId))
				? stopAsking(record, { by: "policy", rule: event.rule }, at, limits)
				: plan(record, at, 0);
		case "standing-unreadable":
			if (record.state !== "submitting") return conflict(record, event);
			return askAgain(record, "role-unreadable", now, limits);
		case "rejection-confirmed": {
			if (record.state !== "submitting") return conflict(record, event);
			const { code, httpStatus } = event;
			return stopAsking(
				record,
				{ by: "graph", code, ...(httpStatus === undefined ? {} : { httpStatus }) },
				at,
				limits,
			);
		}
		case "job-seen":
			return seen(record, event.job, now, limits, event.retryAfterMs);
		case "job-missing":
			return unread(record, "missing", now, limits);
		case "job-unreadable":
			return unread(record, event.denied ? "denied" : "failed", now, limits, event.retryAfterMs);
	}
}

function join(record: Cancellation, asker: Asker): Move {
	if (!isOpen(record)) return { kind: "conflict", why: `${record.state} cancellation cannot be joined` };
	const known = record.askers.some(
		(a) => a.conversationKey === asker.conversationKey && a.actor.userId === asker.actor.userId,
	);
	const joined = known ? record : { ...record, askers: [...record.askers, asker] };
	return moved(joined, tellFollowers(joined, "live"));
}

/** Keeps what came back, in whatever state: an answer that arrives late is still what Graph said. */
function answered(
	record: Cancellation,
	event: Extract<Event, { kind: "attempt-answered" }>,
	now: Date,
	limits: MoveLimits,
): Move {
	const index = record.attempts.findIndex((a) => a.clientRequestId === event.clientRequestId && !a.answer);
	const attempt = record.attempts[index];
	if (!attempt) return conflict(record, event);
	const { answer } = event;
	const noted: Cancellation = {
		...record,
		attempts: record.attempts.with(index, { ...attempt, answer }),
		...(answer.kind === "accepted" && record.acceptedAt === undefined ? { acceptedAt: answer.at } : {}),
	};
	// Asking had ended in doubt, and this answer takes the doubt away.
	if (record.state === "stopping" && record.stoppedAsking && !noted.attempts.some(mayHaveReachedGraph))
		return stopAsking(noted, record.stoppedAsking, now.toISOString(), limits);
	if (record.state !== "submitting") return moved(noted, tellFollowers(noted, "live"));
	if (answer.kind === "accepted") return follow(noted, now, limits, event.retryAfterMs);
	// A rejection is judged only after the job has been read again: it may simply have ended.
	if (answer.kind === "rejected") return moved(noted, []);
	// The answer to a newer attempt decides.
	if (index < record.attempts.length - 1) return moved(noted, []);
	if (answer.kind === "unclear") return askAgain(noted, "no-answer", now, limits, event.retryAfterMs);
	const why = answer.httpStatus === undefined ? "not-sent" : "throttled";
	return askAgain(noted, why, now, limits, event.retryAfterMs);
}

/** From now on the job is only read, until it ends. */
function follow(record: Cancellation, now: Date, limits: MoveLimits, retryAfterMs?: number): Moved {
	const stopping: Cancellation = { ...without(record, "waiting"), state: "stopping" };
	const { seq } = stopping.watch;
	const afterMs = withinLimit(pollDelayMs(0, limits.poll, retryAfterMs), stopping, now, limits.watchLimitMs);
	return moved(stopping, [{ kind: "watch", seq, afterMs }, ...tellFollowers(stopping, "live")]);
}

/**
 * No further POST. When none can have reached Graph that is the end; otherwise the job is followed to
 * its end all the same, and people are told that they may have to act themselves.
 */
function stopAsking(record: Cancellation, why: StoppedAsking, at: string, limits: MoveLimits): Move {
	if (record.attempts.some(mayHaveReachedGraph)) {
		const { record: followed, effects } = follow({ ...record, stoppedAsking: why }, new Date(at), limits);
		return { kind: "moved", record: followed, effects: [...effects, ...tellFollowers(record, "warning")] };
	}
	const clear: RefusedWhy = why.by === "time" ? { by: "graph", code: "throttled" } : why;
	return finish(record, { state: "refused", why: clear }, at);
}

/** The time for asking is over. What kept us from it is said as it is, when nothing can have reached Graph. */
function giveUp(record: Cancellation, kept: Waiting["why"], at: string, limits: MoveLimits): Move {
	const arrived = record.attempts.some(mayHaveReachedGraph);
	if (!arrived && kept === "job-unreadable") return lose(record, "job-unreadable", at);
	return !arrived && kept === "role-unreadable"
		? stopAsking(record, { by: "policy", rule: "unreadable-standing" }, at, limits)
		: stopAsking(record, { by: "time" }, at, limits);
}

/** Plans another try while there is time left, one of them at the very limit; then no more is asked. */
function askAgain(
	record: Cancellation,
	why: Waiting["why"],
	now: Date,
	limits: MoveLimits,
	retryAfterMs?: number,
): Move {
	const left = timeLeft(record, now, limits.submitLimitMs);
	const at = now.toISOString();
	if (left <= 0) return giveUp(record, why, at, limits);
	const afterMs = Math.min(pollDelayMs(record.submitSeq, limits.poll, retryAfterMs), left);
	return plan(record, at, afterMs, why);
}

function plan(record: Cancellation, at: string, afterMs: number, why?: Waiting["why"]): Move {
	const seq = record.submitSeq + 1;
	const until = new Date(Date.parse(at) + afterMs).toISOString();
	const waiting: Cancellation = {
		...without(record, "waiting"),
		submitSeq: seq,
		...(why === undefined ? {} : { waiting: { until, why } }),
	};
	return moved(waiting, [{ kind: "submit", seq, afterMs }, ...tellFollowers(waiting, "live")]);
}

/** Milliseconds until the record is as old as the limit. */
function timeLeft(record: Cancellation, now: Date, limitMs: number): number {
	return Date.parse(record.openedAt) + limitMs - now.getTime();
}

/** A wait that would pass the limit ends at the limit, so that there is one last look. */
function withinLimit(afterMs: number, record: Cancellation, now: Date, limitMs: number): number {
	return Math.max(0, Math.min(afterMs, timeLeft(record, now, limitMs)));
}

function seen(
	record: Cancellation,
	job: RecoveryJob,
	now: Date,
	limits: MoveLimits,
	retryAfterMs?: number,
): Move {
	const at = now.toISOString();
	const end = jobEnd(job);
	const looked: Cancellation = {
		...record,
		jobKind: job.kind === "unknown" ? record.jobKind : job.kind,
		seen: sighting(job, at),
		watch: { ...record.watch, missing: 0, denied: 0, failed: 0 },
	};
	if (end === "abandoned" && record.attempts.some(mayHaveReachedGraph))
		return finish(looked, { state: "abandoned" }, at);
	if (end) return finish(looked, { state: "too-late", jobEnd: end }, at);
	if (record.state === "stopping")
		return watchOn(looked, now, limits, retryAfterMs, changed(record.seen, looked.seen));
	const settling = settlingMs(looked, now);
	return settling > 0 ? askAgain(looked, "no-answer", now, limits, settling) : moved(looked, []);
}

/** How long the job is still only read after a POST of unknown fate, in milliseconds. */
function settlingMs(record: Cancellation, now: Date): number {
	const last = record.attempts.at(-1);
	if (!last || !record.attempts.some(mayHaveReachedGraph)) return 0;
	// Another instance's clock may be ahead of ours: never wait longer than the whole time.
	return Math.min(SETTLING_MS, Date.parse(last.at) + SETTLING_MS - now.getTime());
}

function unread(
	record: Cancellation,
	counter: keyof typeof UNREAD_LIMITS,
	now: Date,
	limits: MoveLimits,
	retryAfterMs?: number,
): Move {
	const count = record.watch[counter] + 1;
	const counted: Cancellation = {
		...record,
		watch: { ...record.watch, missing: 0, denied: 0, failed: 0, [counter]: count },
	};
	const limit = UNREAD_LIMITS[counter];
	if (limit && count >= limit.most) return lose(counted, limit.why, now.toISOString());
	return record.state === "submitting"
		? askAgain(counted, "job-unreadable", now, limits, retryAfterMs)
		: watchOn(counted, now, limits, retryAfterMs, false);
}

function watchOn(
	record: Cancellation,
	now: Date,
	limits: MoveLimits,
	retryAfterMs: number | undefined,
	tell: boolean,
): Move {
	const seq = record.watch.seq + 1;
	const next: Cancellation = { ...record, watch: { ...record.watch, seq } };
	if (timeLeft(record, now, limits.watchLimitMs) <= 0)
		return lose(
			next,
			record.acceptedAt === undefined ? "no-answer-to-cancel" : "watch-limit",
			now.toISOString(),
		);
	const afterMs = withinLimit(pollDelayMs(seq, limits.poll, retryAfterMs), next, now, limits.watchLimitMs);
	return moved(next, [{ kind: "watch", seq, afterMs }, ...(tell ? tellFollowers(next, "live") : [])]);
}

function lose(record: Cancellation, why: LostWhy, at: string): Move {
	return finish(record, { state: "lost-track", why }, at);
}

function finish(record: Cancellation, outcome: Outcome, at: string): Move {
	const ended: Cancellation = {
		...without(record, "waiting"),
		state: outcome.state,
		outcome,
		endedAt: at,
	};
	return moved(ended, [...tellFollowers(ended, "live"), ...tellFollowers(ended, "follow-up")]);
}

type Moved = Extract<Move, { kind: "moved" }>;

function moved(record: Cancellation, effects: readonly Effect[]): Moved {
	return { kind: "moved", record: { ...record, version: record.version + 1 }, effects };
}

function conflict(record: Cancellation, event: Event): Move {
	return { kind: "conflict", why: `${event.kind} does not fit a cancellation that is ${record.state}` };
}

function without(record: Cancellation, key: "waiting"): Cancellation {
	const { [key]: _gone, ...rest } = record;
	return rest;
}
