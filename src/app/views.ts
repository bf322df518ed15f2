import type { Cancellation } from "../core/cancelling/cancellation.js";
import type { RecoveryJob } from "../core/job.js";
import type { Actor, Standing, StandingProblem } from "../core/person.js";
import type { Permission, RefusalRule, Role } from "../core/policy.js";

/**
 * What a message says, before it is drawn as a card. A view is complete: whoever draws it needs
 * nothing else, and nothing in it comes from data that a card carried.
 */
export type View =
	/** The present state of a cancellation; one message per follower, updated in place. */
	| {
			readonly view: "live";
			readonly cancellation: Cancellation;
			readonly conversationKey: string;
			/** The follow-up card may not have arrived here, or surely did not. */
			readonly announcementMissed?: true;
			/** An earlier live card may stand above this one, and cannot be updated. */
			readonly supersedes?: true;
	  }
	/** No further POST is sent, yet the job is followed: a new message, because people may have to act. */
	| { readonly view: "warning"; readonly cancellation: Cancellation; readonly conversationKey: string }
	/** The outcome of a cancellation, posted as a new message so that people are notified. */
	| { readonly view: "follow-up"; readonly cancellation: Cancellation; readonly conversationKey: string }
	/**
	 * One job, with a Cancel button while it runs. `open` is the cancellation under way, if any; `followed`
	 * when its outcome will be announced in this conversation.
	 */
	| {
			readonly view: "job";
			readonly job: RecoveryJob;
			readonly readAt: string;
			readonly open?: {
				readonly receipt: string;
				readonly requesterName: string;
				readonly followed: boolean;
			};
	  }
	| {
			readonly view: "jobs";
			readonly running: readonly RecoveryJob[];
			readonly ended: readonly RecoveryJob[];
			readonly readAt: string;
	  }
	/** The job had already ended when somebody asked to cancel it; nothing was sent to Graph. */
	| { readonly view: "already-ended"; readonly job: RecoveryJob; readonly readAt: string }
	| {
			readonly view: "refusal";
			readonly actor: Actor;
			readonly permission: Permission;
			readonly rule: RefusalRule;
			readonly problem?: StandingProblem;
			readonly jobId?: string;
			readonly scopedRoles: readonly string[];
			readonly grantingRoles: readonly Role[];
			readonly grantingGroups: readonly string[];
			readonly at: string;
	  }
	| {
			readonly view: "standing";
			readonly actor: Actor;
			readonly standing: Standing;
			readonly mayView: boolean;
			readonly mayCancel: boolean;
			readonly why?: RefusalRule;
			readonly grantingRoles: readonly Role[];
	  }
	| { readonly view: "help"; readonly greeting: boolean }
	/** The text was understood as a command but cannot be carried out as it stands. */
	| {
			readonly view: "malformed";
			readonly verb: "cancel" | "status";
			readonly problem: "no-id" | "not-an-id" | "several-ids" | "no-reason";
			readonly found?: string;
	  }
	| { readonly view: "unknown"; readonly text: string; readonly suggestion?: string }
	/** The request is safely recorded; the answer will follow as a message. */
	| { readonly view: "working"; readonly requestId: string; readonly jobId?: string }
	/** Something outside stopped us. `code` is stable and documented in the README. */
	| {
			readonly view: "problem";
			readonly code: ProblemCode;
			readonly jobId?: string;
			readonly requestId: string;
	  };

export type ProblemCode =
	| "job-not-found"
	| "graph-forbidden"
	| "graph-unauthorized"
	| "graph-throttled"
	| "graph-unavailable"
	| "graph-rejected"
	| "internal-error";
