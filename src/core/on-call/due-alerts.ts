import { jobEnd } from "../job.js";
import { wantsKind } from "./filters.js";
import { type AlertKind, beganMs, type Incident } from "./incident.js";
import { phaseLimitMs } from "./phase-limits.js";
import type { Alerts } from "./subscription.js";

/** Most previews are over before anybody could read of them. In milliseconds. */
const PREVIEW_WAITS_MS = 30_000;

/**
 * What a conversation has to be told of a job now, in order. The end is told also when the start never was:
 * a job may be over between two looks. `acting` says that a cancellation of it is under way: then nobody
 * needs to be told that it is stuck.
 */
export function dueAlerts(incident: Incident, alerts: Alerts, acting: boolean, now: Date): AlertKind[] {
	const { job } = incident;
	const { filters, summedAt, conversationKey } = alerts;
	const end = jobEnd(job);
	if (summedAt === undefined || incident.overAt !== undefined || !wantsKind(filters, job.kind)) return [];
	if (ranMs(incident, now) < (filters.longerThanMs ?? 0)) return [];
	if (filters.failedOnly && end !== "failed") return [];
	const told = (kind: AlertKind) => incident.told[kind]?.includes(conversationKey) ?? false;
	if (end) {
		const kind = end === "failed" ? "failed" : "finished";
		return told(kind) ? [] : [kind];
	}
	const due: AlertKind[] = [];
	const waits = job.kind === "preview" && ranMs(incident, now) < PREVIEW_WAITS_MS;
	if (!waits && !told("started") && !wasSummed(incident, alerts, summedAt)) due.push("started");
	if (!told("stuck") && isStuck(incident, now) && incident.taker === undefined && !acting) due.push("stuck");
	return due;
}

/** Longer in its phase than Microsoft's own figures say. */
export function isStuck({ job, phaseSince }: Incident, now: Date): boolean {
	const limit = phaseLimitMs(job);
	return limit !== undefined && now.getTime() - Date.parse(phaseSince) > limit;
}

/** Whether the job was among those that the conversation's first card summed up. */
export function isSummedUp(incident: Incident, alerts: Alerts, now: Date): boolean {
	const { filters } = alerts;
	return (
		jobEnd(incident.job) === undefined &&
		incident.overAt === undefined &&
		wantsKind(filters, incident.job.kind) &&
		ranMs(incident, now) >= (filters.longerThanMs ?? 0)
	);
}

/** One that passes the filters only later is told then, although it was there. */
function wasSummed(incident: Incident, alerts: Alerts, summedAt: string): boolean {
	if (incident.openedAt > summedAt) return false;
	return Date.parse(summedAt) - beganMs(incident) >= (alerts.filters.longerThanMs ?? 0);
}

/** For how long it has run, or ran, in milliseconds. */
export function ranMs(incident: Incident, now: Date): number {
	const { job, changedAt } = incident;
	const until = jobEnd(job) ? Date.parse(job.endedAt ?? changedAt) : now.getTime();
	return Math.max(0, until - beganMs(incident));
}
