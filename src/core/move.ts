import type { Asker, Attempt, Cancellation, LostWhy, Outcome, RefusedWhy } from "./cancellation.js";
import { isOpen } from "./cancellation.js";
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
/** Reads in a row without the job before it counts as gone: one miss may be a lagging replica. */
const MISSING_LIMIT = 3;
/** Reads in a row that were refused before it counts as access lost: a recovery may be rewriting the bot's own grants. */
const DENIED_LIMIT = 10;

/**
 * The one function that moves a cancellation: (record, event, now) to a new record and the effects
 * that it calls for, or a conflict when the event does not fit the state.
 */
export function move(record: Cancellation, event: Event, now: Date, limits: MoveLimits): Move {
	if (event.kind === "joined") return join(record, event.asker);
	if (!isOpen(record)) return conflict(record, event);
	const at = now.toISOString();
	switch (event.kind) {
		case "attempt-started": {
			if (record.state !== "submitting") return conflict(record, event);
			const attempt: Attempt = { clientRequestId: event.clientRequestId, at };
			return moved(without({ ...record, attempts: [...record.attempts, attempt] }, "waitingUntil"), []);
		}
		case "attempt-answered":
			return answered(record, event, now, limits);
		case "standing-lost":
			if (record.state !== "submitting") return conflict(record, event);
			return refuse(record, { by: "policy", rule: event.rule }, at);
		case "rejection-confirmed":
			if (record.state !== "submitting") return conflict(record, event);
			// A second POST may be refused just because the first one, never answered, is taking effect.
			return event.code === "conflict" && record.attempts.some(mayHaveReachedGraph)
				? askAgain(record, now, limits)
				: refuse(record, { by: "graph", code: event.code }, at, event.httpStatus);
		case "job-seen":
			return seen(record, event.job, now, limits, event.retryAfterMs);
		case "job-missing":
			return unread(record, "missing", MISSING_LIMIT, "job-not-found", now, limits);
		case "job-unreadable":
			return event.denied
				? unread(record, "denied", DENIED_LIMIT, "access-lost", now, limits, event.retryAfterMs)
				: unread(record, "failed", Number.POSITIVE_INFINITY, "watch-limit", now, limits, event.retryAfterMs);
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

function answered(
	record: Cancellation,
	event: Extract<Event, { kind: "attempt-answered" }>,
	now: Date,
	limits: MoveLimits,
): Move {
	const last = record.attempts.at(-1);
	if (record.state !== "submitting" || !last || last.answer) return conflict(record, event);
	const noted: Cancellation = {
		...record,
		attempts: [...record.attempts.slice(0, -1), { ...last, answer: event.answer }],
	};
	if (event.answer.kind === "accepted") return accept(noted, event.answer.at, limits, event.retryAfterMs);
	// A rejection is judged only after the job has been read again: it may simply have ended.
	if (event.answer.kind === "rejected") return moved(noted, []);
	return askAgain(noted, now, limits, event.retryAfterMs);
}

function accept(record: Cancellation, at: string, limits: MoveLimits, retryAfterMs?: number): Move {
	const stopping: Cancellation = { ...without(record, "waitingUntil"), state: "stopping", acceptedAt: at };
	return moved(stopping, [
		{ kind: "watch", seq: stopping.watch.seq, afterMs: pollDelayMs(0, limits.poll, retryAfterMs) },
		...tellFollowers(stopping, "live"),
	]);
}

/** Plans another try while there is time left, and gives up plainly when there is none. */
function askAgain(record: Cancellation, now: Date, limits: MoveLimits, retryAfterMs?: number): Move {
	const tries = record.attempts.length + record.watch.failed + record.watch.denied + record.watch.missing;
	const afterMs = pollDelayMs(Math.max(0, tries - 1), limits.poll, retryAfterMs);
	const until = new Date(now.getTime() + afterMs);
	if (until.getTime() - Date.parse(record.openedAt) > limits.submitLimitMs) return giveUp(record, now);
	const waiting: Cancellation = { ...record, waitingUntil: until.toISOString() };
	return moved(waiting, [{ kind: "submit", afterMs }, ...tellFollowers(waiting, "live")]);
}

function giveUp(record: Cancellation, now: Date): Move {
	const at = now.toISOString();
	// "Refused" may be said only when every answer was a clear no: an unanswered POST may have worked.
	const clear = record.attempts.length > 0 && record.attempts.every((a) => a.answer?.kind === "throttled");
	return clear
		? refuse(record, { by: "graph", code: "throttled" }, at)
		: lose(record, "no-answer-to-cancel", at);
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
	const asked = record.state === "stopping" || record.attempts.some((a) => mayHaveReachedGraph(a));
	if (end === "abandoned" && asked) return finish(looked, { state: "abandoned" }, at);
	if (end) return finish(looked, { state: "too-late", jobEnd: end }, at);
	if (record.state === "submitting") {
		const last = record.attempts.at(-1);
		const unsettled = last && record.attempts.some(mayHaveReachedGraph);
		const settledAt = unsettled ? Date.parse(last.at) + SETTLING_MS : 0;
		return settledAt > now.getTime()
			? askAgain(looked, now, limits, settledAt - now.getTime())
			: moved(looked, []);
	}
	return watchOn(looked, now, limits, retryAfterMs, changed(record.seen, looked.seen));
}

function unread(
	record: Cancellation,
	counter: "missing" | "denied" | "failed",
	limit: number,
	why: LostWhy,
	now: Date,
	limits: MoveLimits,
	retryAfterMs?: number,
): Move {
	const count = record.watch[counter] + 1;
	const counted: Cancellation = {
		...record,
		watch: { ...record.watch, missing: 0, denied: 0, failed: 0, [counter]: count },
	};
	if (count >= limit) return lose(counted, why, now.toISOString());
	return record.state === "submitting"
		? askAgain(counted, now, limits, retryAfterMs)
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
	const afterMs = pollDelayMs(seq, limits.poll, retryAfterMs);
	const next: Cancellation = { ...record, watch: { ...record.watch, seq } };
	if (now.getTime() + afterMs - Date.parse(record.openedAt) > limits.watchLimitMs)
		return lose(next, "watch-limit", now.toISOString());
	return moved(next, [{ kind: "watch", seq, afterMs }, ...(tell ? tellFollowers(next, "live") : [])]);
}

function refuse(record: Cancellation, why: RefusedWhy, at: string, httpStatus?: number): Move {
	return finish(record, { state: "refused", why, ...(httpStatus === undefined ? {} : { httpStatus }) }, at);
}

function lose(record: Cancellation, why: LostWhy, at: string): Move {
	return finish(record, { state: "lost-track", why }, at);
}

function finish(record: Cancellation, outcome: Outcome, at: string): Move {
	const ended: Cancellation = {
		...without(record, "waitingUntil"),
		state: outcome.state,
		outcome,
		endedAt: at,
	};
	return moved(ended, [...tellFollowers(ended, "live"), ...tellFollowers(ended, "follow-up")]);
}

function mayHaveReachedGraph(attempt: Attempt): boolean {
	const kind = attempt.answer?.kind;
	return kind === undefined || kind === "unclear" || kind === "accepted";
}

function moved(record: Cancellation, effects: readonly Effect[]): Move {
	return { kind: "moved", record: { ...record, version: record.version + 1 }, effects };
}

function conflict(record: Cancellation, event: Event): Move {
	return { kind: "conflict", why: `${event.kind} does not fit a cancellation that is ${record.state}` };
}

function without(record: Cancellation, key: "waitingUntil"): Cancellation {
	const { [key]: _gone, ...rest } = record;
	return rest;
}
