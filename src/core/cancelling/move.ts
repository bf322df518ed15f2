import { join, moveAwaiting } from "../approving/awaiting-approval.js";
import { isReview, moveReview } from "../approving/review.js";
import { type Cancellation, isOpen } from "./cancellation.js";
import type { Event, Move, MoveLimits } from "./events.js";
import { conflict, moved, type Turn, tellFollowers } from "./moves.js";
import { answeredLate, moveStopping } from "./stopping.js";
import { answered, moveSubmitting } from "./submitting.js";

/**
 * The one function that moves a cancellation: (record, event, now) to a new record and the effects
 * that it calls for, or a conflict when the event does not fit the state. Each state's moves are in a file
 * of its own.
 */
export function move(record: Cancellation, event: Event, now: Date, limits: MoveLimits): Move {
	const turn = { now, limits };
	if (event.kind === "attempt-answered") return noteAnswer(record, event, turn);
	if (isReview(event)) return moveReview(record, event, turn);
	if (record.state === "awaiting-approval") return moveAwaiting(record, event, turn);
	if (event.kind === "joined" && isOpen(record)) return join(record, event.asker);
	switch (record.state) {
		case "submitting":
			return moveSubmitting(record, event, turn);
		case "stopping":
			return moveStopping(record, event, turn);
		default:
			return conflict(record, event);
	}
}

/** Keeps what came back, in whatever state: an answer that arrives late is still what Graph said. */
function noteAnswer(
	record: Cancellation,
	event: Extract<Event, { kind: "attempt-answered" }>,
	turn: Turn,
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
	switch (record.state) {
		case "submitting":
			return answered(noted, event, turn);
		case "stopping":
			return answeredLate(noted, turn);
		default:
			return moved(noted, tellFollowers(noted, "live"));
	}
}
