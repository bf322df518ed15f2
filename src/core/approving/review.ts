import type { Cancellation } from "../cancelling/cancellation.js";
import type { Event, Move } from "../cancelling/events.js";
import { conflict, moved, type Turn } from "../cancelling/moves.js";
import { known } from "../known.js";
import { objectionToAcknowledging } from "./rules.js";

/** How long until an open review is told again, in milliseconds. */
const AGAIN_MS = 24 * 60 * 60 * 1000;

type ReviewEvent = Extract<Event, { kind: "review-told" | "review-acknowledged" }>;

export function isReview(event: Event): event is ReviewEvent {
	return event.kind === "review-told" || event.kind === "review-acknowledged";
}

/** The moves of an emergency's review, in whatever state the cancellation itself is. */
export function moveReview(record: Cancellation, event: ReviewEvent, turn: Turn): Move {
	const { review } = record;
	if (!review) return conflict(record, event);
	if (event.kind === "review-told") {
		if (review.acknowledged || review.seq !== event.seq) return conflict(record, event);
		const seq = review.seq + 1;
		const told = { ...record, review: { ...review, seq } };
		return moved(told, [{ kind: "review", seq, afterMs: AGAIN_MS }]);
	}
	if (objectionToAcknowledging(record, event.actor)) return conflict(record, event);
	const { actor, grant, comment } = event;
	const acknowledged = { actor, at: turn.now.toISOString(), grant, ...known({ comment }) };
	return moved({ ...record, review: { ...review, acknowledged } }, [{ kind: "copies" }]);
}
