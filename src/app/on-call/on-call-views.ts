import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Incident } from "../../core/on-call/incident.js";
import type { Summary, Tells } from "../../core/on-call/news.js";
import type { Alerts, Digest } from "../../core/on-call/subscription.js";
import type { OnCallCommand } from "../../core/requests/command.js";

/** What a message says to whoever is on call. It names the job and its numbers, and nobody's roles. */
export type OnCallView =
	/** A job as it stands now; `alert` for everybody who is told of jobs, `follow` for who follows this one. */
	| ({ readonly view: "alert" } & IncidentShown)
	| ({ readonly view: "follow" } & IncidentShown)
	| ({ readonly view: "news"; readonly tells: Tells } & Doubts)
	/** What a conversation is told, after a change or as it was asked for. */
	| {
			readonly view: "subscriptions";
			readonly changed?:
				| "alerts-on"
				| "alerts-off"
				| "escalations-on"
				| "escalations-off"
				| "digest-on"
				| "digest-off";
			/** There was nothing to turn off. */
			readonly unchanged?: true;
			readonly alerts?: Alerts;
			readonly escalations: boolean;
			readonly digest?: Digest;
			/** When the next digest comes. */
			readonly nextDigestAt?: string;
			/** Whether anybody can be called: `ONCALL_GROUP` is set. */
			readonly onCallGroup: boolean;
	  }
	| {
			readonly view: "handover";
			readonly handoverId: string;
			readonly summary: Summary;
			readonly takenBy?: string;
	  }
	| ({ readonly view: "misunderstood" } & Omit<Extract<OnCallCommand, { kind: "misunderstood" }>, "kind">)
	/** `unchanged`: it was not followed here. */
	| { readonly view: "unfollowed"; readonly jobId: string; readonly unchanged?: true }
	/** The card that was pressed is of something that is not kept any more. */
	| { readonly view: "no-such-incident" };

interface IncidentShown extends Doubts {
	readonly incident: Incident;
	/** The latest, if anybody asked to cancel it. */
	readonly cancellation?: Cancellation;
	readonly at: string;
	/** What became of the button of somebody who sees this. */
	readonly note?: "meanwhile" | "not-yours" | "over";
}

interface Doubts {
	/** Nobody knows whether it was sent before. */
	readonly mayRepeat?: true;
	/** How late it comes, in milliseconds: other messages had to go first. */
	readonly lateMs?: number;
}
