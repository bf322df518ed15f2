import type { Actor } from "../person.js";
import type { DigestTime } from "./digest-time.js";
import type { Filters } from "./filters.js";

/** What a conversation has asked to be told, and who asked for it. */
export type Subscription = {
	readonly id: string;
	readonly tenantId: string;
	/** Where it is told: the channel itself, not the thread in which somebody asked; follow cards stay where they were asked for. */
	readonly conversationKey: string;
	readonly by: Actor;
	readonly at: string;
} & (AlertsWish | EscalationsWish | FollowWish | DigestWish);

export interface AlertsWish {
	readonly kind: "alerts";
	readonly filters: Filters;
	/** When the jobs that were there already had been summed up; before that, nothing is told one by one. */
	readonly summedAt?: string;
}

/** The conversation is told of recovery jobs that nobody takes. */
export interface EscalationsWish {
	readonly kind: "escalations";
}

export interface FollowWish {
	readonly kind: "follow";
	readonly jobId: string;
}

export interface DigestWish extends DigestTime {
	readonly kind: "digest";
	/** The local date of the last digest, such as `2026-11-24`: there is one for each. */
	readonly lastDate: string;
}

export type Alerts = Extract<Subscription, { kind: "alerts" }>;
export type Digest = Extract<Subscription, { kind: "digest" }>;
