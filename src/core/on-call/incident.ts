import type { RecoveryJob } from "../job.js";
import type { Actor } from "../person.js";

/**
 * One job as whoever is on call sees it: what was seen of it, who has it, and who has been told what. There is one
 * for each job that was seen while somebody watched; an ended one is kept so that nothing is told twice.
 */
export interface Incident {
	readonly id: string;
	readonly tenantId: string;
	/** Grows by one at every change; the store refuses to save over a newer version. */
	readonly version: number;
	/** As Graph last showed it. */
	readonly job: RecoveryJob;
	/** When we saw it first, when it last showed something new, and since when its present phase counts. */
	readonly openedAt: string;
	readonly changedAt: string;
	readonly phaseSince: string;
	/** The other phases that it was seen in, by their names: Graph may show one again. */
	readonly phasesBefore?: Readonly<Record<string, PhaseBefore>>;
	/** Reads in a row of the whole list that did not hold it although it had not ended. */
	readonly missing: number;
	/** Set once it has ended, or Graph has forgotten it: nothing more is told of it. */
	readonly overAt?: string;
	/** The conversations that were told, by what. */
	readonly told: Partial<Readonly<Record<AlertKind, readonly string[]>>>;
	/** Conversations that have a card of it which is kept up to date. */
	readonly cards: readonly string[];
	readonly taker?: Taker;
	/** Grows whenever it changes hands, so that a button on an older card is known as such. */
	readonly turn: number;
	readonly escalation: Escalation;
	/** The lines of its cancellations' stories that were told, by their keys. */
	readonly storyTold: readonly string[];
}

export interface PhaseBefore {
	readonly since: string;
	/** The conversations that were told that it was stuck there. */
	readonly stuck?: readonly string[];
}

/** Each is told once to a conversation. */
export type AlertKind = "started" | "stuck" | "failed" | "finished";

/** Who said "I have it". */
export interface Taker {
	readonly actor: Actor;
	readonly at: string;
	/** Until when they promised to have it. */
	readonly until?: string;
	/** When they were asked whether they still have it. */
	readonly askedAt?: string;
}

/**
 * How far nobody's taking it has gone: 1, who is on call was called; 2, the conversations that take escalations
 * were. `since` is when the wait for the next step began; there is none before the first alert.
 */
export interface Escalation {
	readonly step: 0 | 1 | 2;
	readonly since?: string;
}

/**
 * The job that was seen for the first time. Since when it has been in its phase is not known, unless that is the first
 * one: there it has been from its start.
 */
export function openIncident(id: string, tenantId: string, job: RecoveryJob, now: Date): Incident {
	const at = now.toISOString();
	return {
		id,
		tenantId,
		version: 1,
		job,
		openedAt: at,
		changedAt: at,
		phaseSince: job.status === "initialized" && job.startedAt !== undefined ? job.startedAt : at,
		missing: 0,
		told: {},
		cards: [],
		turn: 0,
		escalation: { step: 0 },
		storyTold: [],
	};
}

/** When the job began, as far as is known, in milliseconds since 1970. */
export function beganMs({ job, openedAt }: Pick<Incident, "job" | "openedAt">): number {
	return Date.parse(job.startedAt ?? openedAt);
}
