/** What a person asked for, as understood from text or from a button. */
export type Command =
	| { readonly kind: "cancel"; readonly jobId: string; readonly reason?: string }
	| { readonly kind: "status"; readonly jobId: string }
	| { readonly kind: "jobs" }
	| { readonly kind: "whoami" }
	| { readonly kind: "help" }
	| { readonly kind: "greeting" }
	| {
			readonly kind: "malformed";
			readonly verb: "cancel" | "status";
			readonly problem: "no-id" | "not-an-id" | "several-ids";
			/** What stood where the id should be, shortened. User text: escape it. */
			readonly found?: string;
	  }
	| { readonly kind: "unknown"; readonly text: string; readonly suggestion?: string };

/** Longest reason that is kept and shown, in characters. */
export const LONGEST_REASON = 500;

/** The single words that each command may begin with, and what to type in full. */
export const COMMANDS = {
	cancel: { words: ["cancel", "stop", "abort"], example: "cancel job <id>" },
	jobs: { words: ["jobs", "list"], example: "jobs" },
	status: { words: ["status"], example: "status <id>" },
	whoami: { words: ["whoami"], example: "whoami" },
	help: { words: ["help"], example: "help" },
} as const;
