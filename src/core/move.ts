import type {
	Asker,
	Attempt,
	AttemptAnswer,
	Cancellation,
	LostWhy,
	Outcome,
	RefusedWhy,
	Sighting,
} from "./cancellation.js";
import { isOpen } from "./cancellation.js";
import { type JobCounts, jobEnd, type RecoveryJob } from "./job.js";
import type { Actor, Grant } from "./person.js";
import type { RefusalRule } from "./policy.js";
import { type PollLimits, pollDelayMs } from "./poll-schedule.js";

/** How long things may take before we say plainly that they did not work out. */
export interface MoveLimits {
	readonly poll: PollLimits;
	/** After this the watch ends as `lost-track` (`WATCH_LIMIT_HOURS`), in milliseconds. */
	readonly watchLimitMs: number;
	/** How long we keep asking Graph to cancel when it throttles us or gives no clear answer. */
	readonly submitLimitMs: number;
}

/**
 * After a POST whose fate is unknown the job is only read for this long, in milliseconds, before another
 * POST: a job that is being stopped still shows as running for a while.
 */
const SETTLING_MS = 5_000;
/** Reads in a row without the job before it counts as gone: one miss may be a lagging replica. */
const MISSING_LIMIT = 3;
/** Reads in a row that were refused before it counts as access lost: a recovery may be rewriting the bot's own grants. */
const DENIED_LIMIT = 10;

const COUNTS: readonly (keyof JobCounts)[] = [
	"changedObjects",
	"changedLinks",
	"modifiedObjects",
	"modifiedLinks",
	"failedChanges",
];

export type Event =
	| { readonly kind: "joined"; readonly asker: Asker }
	/** A POST is about to be sent; saved before it is. */
	| { readonly kind: "attempt-started"; readonly clientRequestId: string }
	| {
			readonly kind: "attempt-answered";
			readonly answer: AttemptAnswer;
			readonly retryAfterMs?: number;
	  }
	| { readonly kind: "job-seen"; readonly job: RecoveryJob }
	| { readonly kind: "job-missing" }
	| { readonly kind: "job-unreadable"; readonly denied: boolean; readonly retryAfterMs?: number }
	/** The requester may no longer cancel, or this could not be read, right before the call. */
	| { readonly kind: "standing-lost"; readonly rule: RefusalRule }
	/** After a rejected POST the job was read again and still runs (or could not be read). */
	| {
			readonly kind: "rejection-confirmed";
			readonly code: Extract<RefusedWhy, { by: "graph" }>["code"];
			readonly httpStatus?: number;
	  };

/** What must happen because of a move. Each becomes one durable job, in the move's own transaction. */
export type Effect =
	| { readonly kind: "submit"; readonly afterMs: number }
	| { readonly kind: "watch"; readonly seq: number; readonly afterMs: number }
	| { readonly kind: "post"; readonly message: "live" | "follow-up"; readonly conversationKey: string };

export type Move =
	| { readonly kind: "moved"; readonly record: Cancellation; readonly effects: readonly Effect[] }
	| { readonly kind: "conflict"; readonly why: string };

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
): { readonly record: Cancellation; readonly effects: readonly Effect[] } {
	const at = now.toISOString();
	const reason = facts.reason === undefined ? {} : { reason: facts.reason };
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
		watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
		...reason,
	};
	return { record, effects: [{ kind: "submit", afterMs: 0 }, ...post(record, "live")] };
}

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
			return seen(record, event.job, now, limits);
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
	return moved(joined, post(joined, "live"));
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
	if (event.answer.kind === "accepted") return accept(noted, event.answer.at, limits);
	// A rejection is judged only after the job has been read again: it may simply have ended.
	if (event.answer.kind === "rejected") return moved(noted, []);
	return askAgain(noted, now, limits, event.retryAfterMs);
}

function accept(record: Cancellation, at: string, limits: MoveLimits): Move {
	const stopping: Cancellation = { ...without(record, "waitingUntil"), state: "stopping", acceptedAt: at };
	return moved(stopping, [
		{ kind: "watch", seq: stopping.watch.seq, afterMs: pollDelayMs(0, limits.poll) },
		...post(stopping, "live"),
	]);
}

/** Plans another try while there is time left, and gives up plainly when there is none. */
function askAgain(record: Cancellation, now: Date, limits: MoveLimits, retryAfterMs?: number): Move {
	const tries = record.attempts.length + record.watch.failed + record.watch.denied + record.watch.missing;
	const afterMs = pollDelayMs(Math.max(0, tries - 1), limits.poll, retryAfterMs);
	const until = new Date(now.getTime() + afterMs);
	if (until.getTime() - Date.parse(record.openedAt) > limits.submitLimitMs) return giveUp(record, now);
	const waiting: Cancellation = { ...record, waitingUntil: until.toISOString() };
	return moved(waiting, [{ kind: "submit", afterMs }, ...post(waiting, "live")]);
}

function giveUp(record: Cancellation, now: Date): Move {
	const at = now.toISOString();
	// "Refused" may be said only when every answer was a clear no: an unanswered POST may have worked.
	const clear = record.attempts.length > 0 && record.attempts.every((a) => a.answer?.kind === "throttled");
	return clear
		? refuse(record, { by: "graph", code: "throttled" }, at)
		: lose(record, "no-answer-to-cancel", at);
}

function seen(record: Cancellation, job: RecoveryJob, now: Date, limits: MoveLimits): Move {
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
	return watchOn(looked, now, limits, undefined, changed(record.seen, looked.seen));
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
	return moved(next, [{ kind: "watch", seq, afterMs }, ...(tell ? post(next, "live") : [])]);
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
	return moved(ended, [...post(ended, "live"), ...post(ended, "follow-up")]);
}

/** Every follower hears: each conversation once, however many people asked in it. */
function post(record: Cancellation, message: "live" | "follow-up"): Effect[] {
	const keys = new Set(record.askers.map((a) => a.conversationKey));
	return [...keys].map((conversationKey) => ({ kind: "post", message, conversationKey }));
}

function mayHaveReachedGraph(attempt: Attempt): boolean {
	const kind = attempt.answer?.kind;
	return kind === undefined || kind === "unclear" || kind === "accepted";
}

function sighting(job: RecoveryJob, at: string): Sighting {
	return {
		at,
		status: job.status,
		counts: job.counts,
		...(job.startedAt === undefined ? {} : { startedAt: job.startedAt }),
		...(job.endedAt === undefined ? {} : { endedAt: job.endedAt }),
		...(job.targetStateAt === undefined ? {} : { targetStateAt: job.targetStateAt }),
	};
}

function changed(before: Sighting | undefined, after: Sighting | undefined): boolean {
	return (
		before?.status !== after?.status || COUNTS.some((count) => before?.counts[count] !== after?.counts[count])
	);
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
