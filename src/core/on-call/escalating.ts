import { jobEnd } from "../job.js";
import type { Incident } from "./incident.js";

/**
 * The next step that is due because nobody has taken a running recovery job: 1, who is on call is mentioned; 2,
 * the conversations that take escalations are told. While somebody has it or is cancelling it, none is.
 */
export function escalationDue(
	incident: Incident,
	acting: boolean,
	now: Date,
	ackMs: number,
): 1 | 2 | undefined {
	const { step, since } = incident.escalation;
	if (step === 2 || since === undefined || !isUnattended(incident, acting)) return undefined;
	if (now.getTime() - Date.parse(since) < ackMs) return undefined;
	return step === 0 ? 1 : 2;
}

/** A preview changes nothing in the tenant, so nobody is called for it. */
export function isUnattended({ job, overAt, taker }: Incident, acting: boolean): boolean {
	return (
		job.kind !== "preview" &&
		jobEnd(job) === undefined &&
		overAt === undefined &&
		taker === undefined &&
		!acting
	);
}

/** Notes that a step was made; the wait for the next one begins. */
export function escalated(incident: Incident, step: 1 | 2, now: Date): Incident {
	return { ...incident, escalation: { step, since: now.toISOString() } };
}
