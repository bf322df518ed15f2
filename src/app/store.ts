import type { Cancellation } from "../core/cancelling/cancellation.js";
import type { HistoryFilter, HistoryPage, HistoryPlace } from "../core/history.js";
import type { Incident } from "../core/on-call/incident.js";
import type { News } from "../core/on-call/news.js";
import type { Subscription } from "../core/on-call/subscription.js";
import type { Watch } from "../core/on-call/watch.js";
import type { Watched } from "../core/on-call/watched.js";
import type { Actor } from "../core/person.js";
import type { Command } from "../core/requests/command.js";
import type { ConversationRef } from "./ports.js";
import type { Audience, ConversationType, View } from "./views.js";

/**
 * The database. Everything happens inside a transaction, and a transaction never waits for anything
 * outside the database: all state, the work it calls for and the audit trail commit together.
 *
 * Locks are always taken in one order, so that no two transactions ever wait for each other:
 * conversation, request, watch, deciders, cancellation, incident, subscription, message, then the queues, and the head
 * of the audit trail last.
 * A step backwards rejects, whatever the data; `enqueue` and `audit` are carried out at the end by the
 * store itself. When a transaction rejects because its connection broke, it may have been committed.
 */
export interface Store {
	transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
	/** What is there at the moment of each question; nothing is locked, and nothing is changed. */
	readonly read: Pick<
		Tx,
		| "request"
		| "cancellation"
		| "conversation"
		| "openCancellations"
		| "findCancellation"
		| "waitingCancellations"
		| "lastRejected"
		| "latestCancellation"
		| "approvalConversations"
		| "findMessage"
		| "subscription"
		| "subscriptions"
		| "subscriptionsIn"
		| "watched"
		| "incident"
		| "news"
	> & {
		/** One page of the tenant's cancellations, from the newest to the oldest; the first one without `after`. */
		history(query: HistoryQuery): Promise<HistoryPage>;
		/** What happened since then, for a summary. */
		since(tenantId: string, from: Date): Promise<Since>;
		/** Where the audit trail ends. */
		auditHead(): Promise<AuditHead>;
		/** A message and where it goes. */
		delivery(messageId: string): Promise<Delivery | undefined>;
	};
	/**
	 * Marks a new message right before it leaves. False, and nothing happens, when it is not as it was read:
	 * somebody else has it.
	 */
	startSending(message: Message): Promise<boolean>;
	/** Keeps that a message stands in Teams, and whether it tells only what is being checked; harmless to repeat. */
	sent(messageId: string, activityId: string, as?: "sent" | "checking"): Promise<void>;
}

export interface HistoryQuery {
	readonly tenantId: string;
	readonly filter: HistoryFilter;
	/** A period ends now. */
	readonly now: Date;
	readonly after?: HistoryPlace;
}

export interface Delivery {
	readonly message: Message;
	readonly conversation: ConversationRef;
	/** How long it has to wait for its turn, in milliseconds: only so much may be sent at a time. */
	readonly waitMs: number;
}

/** What is known of a time; open incidents are in it whenever they began. */
export interface Since {
	readonly incidents: readonly Incident[];
	readonly cancellations: readonly Cancellation[];
}

export interface AuditHead {
	readonly seq: number;
	readonly hash: string;
}

export interface Tx {
	/** Stores or refreshes a conversation, so that the bot can post there after a restart. */
	rememberConversation(conversation: ConversationRef): Promise<void>;
	conversation(key: string): Promise<ConversationRef | undefined>;
	/** Those of them that are channels, which have threads. */
	channelsAmong(keys: readonly string[]): Promise<readonly string[]>;
	/** From now on requests for approval are shown there, too. False when they are already. */
	addApprovalConversation(key: string, by: Actor, at: Date): Promise<boolean>;
	/** False when none were shown there. */
	dropApprovalConversation(key: string): Promise<boolean>;
	/** Where requests for approval are shown, the longest-standing first. */
	approvalConversations(tenantId: string): Promise<readonly ConversationRef[]>;

	/** False when a request with this dedupe key is already there: Teams delivered it again. */
	addRequest(request: NewRequest): Promise<boolean>;
	request(id: string): Promise<Request | undefined>;
	/** As `request`, and nobody else can answer it or give up waiting until this transaction ends. */
	lockRequest(id: string): Promise<Request | undefined>;
	requestByKey(dedupeKey: string): Promise<Request | undefined>;
	/** Keeps the answer. Rejects when it is answered already. */
	answerRequest(id: string, answer: Answer, at: Date): Promise<void>;
	/** Says that nobody waits for the answer any more, so it must be posted. False when it is already answered. */
	markRequestLate(id: string): Promise<boolean>;
	forgetRequest(dedupeKey: string): Promise<void>;

	/** False when the tenant already has an open cancellation of this job. */
	insertCancellation(record: Cancellation): Promise<boolean>;
	cancellation(id: string): Promise<Cancellation | undefined>;
	/** By its id or its receipt, in whatever letters that is written. */
	findCancellation(tenantId: string, reference: string): Promise<Cancellation | undefined>;
	/** What waits for approval, the oldest first, fifty at most. */
	waitingCancellations(tenantId: string): Promise<readonly Cancellation[]>;
	/** The latest request for a job that was turned down. */
	lastRejected(tenantId: string, jobId: string): Promise<Cancellation | undefined>;
	/** Of a job, whatever its state. */
	latestCancellation(tenantId: string, jobId: string): Promise<Cancellation | undefined>;
	/** As `cancellation`, and nobody else can move the record until this transaction ends. */
	lockCancellation(id: string): Promise<Cancellation | undefined>;
	/** The open cancellation of a job, locked. */
	lockOpenCancellation(tenantId: string, jobId: string): Promise<Cancellation | undefined>;
	/** Those cancellations of some jobs that are carried out now; nothing is locked. */
	openCancellations(tenantId: string, jobIds: readonly string[]): Promise<readonly Cancellation[]>;
	/** Saves a moved record. Rejects when the stored version is not the one before it. */
	saveCancellation(record: Cancellation): Promise<void>;

	/** Puts a subscription in the place of the one of its kind, conversation and job. */
	putSubscription(subscription: Subscription): Promise<void>;
	/** False when there was none. */
	dropSubscription(kind: Subscription["kind"], conversationKey: string, jobId?: string): Promise<boolean>;
	/** Ends all that is told in a conversation, of a channel in all its threads, where nobody can be told anything; whether it was any. */
	leaveConversation(conversationKey: string): Promise<boolean>;
	/** Forgets what no message, summary or list of Graph's can ask for any more, and lines that nobody waits in. */
	forgetOld(now: Date): Promise<void>;
	subscription(id: string): Promise<Subscription | undefined>;
	lockSubscription(id: string): Promise<Subscription | undefined>;
	/** Everything that a conversation has asked to be told. */
	subscriptionsIn(conversationKey: string): Promise<readonly Subscription[]>;
	/** Of a tenant: all of a kind. */
	subscriptions(tenantId: string, kind: Subscription["kind"]): Promise<readonly Subscription[]>;

	/** Notes that the jobs that were there already have been told. */
	summedUp(id: string, at: string): Promise<void>;

	/** Nobody else looks at the tenant's jobs until this transaction ends. */
	lockWatch(tenantId: string): Promise<void>;
	/** All that a look at the tenant's jobs goes by, in one question; also the cancellations of jobs that are new to it. */
	watched(tenantId: string, now: Date, newJobIds?: readonly string[]): Promise<Watched>;
	saveWatch(tenantId: string, watch: Watch): Promise<void>;
	incident(id: string): Promise<Incident | undefined>;
	lockIncident(id: string): Promise<Incident | undefined>;
	/** Those that are not over, locked. */
	lockOpenIncidents(tenantId: string, now: Date): Promise<readonly Incident[]>;
	/** The incident of a job; `fresh` if there is none yet. */
	ensureIncident(fresh: Incident): Promise<Incident>;
	/** Saves new ones and changed ones. Rejects when a stored version is not the one before. */
	saveIncidents(incidents: readonly Incident[]): Promise<void>;
	addNews(news: readonly (News & { readonly id: string })[], at: Date): Promise<void>;
	news(id: string): Promise<News | undefined>;

	/** Adds many messages at once; gives the ids of those that stand for the same things. */
	ensureMessages(messages: readonly NewMessage[]): Promise<readonly string[]>;
	/** Adds a message to be delivered, or finds the one that already stands for the same thing. */
	ensureMessage(message: NewMessage): Promise<Message>;
	/** The answer to a request turns out to be a cancellation: its message, sent or not, becomes the live card. */
	becomeLive(messageId: string, cancellationId: string): Promise<Message>;
	/** The same for the card that follows a job. */
	becomeFollow(messageId: string, incidentId: string): Promise<Message>;
	/** Locked until this transaction ends. */
	lockMessage(id: string): Promise<Message | undefined>;
	/** The message of a kind about a request (`answer`) or a cancellation in one conversation. */
	findMessage(
		kind: Message["kind"],
		subjectId: string,
		conversationKey: string,
	): Promise<Message | undefined>;
	/** All cards of a cancellation that are kept up to date, in all conversations. */
	cards(cancellationId: string): Promise<readonly Message[]>;
	saveMessage(message: Message): Promise<void>;
	/** What stands as this activity in a conversation, as far as it is ours. Searches all messages: for what is rare. */
	kindsAt(conversationKey: string, activityId: string): Promise<readonly Message["kind"][]>;

	/** Puts work into its queue at the end of this transaction. */
	enqueue(task: Task): void;
	/** Adds a line to the audit trail at the end of this transaction. */
	audit(event: AuditEvent): void;
}

/** Something a person asked for, kept before anything is done about it. */
export interface NewRequest {
	readonly id: string;
	/** The same for every delivery of the same activity. */
	readonly dedupeKey: string;
	readonly actor: Actor;
	readonly conversationKey: string;
	readonly command: Command;
	readonly via: Via;
	readonly receivedAt: Date;
	/** The message whose card was pressed and may become the live card. */
	readonly pressedActivityId?: string;
	/** The language of who asked, as `de-DE`. */
	readonly locale?: string;
	readonly conversationType?: ConversationType;
	/** What the bot is called there. */
	readonly botName?: string;
}

/**
 * How it came in. `message` is answered by a new message. A press waits for its answer in the same HTTP request:
 * `press` for a card in place of the pressed one; `press-in-list` for the list as it is then, while what became
 * of the press is a new message; `press-aside` was a wish for a new message, and the pressed card stays.
 */
export type Via =
	/** A file was accepted or declined; what it came to takes the place of the offer. */
	"consent" | "message" | "press" | "press-in-list" | "press-aside";

export interface Request extends NewRequest {
	readonly late: boolean;
	readonly answer?: Answer;
}

/** What a request came to: a finished view, or the cancellation it opened or joined. */
export type Answer =
	| { readonly kind: "view"; readonly view: View }
	| {
			readonly kind: "cancellation";
			readonly cancellationId: string;
			/** Its live card stands elsewhere in the conversation: the answer is a copy of it. */
			readonly copied?: true;
			/** Whoever answers asks Graph, too: no other work has been planned for that. */
			readonly submits?: true;
	  }
	/** A card that follows the job says the rest. */
	| { readonly kind: "followed"; readonly incidentId: string };

export type NewMessage = {
	readonly id: string;
	readonly conversationKey: string;
	/** A message that already exists in Teams and is taken over. */
	readonly activityId?: string;
	readonly createdAt: Date;
	/**
	 * Tells several messages of one kind in one conversation apart: the number of a reminder or review, or the
	 * activity id of a card that was found there.
	 */
	readonly copy?: string;
	readonly audience?: Audience;
} & (
	| { readonly kind: CancellationMessage; readonly cancellationId: string }
	| { readonly kind: "answer"; readonly requestId: string }
	| { readonly kind: IncidentMessage; readonly incidentId: string }
	| { readonly kind: NewsMessage; readonly newsId: string }
);

/** Cards of a job that are kept up to date: for everybody who is told of jobs, and for who follows this one. */
export type IncidentMessage = "alert" | "follow";

/** Sent once. A `page` calls somebody, and goes before everything else. */
export type NewsMessage = "news" | "page";

/**
 * `approval` is a card in a conversation that decides, or one that was pressed and is known by nothing else;
 * `reminder` and `review` are new messages there.
 */
export type CancellationMessage = "live" | "warning" | "follow-up" | "approval" | "reminder" | "review";

/** Cards that are kept up to date; anything else is sent once. */
export const KEPT_CARDS: readonly Message["kind"][] = [
	"live",
	"approval",
	"reminder",
	"review",
	"alert",
	"follow",
];

export type Message = NewMessage & {
	/**
	 * `sending` is written before a new message leaves: found again later, it means that the process
	 * died in between, and nobody knows whether the message arrived. `checking` stands in Teams and tells what is
	 * being checked; the answer is to take its place. `shown` is an answer that a pressed button was answered with.
	 */
	readonly state: "pending" | "sending" | "checking" | "sent" | "shown" | "unconfirmed" | "failed";
	readonly tries: number;
	/** How often it was sent as a new message without anybody knowing whether it arrived. */
	readonly unclear: number;
};

export interface AuditEvent {
	readonly at: Date;
	readonly type: string;
	readonly actor?: { readonly tenantId: string; readonly userId: string; readonly name: string };
	readonly jobId?: string;
	readonly cancellationId?: string;
	/** Everything else worth knowing: rule, grant, reason, HTTP status, request ids. */
	readonly facts: Readonly<Record<string, unknown>>;
}

/** One durable piece of work. `afterMs` counts from now. */
export type Task =
	| { readonly queue: "answer"; readonly data: { readonly requestId: string } }
	| {
			readonly queue: "submit" | "watch";
			readonly data: { readonly cancellationId: string; readonly seq: number };
			readonly afterMs: number;
	  }
	| {
			readonly queue: "post";
			readonly data: { readonly messageId: string };
			readonly afterMs: number;
			/** Somebody waits for it: it goes before what nobody has asked for just now. */
			readonly awaited?: boolean;
	  }
	| { readonly queue: "remind"; readonly data: ApprovalStep; readonly afterMs: number }
	| { readonly queue: "on-call"; readonly data: OnCallWork; readonly afterMs: number };

/** What is to be done later about a request: it may be over by then. */
export interface ApprovalStep {
	readonly cancellationId: string;
	readonly step: "remind" | "expire" | "review";
	/** Which reminder or review; 0 for the deadline. */
	readonly number: number;
}

/** One piece of each is due at a time; it acts on what is stored, so one more does no harm. */
export type OnCallWork =
	| { readonly work: "look"; readonly id: string }
	| { readonly work: "escalate"; readonly id: string; readonly step: 1 | 2 }
	| { readonly work: "digest"; readonly id: string };
