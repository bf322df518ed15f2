import type { AuditEvent, Store, Task, Tx } from "../app/store.js";
import { appLimits } from "../core/send-limits.js";
import type { Database, Sql } from "./database.js";
import { LockOrder } from "./lock-order.js";
import { appendAudit } from "./tables/audit.js";
import { cancellationTable } from "./tables/cancellations.js";
import { conversationTable } from "./tables/conversations.js";
import { historyTable } from "./tables/history.js";
import { deliveryStatements, type Gate, messageTable } from "./tables/messages.js";
import { onCallTables, summaryStatements } from "./tables/on-call.js";
import { requestTable } from "./tables/requests.js";

export interface StoreHooks {
	/** Puts tasks into their queues, inside the given transaction; resolves when the statements for that are sent. */
	readonly enqueue: (sql: Sql, tasks: readonly Task[]) => Promise<void>;
	/** Hears of the tasks once they are there; or may be, since a broken connection leaves that open. */
	readonly enqueued?: (tasks: readonly Task[]) => void;
	/** Hears of every audit event once it is committed. */
	readonly audited?: (event: AuditEvent) => void;
	/** How much may be sent; without it, as much as Teams is known to allow. */
	readonly gate?: Gate;
}

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: requests a second, for an app in a tenant. */
const TEAMS_ALLOWS = 50;

/** The store over a database; work and audit events go in at the end of the transaction that calls for them. */
export function createStore(database: Database, hooks: StoreHooks): Store {
	const { sql } = database;
	const unlocked = new LockOrder();
	const { delivery, startSending, sent } = deliveryStatements(
		sql,
		hooks.gate ?? { app: appLimits(TEAMS_ALLOWS) },
	);
	const { subscription, subscriptions, subscriptionsIn, watched, incident, news } = onCallTables(
		sql,
		unlocked,
	);
	const cancellations = cancellationTable(sql, unlocked);
	const conversations = conversationTable(sql, unlocked);
	return {
		read: {
			request: requestTable(sql, unlocked).request,
			cancellation: cancellations.cancellation,
			openCancellations: cancellations.openCancellations,
			findCancellation: cancellations.findCancellation,
			waitingCancellations: cancellations.waitingCancellations,
			lastRejected: cancellations.lastRejected,
			latestCancellation: cancellations.latestCancellation,
			conversation: conversations.conversation,
			approvalConversations: conversations.approvalConversations,
			findMessage: messageTable(sql, unlocked).findMessage,
			...historyTable(sql),
			delivery,
			subscription,
			subscriptions,
			subscriptionsIn,
			watched,
			incident,
			news,
			...summaryStatements(sql),
		},
		startSending,
		sent,
		async transaction(work) {
			const tasks: Task[] = [];
			const events: AuditEvent[] = [];
			const whole = database.transaction(async (sql) => {
				const locks = new LockOrder();
				// To spread them into one takes 40 times as long, which every transaction would pay.
				const tx: Tx = Object.assign(
					cancellationTable(sql, locks),
					onCallTables(sql, locks),
					messageTable(sql, locks),
					Object.assign(conversationTable(sql, locks), requestTable(sql, locks), {
						enqueue: (task: Task) => void tasks.push(task),
						audit: (event: AuditEvent) => void events.push(event),
					}),
				);
				const done = await work(tx);
				if (tasks.length > 0) await hooks.enqueue(sql, inOneOrder(tasks));
				if (events.length > 0) void appendAudit(sql, events);
				return done;
			});
			const result = await whole.finally(() => hooks.enqueued?.(tasks));
			for (const event of events) hooks.audited?.(event);
			return result;
		},
	};
}

/**
 * Tasks about one thing exclude each other in their queue, so a transaction may have to wait there
 * for another one: all go through them in the same order.
 */
function inOneOrder(tasks: readonly Task[]): Task[] {
	const key = (task: Task) => {
		if (task.queue === "post") return task.data.messageId;
		return task.queue === "on-call" ? task.data.id : "";
	};
	return tasks.toSorted((a, b) => key(a).localeCompare(key(b), "en"));
}
