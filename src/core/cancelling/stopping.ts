import type { Cancellation } from "./cancellation.js";
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
import { changed, type JobRead, noteRead } from "./sighting.js";

/** Begins the state: from now on the job is only read, until it ends. */
export function follow(record: Cancellation, turn: Turn, retryAfterMs?: number): Moved {
	const stopping: Cancellation = { ...withoutWait(record), state: "stopping" };
	return moved(stopping, [nextPoll(stopping, turn, retryAfterMs), ...tellFollowers(stopping, "live")]);
}

/** The moves of a cancellation whose job is watched to its end. */
export function moveStopping(record: Cancellation, event: Event, turn: Turn): Move {
	switch (event.kind) {
		case "job-seen":
		case "job-missing":
		case "job-unreadable":
			return watched(record, event, turn);
		default:
			return conflict(record, event);
	}
}

/** A late answer to an attempt: asking had ended in doubt, and it may take the doubt away. */
export function answeredLate(noted: Cancellation, turn: Turn): Move {
	return noted.stoppedAsking && !noted.attempts.some(mayHaveReachedGraph)
		? refuse(noted, noted.stoppedAsking, turn)
		: moved(noted, tellFollowers(noted, "live"));
}

function watched(record: Cancellation, event: JobRead, turn: Turn): Move {
	const noted = noteRead(record, event, turn);
	if (noted.kind === "moved") return noted;
	const next = { ...noted.record, watch: { ...noted.record.watch, seq: record.watch.seq + 1 } };
	if (timeLeft(next, turn, turn.limits.watchLimitMs) <= 0)
		return lose(next, next.acceptedAt === undefined ? "no-answer-to-cancel" : "watch-limit", turn);
	const news = event.kind === "job-seen" && changed(record.seen, next.seen);
	return moved(next, [
		nextPoll(next, turn, noted.retryAfterMs),
		...(news ? tellFollowers(next, "live") : []),
	]);
}

/** A wait that would pass the limit ends at the limit, so that there is one last look. */
function nextPoll(record: Cancellation, turn: Turn, retryAfterMs?: number) {
	const { seq, from = 0 } = record.watch;
	const { poll, watchLimitMs } = turn.limits;
	const left = timeLeft(record, turn, watchLimitMs);
	const afterMs = Math.max(0, Math.min(pollDelayMs(seq - from, poll, retryAfterMs), left));
	return { kind: "watch", seq, afterMs } as const;
}
