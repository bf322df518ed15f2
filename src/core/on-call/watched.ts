import type { Cancellation } from "../cancelling/cancellation.js";
import type { RecoveryJob } from "../job.js";
import type { Incident } from "./incident.js";
import type { News } from "./news.js";
import type { Alerts, Subscription } from "./subscription.js";
import type { Watch } from "./watch.js";

/** All that the watch over a tenant's jobs goes by. */
export interface Watched {
	readonly tenantId: string;
	readonly watch: Watch;
	readonly subscriptions: readonly Subscription[];
	/** The ones that are not over, and those that Graph lost before their end: it may find them again. */
	readonly incidents: readonly Incident[];
	/** The jobs of the others. */
	readonly overJobIds: readonly string[];
	/** Of the incidents' jobs, and of those that are seen for the first time. */
	readonly cancellations: readonly Cancellation[];
}

export type Look =
	| { readonly kind: "listed"; readonly jobs: readonly RecoveryJob[] }
	| { readonly kind: "problem"; readonly code: string; readonly retryAfterMs?: number }
	/** Graph asked not to be asked yet. */
	| { readonly kind: "put-off" };

export interface TickSettings {
	/** How often the jobs are looked at (`ALERT_POLL_MS`), in milliseconds. */
	readonly pollMs: number;
	/** How long nobody may take a recovery before the next step (`ONCALL_ACK_MINUTES`), in milliseconds. */
	readonly ackMs: number;
}

/** What one look came to. */
export interface Tick {
	readonly watch: Watch;
	/** New or changed, each with its next version. */
	readonly incidents: readonly Incident[];
	readonly summed: readonly Alerts[];
	/** Follow cards that have shown the end. */
	readonly done: readonly Subscription[];
	/** Cards to be sent, or brought up to date. */
	readonly cards: readonly {
		readonly kind: "alert" | "follow";
		readonly incidentId: string;
		readonly conversationKey: string;
	}[];
	readonly news: readonly News[];
	/** People to be called. */
	readonly escalate: readonly { readonly incidentId: string; readonly step: 1 | 2 }[];
	readonly lines: readonly AuditLine[];
	/** Whether anybody still wants to be told. */
	readonly goesOn: boolean;
}

export interface AuditLine {
	readonly type: string;
	readonly jobId?: string;
	readonly facts: Readonly<Record<string, unknown>>;
}
