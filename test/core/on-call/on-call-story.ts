import type { RecoveryJob } from "../../../src/core/job.js";
import { type Incident, openIncident } from "../../../src/core/on-call/incident.js";
import type { Alerts } from "../../../src/core/on-call/subscription.js";
import type { Actor } from "../../../src/core/person.js";

export const START = "2026-11-24T02:00:00.000Z";
const TENANT = "11111111-1111-4111-8111-111111111111";

/** So many minutes after the story began. */
export const minute = (count: number) => new Date(Date.parse(START) + count * 60_000);

export function job(changed: Partial<RecoveryJob> = {}): RecoveryJob {
	return {
		id: "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4",
		kind: "recovery",
		status: "running",
		startedAt: START,
		counts: {},
		...changed,
	};
}

/** A job that was seen at its very start, as it is after the changes. */
export function incident(changed: Partial<Incident> = {}, of: Partial<RecoveryJob> = {}): Incident {
	return { ...openIncident("incident-1", TENANT, job(of), minute(0)), ...changed };
}

export function alerts(filters: Alerts["filters"] = {}, changed: Partial<Alerts> = {}): Alerts {
	return {
		kind: "alerts",
		id: "alerts-1",
		tenantId: TENANT,
		conversationKey: "channel",
		by: person("Anna"),
		at: START,
		filters,
		summedAt: "2026-11-24T01:00:00.000Z",
		...changed,
	};
}

export function person(name: string): Actor {
	return { tenantId: TENANT, userId: `id-of-${name}`, name, channelUserId: `29:${name}` };
}
