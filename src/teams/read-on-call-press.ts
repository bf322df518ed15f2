import { LONGEST_PROMISE_MIN } from "../core/on-call/taking.js";
import type { OnCallCommand } from "../core/requests/command.js";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/**
 * What a button of an on-call card asks for, or `undefined` when it is another card's. The version that the card
 * carries is how often its job had changed hands; `minutes` is what somebody wrote beside "I have it".
 */
export function readOnCallPress(
	verb: unknown,
	data: Readonly<Record<string, unknown>> & { readonly id: string; readonly version: number },
): OnCallCommand | undefined {
	const { id, version } = data;
	// The id goes into a question to the database, which takes nothing else.
	if (!UUID.test(id)) return undefined;
	switch (verb) {
		case "take-incident":
			return { kind: "take-incident", incidentId: id, turn: version, ...minutesIn(data) };
		case "release-incident":
			return { kind: "release-incident", incidentId: id };
		case "unfollow":
			return { kind: "unfollow", jobId: id };
		case "take-handover":
			return { kind: "take-over", handoverId: id };
		default:
			return undefined;
	}
}

/** What cannot be read as a time is no promise at all. */
function minutesIn({ minutes }: Readonly<Record<string, unknown>>): { readonly minutes?: number } {
	const count = Math.round(Number(minutes));
	return typeof minutes !== "boolean" && minutes !== "" && count >= 1 && count <= LONGEST_PROMISE_MIN
		? { minutes: count }
		: {};
}
