import type { Cancellation } from "../cancelling/cancellation.js";
import type { Effect, MoveLimits } from "../cancelling/events.js";
import { type Asking, firstRecord } from "../cancelling/first-record.js";
import { tellFollowers } from "../cancelling/moves.js";
import type { Grant } from "../person.js";
import type { Approval } from "./approval.js";
import { waitingEffects } from "./awaiting-approval.js";
import type { Decidable } from "./rules.js";

interface Opened {
	readonly record: Cancellation;
	readonly effects: readonly Effect[];
}

/** A cancellation that others must decide first, with the effects that make them hear of it. */
export function openRequest(asking: Asking, approval: Approval, now: Date, limits: MoveLimits): Opened {
	const record: Decidable = { ...firstRecord(asking, "awaiting-approval", now), approval };
	return { record, effects: [...waitingEffects(record, { now, limits }), ...tellFollowers(record, "live")] };
}

/** A cancellation that skips the second person, and leaves a review open for it. */
export function openEmergency(
	asking: Asking & { readonly grant: Grant; readonly reason: string },
	now: Date,
): Opened {
	const { requester: by, grant, reason } = asking;
	const record: Cancellation = {
		...firstRecord(asking, "submitting", now),
		goAhead: { way: "emergency", at: now.toISOString(), by, grant, reason },
		review: { by: [by], reason, seq: 0 },
	};
	return {
		record,
		effects: [
			{ kind: "submit", seq: 0, afterMs: 0 },
			...tellFollowers(record, "live"),
			{ kind: "review", seq: 0, afterMs: 0 },
		],
	};
}
