import type { Cancellation } from "./cancellation.js";
import type { Effect } from "./events.js";
import { tellFollowers } from "./followers.js";
import type { RecoveryJob } from "./job.js";
import type { Actor, Grant } from "./person.js";
import { sighting } from "./sighting.js";

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
		submitSeq: 0,
		watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
		...reason,
	};
	return { record, effects: [{ kind: "submit", seq: 0, afterMs: 0 }, ...tellFollowers(record, "live")] };
}
