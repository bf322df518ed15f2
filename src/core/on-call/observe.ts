import { hasSameCounts, type RecoveryJob } from "../job.js";
import { known } from "../known.js";
import { type Incident, openIncident } from "./incident.js";
import { isEarlierPhase } from "./phase-limits.js";
import type { Watched } from "./watched.js";

/** A list without a job that has not ended may come from a lagging replica; so many in a row do not. */
const MISSING_LIMIT = 3;

/** The incidents as the list of all jobs shows them; one that shows nothing new stays the same object. */
export function observe(
	{ incidents, overJobIds, tenantId }: Pick<Watched, "incidents" | "overJobIds" | "tenantId">,
	jobs: readonly RecoveryJob[],
	now: Date,
	newId: () => string,
): Incident[] {
	const listed = new Map(jobs.map((job) => [job.id, job]));
	const seen = new Set([...overJobIds, ...incidents.map(({ job }) => job.id)]);
	const fresh = [...listed.values()].filter(({ id }) => !seen.has(id));
	return [
		...incidents.map((incident) => see(incident, listed.get(incident.job.id), now)),
		...fresh.map((job) => openIncident(newId(), tenantId, job, now)),
	];
}

function see(incident: Incident, job: RecoveryJob | undefined, now: Date): Incident {
	const at = now.toISOString();
	if (!job) {
		if (incident.overAt !== undefined) return incident;
		const missing = incident.missing + 1;
		// What Graph has forgotten is over for us, too, however it ended.
		return { ...incident, missing, ...(missing >= MISSING_LIMIT ? { overAt: at } : {}) };
	}
	const samePhase = job.status === incident.job.status;
	if (samePhase && incident.missing === 0 && isSame(job, incident.job)) return incident;
	// One that Graph had lost is watched again.
	const { overAt: _lost, ...rest } = incident;
	return {
		...rest,
		job: job.kind === "unknown" ? { ...job, kind: incident.job.kind } : job,
		missing: 0,
		changedAt: at,
		...(samePhase ? {} : changePhase(incident, job.status, at)),
	};
}

/**
 * A phase counts from when it was first seen, so that an earlier one in between, as a lagging replica may show it, does
 * not set back its clock. That earlier one counts anew: what came after it was no time in it.
 */
function changePhase(
	{ job: { status: from }, phaseSince, told, phasesBefore }: Incident,
	to: string,
	at: string,
): Pick<Incident, "phaseSince" | "told" | "phasesBefore"> {
	const { stuck, ...rest } = told;
	const { [to]: again, ...others } = phasesBefore ?? {};
	return {
		phaseSince: again && !isEarlierPhase(to, from) ? again.since : at,
		told: { ...rest, ...known({ stuck: again?.stuck }) },
		phasesBefore: { ...others, [from]: { since: phaseSince, ...known({ stuck }) } },
	};
}

function isSame(one: RecoveryJob, other: RecoveryJob): boolean {
	return (
		(one.kind === other.kind || one.kind === "unknown") &&
		one.startedAt === other.startedAt &&
		one.endedAt === other.endedAt &&
		hasSameCounts(one.counts, other.counts)
	);
}
