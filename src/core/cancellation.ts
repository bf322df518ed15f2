import type { JobCounts, JobEnd, JobKind } from "./job.js";
import type { Actor, Grant } from "./person.js";
import type { RefusalRule } from "./policy.js";

/**
 * Our record of one effort to cancel one job. Everything a card says about a cancellation is said
 * from this record, and every field says only what was asked or seen.
 */
export interface Cancellation {
	readonly id: string;
	/** Short code that people can quote, for example `RC-7F3K9Q`. */
	readonly receipt: string;
	readonly tenantId: string;
	readonly jobId: string;
	readonly jobKind: JobKind;
	readonly state: CancellationState;
	/** Grows by one at every move; the store refuses to save over a newer version. */
	readonly version: number;
	readonly requester: Actor;
	readonly reason?: string;
	readonly openedAt: string;
	/** What allowed the requester to ask, as read when they asked. */
	readonly grant: Grant;
	/** Everybody who asked, the requester first; each hears the outcome where they asked. */
	readonly askers: readonly Asker[];
	/** Every POST to Graph, written down before it is sent. */
	readonly attempts: readonly Attempt[];
	/** When Graph accepted the request (202). Accepted is not stopped. */
	readonly acceptedAt?: string;
	/** The job as last read. */
	readonly seen?: Sighting;
	/** Set while Graph has told us to wait before asking again. */
	readonly waitingUntil?: string;
	readonly watch: WatchCounters;
	readonly endedAt?: string;
	readonly outcome?: Outcome;
}

export type OpenState = "submitting" | "stopping";
export type EndState = "abandoned" | "too-late" | "refused" | "lost-track";
export type CancellationState = OpenState | EndState;

export interface Asker {
	readonly actor: Actor;
	/** The stored conversation in which they asked. */
	readonly conversationKey: string;
	readonly at: string;
	readonly reason?: string;
}

export interface Attempt {
	/** Sent to Graph as `client-request-id`; the key for finding this call in Microsoft's logs. */
	readonly clientRequestId: string;
	readonly at: string;
	readonly answer?: AttemptAnswer;
}

/** What came back. An attempt without an answer was cut off: it may or may not have reached Graph. */
export interface AttemptAnswer {
	readonly at: string;
	readonly kind: "accepted" | "rejected" | "throttled" | "unclear";
	readonly httpStatus?: number;
	/** Graph's `request-id`. */
	readonly requestId?: string;
	readonly location?: string;
	/** Graph's `error.code`, for the record; never branched on. */
	readonly errorCode?: string;
}

export interface Sighting {
	readonly at: string;
	readonly status: string;
	readonly endedAt?: string;
	readonly startedAt?: string;
	readonly targetStateAt?: string;
	readonly counts: JobCounts;
}

export interface WatchCounters {
	/** Number of the poll that is due; a poll carrying another number is stale and does nothing. */
	readonly seq: number;
	/** Reads in a row that found no such job. */
	readonly missing: number;
	/** Reads in a row that were refused (401, 403). */
	readonly denied: number;
	/** Reads in a row that failed in any other way. */
	readonly failed: number;
}

export type Outcome =
	| { readonly state: "abandoned" }
	| { readonly state: "too-late"; readonly jobEnd: JobEnd }
	| { readonly state: "refused"; readonly why: RefusedWhy; readonly httpStatus?: number }
	| { readonly state: "lost-track"; readonly why: LostWhy };

/**
 * Why nothing was cancelled although the job still ran. The `role-*` reasons are ours (the check
 * right before the call), the `graph-*` reasons are Graph's.
 */
export type RefusedWhy =
	| { readonly by: "policy"; readonly rule: RefusalRule }
	| {
			readonly by: "graph";
			readonly code: "forbidden" | "unauthorized" | "conflict" | "rejected" | "not-found" | "throttled";
	  };

export type LostWhy = "job-not-found" | "access-lost" | "watch-limit" | "no-answer-to-cancel";

export const OPEN_STATES: readonly CancellationState[] = ["submitting", "stopping"];

export function isOpen(record: Pick<Cancellation, "state">): boolean {
	return OPEN_STATES.includes(record.state);
}
