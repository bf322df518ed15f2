import type { Verdict } from "../approving/approval.js";
import type { RecoveryJob } from "../job.js";
import type { Actor, Grant } from "../person.js";
import type { RefusalRule } from "../policy.js";
import type { Asker, AttemptAnswer, Cancellation, Holder, RejectionCode } from "./cancellation.js";
import type { PollLimits } from "./poll-schedule.js";

/** How long things may take before we say plainly that they did not work out. */
export interface MoveLimits {
	readonly poll: PollLimits;
	/** After this the watch ends as `lost-track` (`WATCH_LIMIT_HOURS`), in milliseconds. */
	readonly watchLimitMs: number;
	/** How long we keep asking Graph to cancel when it throttles us or gives no clear answer, in milliseconds. */
	readonly submitLimitMs: number;
}

/** What can happen to a cancellation. */
export type Event =
	| { readonly kind: "joined"; readonly asker: Asker }
	/** A POST is about to be sent; saved before it is. */
	| {
			readonly kind: "attempt-started";
			readonly clientRequestId: string;
			/** On whose standing. */
			readonly by: Actor;
			readonly grant: Grant;
			/** How many attempts there were when this one was decided: with more, somebody else went ahead. */
			readonly after: number;
			/** Everybody who was just seen to hold the role, where others had a say. */
			readonly held?: readonly Holder[];
	  }
	| {
			readonly kind: "attempt-answered";
			readonly clientRequestId: string;
			readonly answer: AttemptAnswer;
			readonly retryAfterMs?: number;
	  }
	| { readonly kind: "job-seen"; readonly job: RecoveryJob; readonly retryAfterMs?: number }
	| { readonly kind: "job-missing" }
	| { readonly kind: "job-unreadable"; readonly denied: boolean; readonly retryAfterMs?: number }
	/** Right before the call none of the askers in `checked` (user ids) may cancel; the rule is the first one's. */
	| { readonly kind: "standing-lost"; readonly rule: RefusalRule; readonly checked: readonly string[] }
	/** Right before the call nobody was seen to hold a role, but not everybody could be read. */
	| { readonly kind: "standing-unreadable" }
	/** After a rejected POST the job was read again and still runs (or could not be read). */
	| {
			readonly kind: "rejection-confirmed";
			readonly code: RejectionCode;
			readonly httpStatus?: number;
	  }
	| ApprovalEvent;

/** What can happen to a cancellation that others decide on, or that skipped them. */
export type ApprovalEvent =
	/** By somebody who was just seen to hold the role. `edition` is what the pressed card showed. */
	| {
			readonly kind: "decided";
			readonly actor: Actor;
			readonly verdict: Verdict;
			readonly grant: Grant;
			readonly comment?: string;
			readonly edition?: number;
	  }
	| { readonly kind: "withdrawal"; readonly actor: Actor }
	/** Somebody who was just seen to hold the role carries it out in their own name. */
	| {
			readonly kind: "went-ahead";
			readonly asker: Asker;
			readonly grant: Grant;
			readonly emergency: boolean;
	  }
	| { readonly kind: "deadline" }
	/** Right before the call: the roles of everybody who stands behind it, where not all of them were held. */
	| {
			readonly kind: "roles-read";
			readonly held: readonly Holder[];
			readonly lost: readonly { readonly actor: Actor; readonly rule: RefusalRule }[];
	  }
	| { readonly kind: "review-told"; readonly seq: number }
	| {
			readonly kind: "review-acknowledged";
			readonly actor: Actor;
			readonly grant: Grant;
			readonly comment?: string;
	  };

/** What must happen because of a move. Each becomes one durable job, in the move's own transaction. */
export type Effect =
	| { readonly kind: "submit"; readonly seq: number; readonly afterMs: number }
	| { readonly kind: "watch"; readonly seq: number; readonly afterMs: number }
	| {
			readonly kind: "post";
			/** `warning` is a new message before the end: people should act themselves. */
			readonly message: "live" | "warning" | "follow-up";
			readonly conversationKey: string;
	  }
	/** Everybody who can decide sees a card; all cards that stand say what is so now. */
	| { readonly kind: "copies" }
	| { readonly kind: "remind"; readonly number: number; readonly afterMs: number }
	| { readonly kind: "expire"; readonly afterMs: number }
	| { readonly kind: "review"; readonly seq: number; readonly afterMs: number };

export type Move =
	| { readonly kind: "moved"; readonly record: Cancellation; readonly effects: readonly Effect[] }
	| { readonly kind: "conflict"; readonly why: string };
