import type { RejectionCode } from "../core/cancelling/cancellation.js";
import type { RecoveryJob } from "../core/job.js";
import type { Actor, Standing } from "../core/person.js";
import type { Permission } from "../core/policy.js";
import type { ConversationType, GroupNames, View } from "./views.js";

export interface Clock {
	now(): Date;
}

/** The log; a pino logger fits. Facts are ids and codes, never names of people or their words. */
export interface Log {
	info(facts: object, message: string): void;
	warn(facts: object, message: string): void;
	error(facts: object, message: string): void;
}

export interface Ids {
	/** A random UUID. */
	uuid(): string;
	/** A short receipt for people, such as `RC-7F3K9Q`. */
	receipt(): string;
}

/** Graph's recovery jobs. Expected failures are values; a rejected promise is a bug. */
export interface RecoveryJobs {
	/** All jobs that Graph still knows, newest first. */
	list(): Promise<{ readonly kind: "listed"; readonly jobs: readonly RecoveryJob[] } | ReadProblem>;
	read(
		jobId: string,
	): Promise<
		| { readonly kind: "found"; readonly job: RecoveryJob; readonly retryAfterMs?: number }
		| { readonly kind: "missing" }
		| ReadProblem
	>;
	/** One POST, never repeated by the adapter. */
	cancel(jobId: string, clientRequestId: string): Promise<CancelAnswer>;
}

export interface ReadProblem {
	readonly kind: "problem";
	readonly code: "forbidden" | "unauthorized" | "throttled" | "rejected" | "unavailable";
	readonly httpStatus?: number;
	/** How long Graph asked us to wait, in milliseconds. */
	readonly retryAfterMs?: number;
	/** For the log and the audit trail. */
	readonly detail: string;
}

export type CancelAnswer = AnswerFacts &
	(
		| { readonly kind: "accepted"; readonly location?: string }
		| { readonly kind: "rejected"; readonly code: RejectionCode }
		| { readonly kind: "throttled" }
		/** 5xx, a timeout or a broken connection: Graph may or may not have acted. */
		| { readonly kind: "unclear" }
	);

export interface AnswerFacts {
	readonly httpStatus?: number;
	readonly requestId?: string;
	readonly errorCode?: string;
	/** How long Graph asked us to wait, in milliseconds; a rejection asks for none. */
	readonly retryAfterMs?: number;
	readonly detail?: string;
}

/** The directory: who somebody is and what they hold, read now. Never rejects for expected failures. */
export interface Directory {
	/** Reads only what `permission` needs, so that the check before a cancel stays as small as it can be. */
	standing(actor: Actor, permission: Permission): Promise<Standing>;
	/**
	 * Everybody who can act and holds a role or is in a group that may cancel: a few calls, however many they are. Only
	 * for telling people whom to ask; nobody is allowed anything by it.
	 */
	holders(): Promise<
		{ readonly kind: "listed"; readonly userIds: readonly string[] } | { readonly kind: "problem" }
	>;
	/** What groups are called, as far as that is known soon; for reading only. */
	groupNames(groupIds: readonly string[]): Promise<GroupNames>;
}

/** Who is on call: the members of one Entra group, nested and activated ones too, read now. */
export interface OnCallGroup {
	/** False when no group is set. */
	readonly set: boolean;
	includes(actor: Actor): Promise<{ readonly kind: "read"; readonly member: boolean } | ReadProblem>;
	people(): Promise<{ readonly kind: "listed"; readonly people: readonly OnCallPerson[] } | ReadProblem>;
}

export interface OnCallPerson {
	readonly userId: string;
	/** Empty when none is known. */
	readonly name: string;
}

/** A stored place in Teams that the bot may post to later, thread included. */
export interface ConversationRef {
	/** Teams' conversation id, with `;messageid=` for a thread in a channel. */
	readonly key: string;
	readonly tenantId: string;
	readonly serviceUrl: string;
	readonly channelId: string;
	readonly botId: string;
	readonly botName: string;
	readonly conversationType: ConversationType;
	/** The language of whoever spoke there last; of whoever a message is for, when it is sent. */
	readonly locale?: string;
}

/**
 * Writes a piece of the audit trail as a file. From the same moments comes the same file, unless an instance
 * whose clock is behind has added to it meanwhile.
 */
export type TrailExport = (
	range: { readonly from?: string; readonly to: string },
	format: "csv" | "ndjson",
) => Promise<
	| {
			readonly kind: "written";
			readonly bytes: Uint8Array<ArrayBuffer>;
			readonly events: number;
			/** The last event and its hash, by which the file can be checked later. */
			readonly last?: { readonly seq: number; readonly hash: string };
	  }
	| { readonly kind: "too-large" }
>;

/** Puts files where Teams says. Expected failures are values. */
export interface FileUploads {
	/** Whether the address is at one of the hosts to which files may go. */
	allows(url: string): boolean;
	put(
		url: string,
		bytes: Uint8Array<ArrayBuffer>,
	): Promise<{ readonly kind: "uploaded" } | { readonly kind: "problem"; readonly detail: string }>;
}

/** Sends to Teams. Expected failures are values. */
export interface Messenger {
	/** Gets everything ready that can fail before a send starts (the token); rejects with a `SendProblem`. */
	prepare(conversation: ConversationRef): Promise<{ readonly kind: "ready" } | SendProblem>;
	/** Shows that an answer is being found. One call that nobody waits for; rejects when it did not work. */
	typing(conversation: ConversationRef): Promise<void>;
	/** Creates one new message. Never repeats a send whose fate is unknown. */
	post(
		conversation: ConversationRef,
		view: View,
	): Promise<{ readonly kind: "sent"; readonly activityId: string } | SendProblem>;
	update(
		conversation: ConversationRef,
		activityId: string,
		view: View,
	): Promise<{ readonly kind: "sent"; readonly activityId: string } | SendProblem>;
	/** Who is in a conversation, as Teams says; asks the connector, never Graph. */
	members(
		conversation: ConversationRef,
	): Promise<{ readonly kind: "listed"; readonly members: readonly Member[] } | { readonly kind: "problem" }>;
}

/** Somebody in a conversation. */
export interface Member {
	readonly userId: string;
	/** Empty when none is known. */
	readonly name: string;
	readonly channelUserId: string;
}

export type SendProblem =
	/** Surely not delivered; sending again later may work. */
	| { readonly kind: "retry"; readonly retryAfterMs?: number; readonly detail: string }
	/** The message or conversation is gone. */
	| { readonly kind: "gone"; readonly detail: string }
	/** Surely not delivered, and will not be; `removed`, because the bot is not in that conversation any more. */
	| { readonly kind: "rejected"; readonly detail: string; readonly removed?: true }
	/** May or may not have been delivered. */
	| { readonly kind: "unconfirmed"; readonly detail: string };
