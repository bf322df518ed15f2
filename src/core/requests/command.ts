import type { HistoryFilter, HistoryUnclear } from "../history.js";
import type { DigestTime } from "../on-call/digest-time.js";
import type { Filters } from "../on-call/filters.js";

/** What a person asked for, as understood from text or from a button. */
export type Command =
	| {
			readonly kind: "cancel";
			readonly jobId: string;
			readonly reason?: string;
			/** Without the second person; only where that is allowed. */
			readonly emergency?: true;
	  }
	/** Somebody who may not cancel asks those who may. */
	| { readonly kind: "ask"; readonly jobId: string; readonly reason?: string }
	/** A reference is a receipt, or the id that a button carries. The edition is what the pressed card showed. */
	| {
			readonly kind: "decide";
			readonly verdict: "approve" | "reject";
			readonly reference: string;
			readonly comment?: string;
			readonly edition?: number;
	  }
	| { readonly kind: "withdraw"; readonly reference: string }
	| { readonly kind: "acknowledge"; readonly reference: string; readonly comment?: string }
	| { readonly kind: "approvals" }
	| { readonly kind: "approvals-here"; readonly on: boolean }
	| { readonly kind: "why"; readonly reference: string }
	| { readonly kind: "can-i"; readonly jobId: string }
	| { readonly kind: "status"; readonly jobId: string }
	/** A cancel that names no job, as "stop it": it is offered for the one that runs, never carried out. */
	| { readonly kind: "cancel-running"; readonly jobKind?: "recovery" | "preview"; readonly reason?: string }
	| { readonly kind: "jobs" }
	| { readonly kind: "whoami" }
	| { readonly kind: "history"; readonly filter: HistoryFilter }
	| {
			readonly kind: "history-unclear";
			readonly problem: HistoryUnclear;
			/** What stood behind the word. User text: escape it. */
			readonly found: string;
	  }
	/** The page after the one with which this request was answered. */
	| { readonly kind: "history-next"; readonly requestId: string }
	/** A piece of the audit trail as a file; without hours, all of it. */
	| { readonly kind: "export"; readonly format: "csv" | "ndjson"; readonly hours?: number }
	/** The file that this request was answered with an offer of may go where Teams says. */
	| { readonly kind: "export-accepted"; readonly requestId: string; readonly upload: FileUpload }
	| { readonly kind: "export-declined"; readonly requestId: string }
	| { readonly kind: "help" }
	| { readonly kind: "greeting" }
	| OnCallCommand
	| {
			readonly kind: "malformed";
			readonly verb: MalformedVerb;
			readonly problem:
				| "no-id"
				| "not-an-id"
				| "several-ids"
				| "no-receipt"
				| "not-a-receipt"
				| "several-receipts";
			/** What stood where the id should be, shortened. User text: escape it. */
			readonly found?: string;
			/** The first of the ids, where there are several. */
			readonly first?: string;
	  }
	| {
			readonly kind: "unknown";
			readonly text: string;
			/** What to type in full. */
			readonly suggestion?: string;
			readonly suggested?: Suggested;
	  }
	/** The same once more as an earlier request, for the same person. */
	| { readonly kind: "again"; readonly requestId: string };

/** Where an accepted file goes, and how it is found there. */
export interface FileUpload {
	/** Bears its own permission: never to be shown or logged. */
	readonly uploadUrl: string;
	readonly contentUrl: string;
	readonly name: string;
	readonly uniqueId: string;
	readonly fileType: string;
}

/** The button that does what a mistyped text seems to mean: its verb and its id. Nothing that cancels. */
export type Suggested =
	| { readonly verb: "show-job"; readonly id: string }
	| { readonly verb: "show-jobs"; readonly id: "jobs" }
	| { readonly verb: "show-whoami"; readonly id: "me" }
	| { readonly verb: "show-help"; readonly id: "help" };

export type MalformedVerb =
	| "follow"
	| "unfollow"
	| "cancel"
	| "status"
	| "ask"
	| "can-i"
	| "approve"
	| "reject"
	| "withdraw"
	| "acknowledge"
	| "why";

/** What whoever is on call asks for. */
export type OnCallCommand =
	| { readonly kind: "alerts-on"; readonly filters: Filters }
	| { readonly kind: "alerts" }
	| { readonly kind: "alerts-off" }
	| { readonly kind: "escalations"; readonly here: boolean }
	| { readonly kind: "follow"; readonly jobId: string }
	| { readonly kind: "unfollow"; readonly jobId: string }
	/** A summary of the last so many hours. */
	| { readonly kind: "handover"; readonly hours: number }
	| ({ readonly kind: "digest-on" } & DigestTime)
	| { readonly kind: "digest-off" }
	/** By a button; `turn` is how often it had changed hands when the card was drawn. */
	| {
			readonly kind: "take-incident";
			readonly incidentId: string;
			readonly turn: number;
			readonly minutes?: number;
	  }
	| { readonly kind: "release-incident"; readonly incidentId: string }
	/** Takes everything that is open in the summary that answered this request. */
	| { readonly kind: "take-over"; readonly handoverId: string }
	| {
			readonly kind: "misunderstood";
			readonly verb: "alerts" | "escalations" | "handover" | "digest";
			readonly problem: "not-a-filter" | "not-here-or-off" | "not-hours" | "not-a-time" | "not-a-zone";
			/** What was not understood, shortened. User text: escape it. */
			readonly found?: string;
	  };

const ON_CALL: Readonly<Record<OnCallCommand["kind"], true>> = {
	"alerts-on": true,
	alerts: true,
	"alerts-off": true,
	escalations: true,
	follow: true,
	unfollow: true,
	handover: true,
	"digest-on": true,
	"digest-off": true,
	"take-incident": true,
	"release-incident": true,
	"take-over": true,
	misunderstood: true,
};

/** Whether somebody on call asks for this. */
export function isOnCall(command: { readonly kind: string }): command is OnCallCommand {
	return Object.hasOwn(ON_CALL, command.kind);
}

/** Longest reason that is kept and shown, in characters. */
export const LONGEST_REASON = 500;

/** The single words that each command may begin with, and what to type in full. */
export const COMMANDS = {
	cancel: { words: ["cancel", "stop", "abort"], example: "cancel job <id>" },
	jobs: { words: ["jobs", "list"], example: "jobs" },
	status: { words: ["status"], example: "status <id>" },
	approve: { words: ["approve"], example: "approve <receipt>" },
	reject: { words: ["reject"], example: "reject <receipt> because …" },
	withdraw: { words: ["withdraw"], example: "withdraw <receipt>" },
	approvals: { words: ["approvals"], example: "approvals" },
	whoami: { words: ["whoami"], example: "whoami" },
	history: { words: ["history"], example: "history 7d" },
	export: { words: ["export"], example: "export 7d" },
	help: { words: ["help"], example: "help" },
	alerts: { words: ["alerts"], example: "alerts on" },
	escalations: { words: ["escalations"], example: "escalations here" },
	follow: { words: ["follow"], example: "follow <id>" },
	unfollow: { words: ["unfollow"], example: "unfollow <id>" },
	handover: { words: ["handover"], example: "handover" },
	digest: { words: ["digest"], example: "digest daily 08:00 Europe/Oslo" },
} as const;
