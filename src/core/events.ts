import type { Asker, AttemptAnswer, Cancellation, RefusedWhy } from "./cancellation.js";
import type { RecoveryJob } from "./job.js";
import type { RefusalRule } from "./policy.js";
import type { PollLimits } from "./poll-schedule.js";

/** How long things may take before we say plainly that they did not work out. */
export interface MoveLimits {
	readonly poll: PollLimits;
	/** After this the watch ends as `lost-track` (`WATCH_LIMIT_HOURS`), in milliseconds. */
	readonly watchLimitMs: number;
	/** How long we keep asking Graph to cancel when it throttles us or gives no clear answer. */
	readonly submitLimitMs: number;
}

/** What can happen to a cancellation. */
export type Event =
	| { readonly kind: "joined"; readonly asker: Asker }
	/** A POST is about to be sent; saved before it is. */
	| { readonly kind: "attempt-started"; readonly clientRequestId: string }
	| {
			readonly kind: "attempt-answered";
			readonly answer: AttemptAnswer;
			readonly retryAfterMs?: number;
	  }
	| { readonly kind: "job-seen"; readonly job: RecoveryJob; readonly retryAfterMs?: number }
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
