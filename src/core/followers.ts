import type { Cancellation } from "./cancellation.js";
import type { Effect } from "./events.js";

/** Every follower hears: each conversation once, however many people asked in it. */
export function tellFollowers(record: Cancellation, message: "live" | "warning" | "follow-up"): Effect[] {
	const keys = new Set(record.askers.map((a) => a.conversationKey));
	return [...keys].map((conversationKey) => ({ kind: "post", message, conversationKey }));
}
