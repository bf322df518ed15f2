import type { RecoveryJob } from "../job.js";
import type { Actor } from "../person.js";
import type { AlertKind } from "./incident.js";
import type { StoryLine } from "./story.js";
import type { Gap } from "./watch.js";

/** A message about what happened: it is sent once and never changed. */
export interface News {
	readonly conversationKey: string;
	/** About which incident, if about one. */
	readonly incidentId?: string;
	/**
	 * `post` stands by itself. `reply` goes below the incident's card where a conversation has threads, and stands by
	 * itself elsewhere; `record` goes there or nowhere, since the card shows it, too.
	 */
	readonly place: "post" | "reply" | "record";
	/** Before everything else that waits to be sent. */
	readonly urgent?: true;
	readonly tells: Tells;
}

/** What it tells. Complete: whoever draws it needs nothing else. */
export type Tells =
	| {
			readonly what: "event";
			readonly kind: AlertKind;
			readonly job: RecoveryJob;
			readonly at: string;
			/** Since when it has been in its phase, when it is stuck. */
			readonly phaseSince: string;
	  }
	| {
			readonly what: "story";
			readonly jobId: string;
			readonly receipt: string;
			readonly lines: readonly StoryLine[];
	  }
	| {
			readonly what: "hands";
			readonly change: "taken" | "taken-over" | "released" | "lapsed";
			readonly job: RecoveryJob;
			readonly who: string;
			readonly from?: string;
			readonly until?: string;
			readonly at: string;
	  }
	| {
			readonly what: "still-there";
			readonly incidentId: string;
			readonly turn: number;
			readonly job: RecoveryJob;
			readonly who: Actor;
	  }
	/** The jobs that ran when the conversation began to be told. */
	| {
			readonly what: "sum";
			readonly running: readonly RecoveryJob[];
			readonly others: number;
			readonly at: string;
	  }
	| ({ readonly what: "gap" } & Gap)
	| { readonly what: "blind"; readonly since: string; readonly code: string }
	| Page
	| DigestTells;

/** A call for somebody to take a job. */
export interface Page {
	readonly what: "page";
	readonly incidentId: string;
	readonly turn: number;
	readonly job: RecoveryJob;
	readonly since: string;
	readonly step: 1 | 2;
	/** What became of asking who is on call. */
	readonly group: "called" | "empty" | "unset" | "unreadable";
	/** Members of the conversation, who can be mentioned. */
	readonly mentioned: readonly { readonly channelUserId: string; readonly name: string }[];
	/** On call, but not here. */
	readonly named: readonly string[];
	/** After the last step: no conversation takes escalations. */
	readonly nobodyElse?: true;
}

/** What happened in a time, and what is open. */
export interface Summary {
	readonly from: string;
	readonly to: string;
	/** Absent when Graph could not be read. */
	readonly jobs?: { readonly running: readonly RecoveryJob[]; readonly ended: readonly RecoveryJob[] };
	readonly cancellations: readonly {
		readonly receipt: string;
		readonly jobId: string;
		readonly state: string;
		readonly requester: string;
		/** On whose standing it was sent, when it was. */
		readonly sentFor?: string;
		readonly reason?: string;
	}[];
	readonly open: readonly {
		readonly incidentId: string;
		readonly job: RecoveryJob;
		readonly taker?: string;
	}[];
}

export interface DigestTells extends Summary {
	readonly what: "digest";
	readonly date: string;
	/** The audit trail's head when it was written: with it the trail can be checked later. */
	readonly head: { readonly seq: number; readonly hash: string };
	/** Set when it comes late: when it was due. */
	readonly dueAt?: string;
}
