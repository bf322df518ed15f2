import type { Approval, Decision, GoAhead, Review } from "../approving/approval.js";
import type { JobCounts, JobEnd, JobKind } from "../job.js";
import type { Actor, Grant } from "../person.js";
import type { RefusalRule } from "../policy.js";

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
	/** What allowed the requester to ask, as read when they asked; absent when they asked for approval without it. */
	readonly grant?: Grant;
	/** On what terms others decide. Absent when nobody else had to. */
	readonly approval?: Approval;
	/** Every yes and no, in the order in which they were given. */
	readonly decisions?: readonly Decision[];
	/** How it was let through: absent while it waits for others, and where nobody else had a say. */
	readonly goAhead?: GoAhead;
	/** Set when the emergency way was used. */
	readonly review?: Review;
	/** Everybody who asked, the requester first; each hears the outcome where they asked. */
	readonly askers: readonly Asker[];
	/** Every POST to Graph, written down before it is sent. */
	readonly attempts: readonly Attempt[];
	/** When Graph accepted the request (202). Accepted is not stopped. */
	readonly acceptedAt?: string;
	/** The job as last read. */
	readonly seen?: Sighting;
	/** Set while the next try is put off. */
	readonly waiting?: Waiting;
	/** Everything that has put a try off since it was let through, each once: the last alone is not why time ran out. */
	readonly putOffBy?: readonly Waiting["why"][];
	/**
	 * Set when no further POST is sent although one of unknown fate went out: that one may still take
	 * effect, so the job is followed all the same.
	 */
	readonly stoppedAsking?: StoppedAsking;
	/** Number of the submit that is due; one that carries another number is stale and does nothing. */
	readonly submitSeq: number;
	readonly watch: WatchCounters;
	readonly endedAt?: string;
	readonly outcome?: Outcome;
}

export type OpenState = "awaiting-approval" | "submitting" | "stopping";
export type EndState =
	| "abandoned"
	| "too-late"
	| "refused"
	| "lost-track"
	| "rejected"
	| "expired"
	| "withdrawn";
export type CancellationState = OpenState | EndState;

export interface Asker {
	readonly actor: Actor;
	/** The stored conversation in which they asked. */
	readonly conversationKey: string;
	readonly at: string;
	readonly reason?: string;
	/** They took it back; who still asks goes on with it. */
	readonly withdrewAt?: string;
	/** The language in which they asked, as `de-DE`. */
	readonly locale?: string;
}

export interface Attempt {
	/** Sent to Graph as `client-request-id`; the key for finding this call in Microsoft's logs. */
	readonly clientRequestId: string;
	readonly at: string;
	/** The asker on whose standing it is sent, and what allowed it, as read right before. */
	readonly by: Actor;
	readonly grant: Grant;
	/** Where others had a say: everybody whose role was seen right before, the one above included. */
	readonly held?: readonly Holder[];
	readonly answer?: AttemptAnswer;
}

/** Somebody who was just seen to hold a role that allows the cancel. */
export interface Holder {
	readonly actor: Actor;
	readonly grant: Grant;
}

/** What came back. An attempt without an answer was cut off: it may or may not have reached Graph. */
export interface AttemptAnswer {
	readonly at: string;
	/** `throttled` without an `httpStatus` was never sent: there was no token, or no role seen in time. */
	readonly kind: "accepted" | "rejected" | "throttled" | "unclear";
	/** What kind of no, when it was one. */
	readonly code?: RejectionCode;
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

export interface Waiting {
	/** When the next try is planned. */
	readonly until: string;
	readonly why: "throttled" | "not-sent" | "no-answer" | "job-unreadable" | "role-unreadable";
}

/** `time`: nothing clear came back for as long as we ask or, when others let it through, by its deadline. */
export type StoppedAsking = RefusedWhy | { readonly by: "time"; readonly deadline?: true };

export interface WatchCounters {
	/** Number of the poll that is due; a poll carrying another number is stale and does nothing. */
	readonly seq: number;
	/** The number of the first poll in the present state, from which the pauses grow; 0 when absent. */
	readonly from?: number;
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
	| { readonly state: "refused"; readonly why: RefusedWhy }
	| { readonly state: "lost-track"; readonly why: LostWhy }
	/** Somebody who may decide said no; the last of the decisions says who. */
	| { readonly state: "rejected" }
	/** Not enough people had said yes by the deadline. */
	| { readonly state: "expired" }
	/** The only person who still asked took it back. */
	| { readonly state: "withdrawn" };

/** Graph's or Entra's no to a cancel, by its HTTP status alone: Graph documents no error codes here. */
export type RejectionCode = "forbidden" | "unauthorized" | "conflict" | "rejected" | "not-found";

/**
 * Why nothing was cancelled although the job still ran. The `role-*` reasons are ours (the check
 * right before the call), the `graph-*` reasons are Graph's.
 */
export type RefusedWhy =
	| { readonly by: "policy"; readonly rule: RefusalRule }
	| {
			readonly by: "graph";
			readonly code: RejectionCode | "throttled";
			readonly httpStatus?: number;
	  };

/** `job-unreadable`: the job could not be read before anything was sent. */
export type LostWhy =
	| "job-not-found"
	| "access-lost"
	| "watch-limit"
	| "no-answer-to-cancel"
	| "job-unreadable";

export const OPEN_STATES: readonly CancellationState[] = ["awaiting-approval", "submitting", "stopping"];

/** Whether it was sent, or is about to be; one that waits for others is not. */
export function isUnderWay({ state }: Pick<Cancellation, "state">): boolean {
	return state === "submitting" || state === "stopping";
}

/** A piece of planned work on a cancellation: a try to submit it, or a poll of its job. */
export interface Due {
	readonly step: "submit" | "watch";
	readonly seq: number;
}

/** Whether this step is the one that the record waits for; any other is stale and must do nothing. */
export function isDue(record: Cancellation, due: Due): boolean {
	if (due.step === "submit") return record.state === "submitting" && record.submitSeq === due.seq;
	return (
		(record.state === "stopping" || record.state === "awaiting-approval") && record.watch.seq === due.seq
	);
}

/** Whether Graph may be acting on this attempt. Not when it was never sent, put off, or turned down. */
export function mayHaveReachedGraph(attempt: Attempt): boolean {
	const kind = attempt.answer?.kind;
	return kind === undefined || kind === "unclear" || kind === "accepted";
}

/** Whether the request left at all: without an HTTP status, these two kinds never got as far as Graph. */
export function wasSent({ answer }: Attempt): boolean {
	return !(answer?.httpStatus === undefined && (answer?.kind === "throttled" || answer?.kind === "rejected"));
}

/** The language of who asked for it in a conversation; nothing when nobody did, or it is not known. */
export function askersLocale({ askers }: Cancellation, conversationKey: string): string | undefined {
	return askers.find((asker) => asker.conversationKey === conversationKey)?.locale;
}

export function isOpen(record: Pick<Cancellation, "state">): boolean {
	return OPEN_STATES.includes(record.state);
}
