import { jobEnd } from "../../core/job.js";
import { known } from "../../core/known.js";
import type { Summary } from "../../core/on-call/news.js";
import type { RecoveryJobs } from "../ports.js";
import type { Store } from "../store.js";

/** What happened since then, as Graph and our own record show it now, and what is open. */
export async function summarize(
	tenantId: string,
	from: Date,
	to: Date,
	{ store, jobs }: { readonly store: Store; readonly jobs: RecoveryJobs },
): Promise<Summary> {
	const [listed, { incidents, cancellations }] = await Promise.all([
		jobs.list(),
		store.read.since(tenantId, from),
	]);
	const recent = (iso: string | undefined) => iso === undefined || Date.parse(iso) >= from.getTime();
	const found =
		listed.kind === "listed"
			? {
					running: listed.jobs.filter((job) => !jobEnd(job)),
					ended: listed.jobs.filter((job) => jobEnd(job) && recent(job.endedAt)),
				}
			: undefined;
	const running = found && new Set(found.running.map(({ id }) => id));
	return {
		from: from.toISOString(),
		to: to.toISOString(),
		...known({ jobs: found }),
		cancellations: cancellations.map(({ receipt, jobId, state, requester, reason, attempts }) => ({
			receipt,
			jobId,
			state,
			requester: requester.name,
			...known({ reason, sentFor: attempts.at(-1)?.by.name }),
		})),
		open: incidents
			.filter(({ overAt, job }) => (running ? running.has(job.id) : overAt === undefined && !jobEnd(job)))
			.map(({ id, job, taker }) => ({ incidentId: id, job, ...known({ taker: taker?.actor.name }) })),
	};
}
