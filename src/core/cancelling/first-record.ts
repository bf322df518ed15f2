import type { RecoveryJob } from "../job.js";
import { known } from "../known.js";
import type { Actor, Grant } from "../person.js";
import type { Cancellation, OpenState } from "./cancellation.js";
import { sighting } from "./sighting.js";

/** Who asks for what, where and why. */
export interface Asking {
	readonly id: string;
	readonly receipt: string;
	readonly job: RecoveryJob;
	readonly requester: Actor;
	readonly grant?: Grant;
	readonly conversationKey: string;
	readonly reason?: string;
	/** The language in which it is asked, as `de-DE`. */
	readonly locale?: string;
}

/** The first record of a cancellation, in the state that it begins with. */
export function firstRecord(asking: Asking, state: OpenState, now: Date): Cancellation {
	const { id, receipt, job, requester, conversationKey } = asking;
	const at = now.toISOString();
	const reason = known({ reason: asking.reason });
	return {
		id,
		receipt,
		tenantId: requester.tenantId,
		jobId: job.id,
		jobKind: job.kind,
		state,
		version: 1,
		requester,
		openedAt: at,
		...known({ grant: asking.grant }),
		askers: [{ actor: requester, conversationKey, at, ...reason, ...known({ locale: asking.locale }) }],
		attempts: [],
		seen: sighting(job, at),
		submitSeq: 0,
		watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
		...reason,
	};
}
