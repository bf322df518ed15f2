import type { Actor, Grant } from "../person.js";
import type { RefusalRule } from "../policy.js";

/** `on-request`: somebody without the role asks. `two-person`: nobody cancels a recovery job alone. */
export type ApprovalMode = "on-request" | "two-person";

/**
 * On what terms a cancellation waits for others, kept as they were when it was opened: a setting that is changed
 * later lets nothing through on fewer people, or after its deadline.
 */
export interface Approval {
	readonly mode: ApprovalMode;
	/** Distinct approvers besides everybody who asked. */
	readonly required: number;
	/**
	 * Whether the requester held the role when it was last read. With `two-person` they are the first of the two then;
	 * without it, two others are needed.
	 */
	readonly entitled: boolean;
	/** Nothing passes at or after this moment, whether or not anything ran then. */
	readonly expiresAt: string;
	/** When a reminder is due, while it still waits. */
	readonly remindAt: readonly string[];
	/**
	 * Grows when what is to be decided becomes another thing: another requester, an approval that no longer counts.
	 * A button carries the edition that its card showed.
	 */
	readonly edition: number;
	/** What was found when it was asked: who can decide, and who of them can see a card of it. */
	readonly reach?: Reach;
	/** The last no to a request for the same job. */
	readonly earlierNo?: EarlierNo;
}

export interface Reach {
	/** People who can decide, besides those who ask. */
	readonly canDecide: number;
	/** How many of them are in a conversation that shows the request. */
	readonly reached: number;
}

export interface EarlierNo {
	readonly receipt: string;
	readonly actor: Actor;
	readonly at: string;
	readonly comment?: string;
}

/** One person's yes or no to one cancellation, with what allowed it, as read when they gave it. */
export interface Decision {
	readonly actor: Actor;
	readonly verdict: Verdict;
	readonly at: string;
	readonly comment?: string;
	readonly grant: Grant;
	/** A yes that stopped counting: right before the call its giver no longer held the role. */
	readonly lost?: { readonly at: string; readonly rule: RefusalRule };
}

export type Verdict = "approve" | "reject";

/** How a cancellation that others had to decide, or that skipped them, was let through. */
export type GoAhead =
	| { readonly way: "approved"; readonly at: string }
	/** By one person in their own name: one who may cancel alone, or the emergency way. */
	| {
			readonly way: "alone" | "emergency";
			readonly at: string;
			readonly by: Actor;
			readonly grant: Grant;
			readonly reason?: string;
	  };

/** What the emergency way leaves open until another person has looked at it. */
export interface Review {
	/** Everybody who used it; none of them can close it. */
	readonly by: readonly Actor[];
	/** Why, in the words of whoever used it last. */
	readonly reason: string;
	/** Number of the review card that is due next. */
	readonly seq: number;
	readonly acknowledged?: {
		readonly actor: Actor;
		readonly at: string;
		readonly grant: Grant;
		readonly comment?: string;
	};
}
