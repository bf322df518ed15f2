import type { Objection } from "../core/approving/rules.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import type { HistoryFilter, HistoryPage, HistoryPlace, HistoryUnclear } from "../core/history.js";
import type { RecoveryJob } from "../core/job.js";
import type { Actor, Standing, StandingProblem } from "../core/person.js";
import type { Permission, RefusalRule, Role } from "../core/policy.js";
import type { Command, FileUpload, MalformedVerb, Suggested } from "../core/requests/command.js";
import type { OnCallView } from "./on-call/on-call-views.js";

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
			/**
			 * For somebody who asked for the same job where the live card stands already: the record as it was at this
			 * moment. This card is not kept up to date; the live card is.
			 */
			readonly copiedAt?: string;
	  }
	/** No further POST is sent, yet the job is followed: a new message, because people may have to act. */
	| { readonly view: "warning"; readonly cancellation: Cancellation; readonly conversationKey: string }
	/** The outcome of a cancellation, posted as a new message so that people are notified. */
	| { readonly view: "follow-up"; readonly cancellation: Cancellation; readonly conversationKey: string }
	/** One job, with a Cancel button while it runs. */
	| (Cancelling & {
			readonly view: "job";
			readonly job: RecoveryJob;
			readonly readAt: string;
			/** The cancellation under way; `followed` when its outcome will be announced in this conversation. */
			readonly open?: {
				readonly receipt: string;
				readonly requesterName: string;
				readonly followed: boolean;
			};
			/** Somebody asked to cancel the running job without naming it, and is offered the form, with their reason. */
			readonly offered?: { readonly reason?: string };
	  })
	| (Cancelling & {
			readonly view: "jobs";
			readonly running: readonly RecoveryJob[];
			readonly ended: readonly RecoveryJob[];
			/** The running jobs that are being cancelled; their rows have no button. A list of an older version has none. */
			readonly beingCancelled?: readonly BeingCancelled[];
			readonly readAt: string;
	  })
	/** The job had already ended when somebody asked to cancel it; nothing was sent to Graph. */
	| { readonly view: "already-ended"; readonly job: RecoveryJob; readonly readAt: string }
	| {
			readonly view: "refusal";
			readonly actor: Actor;
			readonly permission: Permission;
			readonly asked: Asked;
			readonly rule: RefusalRule;
			readonly problem?: StandingProblem;
			readonly jobId?: string;
			/** Those who may cancel this job, which runs, can be asked to decide. */
			readonly mayAsk?: boolean;
			readonly scopedRoles: readonly string[];
			/** What would help; empty where no role does. */
			readonly grantingRoles: readonly Role[];
			readonly grantingGroups: readonly string[];
			readonly groupNames?: GroupNames;
			readonly at: string;
	  }
	/** The directory gave no answer to go by: nothing was sent, and nobody was refused. Trying again may help. */
	| {
			readonly view: "unchecked";
			readonly actor: Actor;
			readonly asked: Asked;
			readonly problem: StandingProblem;
			readonly jobId?: string;
			readonly requestId: string;
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
			readonly groupNames?: GroupNames;
	  }
	/** In a channel or group chat the bot hears only what mentions it. */
	| {
			readonly view: "help";
			readonly greeting: boolean;
			readonly conversationType: ConversationType;
			readonly botName: string;
	  }
	/** The text was understood as a command but cannot be carried out as it stands. */
	| {
			readonly view: "malformed";
			readonly verb: MalformedVerb;
			readonly problem: Extract<Command, { kind: "malformed" }>["problem"] | "no-reason";
			readonly found?: string;
			/** The job that was meant, when it is known: the example names it. */
			readonly jobId?: string;
	  }
	| {
			readonly view: "unknown";
			readonly text: string;
			/** What to type, as `cancel job <id>`. */
			readonly suggestion?: string;
			/** The button that does it; never one that cancels. */
			readonly suggested?: Suggested;
	  }
	/** One page of cancellations and what became of them, from the newest on. */
	| {
			readonly view: "history";
			readonly filter: HistoryFilter;
			readonly rows: HistoryPage["rows"];
			/** Counted from 1. */
			readonly page: number;
			/** Where the next page begins; its button carries the id of the request that is answered with this one. */
			readonly next?: HistoryPlace;
			readonly requestId: string;
			readonly readAt: string;
	  }
	| { readonly view: "history-unclear"; readonly problem: HistoryUnclear; readonly found: string }
	/** A file that may go into the person's OneDrive: Teams asks them. */
	| {
			readonly view: "file-offer";
			readonly requestId: string;
			readonly name: string;
			readonly format: "csv" | "ndjson";
			readonly from?: string;
			readonly to: string;
			readonly events: number;
			/** In bytes. */
			readonly size: number;
	  }
	/** The file, where it is now; in place of the offer. */
	| ({ readonly view: "file-sent" } & Omit<FileUpload, "uploadUrl">)
	| {
			readonly view: "export-told";
			readonly what:
				| "only-personal"
				| "nothing"
				| "too-large"
				| "declined"
				| "upload-refused"
				| "upload-failed";
	  }
	/** The request is safely recorded, and what it asks for is being checked; the answer follows. */
	| {
			readonly view: "working";
			readonly requestId: string;
			readonly asked?: Asked;
			readonly jobId?: string;
			/** The answer takes the place of this message; otherwise it follows as a new one. */
			readonly becomesAnswer?: true;
	  }
	/** Something outside stopped us. `code` is stable and documented in the README. */
	| {
			readonly view: "problem";
			readonly code: ProblemCode;
			readonly jobId?: string;
			readonly requestId: string;
	  }
	| ApprovalView
	| OnCallView;

/** What a message says about a request that others decide on. */
export type ApprovalView =
	/** The request as it stands; `viewer` is who sees it, where it is drawn for one person. */
	| ({
			readonly view: "approval";
			/** An earlier card may stand above this one, and cannot be updated. */
			readonly supersedes?: true;
	  } & AboutRequest)
	/** Nobody has acted yet, or not enough people have: a new message that mentions who can. */
	| (AboutRequest & { readonly view: "reminder" })
	/** The emergency way was used, and another person is to look at it. */
	| (AboutRequest & { readonly view: "review" })
	/** What became of something that was typed. */
	| {
			readonly view: "told";
			readonly cancellation: Cancellation;
			readonly actor: Person;
			readonly note: Note;
	  }
	/** Which rule decided, on which evidence, and who decided when. */
	| { readonly view: "why"; readonly cancellation: Cancellation; readonly groupNames?: GroupNames }
	/** What cancelling would come to, without doing it. */
	| {
			readonly view: "can-i";
			readonly jobId: string;
			readonly job?: RecoveryJob;
			readonly answer: "yes" | "with-others" | "by-asking" | "no" | "ended";
			readonly rule: string;
			readonly needed?: number;
			readonly open?: Cancellation;
			readonly grantingRoles: readonly Role[];
			readonly at: string;
	  }
	/** What waits for approval and may be decided by who asks. */
	| { readonly view: "approvals"; readonly waiting: readonly Cancellation[]; readonly at: string }
	| { readonly view: "approvals-here"; readonly on: boolean; readonly changed: boolean }
	/** The reference that was typed, or the card that was pressed, names no request that is known. */
	| { readonly view: "no-such-request"; readonly reference: string }
	/** The emergency way is not open here. */
	| { readonly view: "no-emergency"; readonly jobId: string };

interface AboutRequest {
	readonly cancellation: Cancellation;
	readonly conversationKey: string;
	readonly audience?: Audience;
	readonly viewer?: Person;
	/** What became of the viewer's press. */
	readonly note?: Note;
}

/** Whom a card is for, as found when it was made. */
export interface Audience {
	/** People of this conversation who see a card of their own: who asked, and who held the role. */
	readonly viewers?: readonly Viewer[];
	/** People of this conversation who held the role; a reminder mentions them. */
	readonly mentions?: readonly Viewer[];
	/** How many can decide at all, and how many of them are here. */
	readonly canDecide?: number;
	readonly here?: number;
}

export interface Viewer {
	readonly userId: string;
	readonly name: string;
	readonly channelUserId: string;
}

type Person = Pick<Actor, "tenantId" | "userId">;

/** What became of a press or a command. */
export type Note =
	| { readonly kind: "done"; readonly what: Done }
	| { readonly kind: "objection"; readonly why: Objection }
	| { readonly kind: "refused"; readonly rule: RefusalRule; readonly problem?: StandingProblem };

export type Done =
	| "asked"
	| "joined"
	| "approved"
	| "rejected"
	| "withdrawn"
	| "went-ahead"
	| "acknowledged"
	/** An entitled person asked for what waits for approval: they are offered to decide it. */
	| "offered";

export type ConversationType = "personal" | "groupChat" | "channel";

/** What was asked for, where an answer depends on it. */
export type Asked = "cancel" | "status" | "jobs" | "whoami";

/** What groups are called, by their id; one that is not in it is shown by its id. */
export type GroupNames = Readonly<Record<string, string>>;

/** What a Cancel button needs. */
interface Cancelling {
	/** False where only somebody who may not cancel sees the card. */
	readonly mayCancel: boolean;
	readonly reasonRequired: boolean;
}

export interface BeingCancelled {
	readonly jobId: string;
	readonly receipt: string;
	readonly requesterName: string;
}

export type ProblemCode =
	| "job-not-found"
	| "graph-forbidden"
	| "graph-unauthorized"
	| "graph-throttled"
	| "graph-unavailable"
	| "graph-rejected"
	/** Somebody pressed Try again on the answer to somebody else. */
	| "not-your-request"
	| "request-not-found"
	| "internal-error";
