import { hasSameCounts, jobEnd, type RecoveryJob } from "../job.js";
import { known } from "../known.js";
import type { Cancellation, Sighting } from "./cancellation.js";
import { mayHaveReachedGraph } from "./cancellation.js";
import type { Event } from "./events.js";
import { finish, lose, type Moved, type Turn } from "./moves.js";

/** What a read of the job can say. */
export type JobRead = Extract<Event, { kind: "job-seen" | "job-missing" | "job-unreadable" }>;

/**
 * Reads in a row that end a cancellation. One without the job may be a lagging replica; refused ones may
 * come from a recovery that is rewriting the bot's own grants. Any other failure ends nothing.
 */
const UNREAD_LIMITS = {
	missing: { most: 3, why: "job-not-found" },
	denied: { most: 10, why: "access-lost" },
	failed: undefined,
} as const;

/** The record to go on with, and how long Graph asked us to wait, in milliseconds. */
interface GoesOn {
	readonly kind: "goes-on";
	readonly record: Cancellation;
	readonly retryAfterMs: number | undefined;
}

/** Notes what a read of the job showed: the end of the cancellation, or the record to go on with. */
export function noteRead(record: Cancellation, event: JobRead, turn: Turn): Moved | GoesOn {
	if (event.kind === "job-seen") return seen(record, event, turn);
	const counter = event.kind === "job-missing" ? "missing" : event.denied ? "denied" : "failed";
	const count = record.watch[counter] + 1;
	const counted = withReads(record, { [counter]: count });
	const limit = UNREAD_LIMITS[counter];
	return limit && count >= limit.most ? lose(counted, limit.why, turn) : goesOn(counted, event);
}

function goesOn(record: Cancellation, event: JobRead): GoesOn {
	return { kind: "goes-on", record, retryAfterMs: "retryAfterMs" in event ? event.retryAfterMs : undefined };
}

function seen(
	record: Cancellation,
	event: Extract<JobRead, { kind: "job-seen" }>,
	turn: Turn,
): Moved | GoesOn {
	const { job } = event;
	const looked: Cancellation = {
		...withReads(record, {}),
		jobKind: job.kind === "unknown" ? record.jobKind : job.kind,
		seen: sighting(job, turn.now.toISOString()),
	};
	const end = jobEnd(job);
	if (end === "abandoned" && record.attempts.some(mayHaveReachedGraph))
		return finish(looked, { state: "abandoned" }, turn);
	return end ? finish(looked, { state: "too-late", jobEnd: end }, turn) : goesOn(looked, event);
}

function withReads(record: Cancellation, count: Partial<Cancellation["watch"]>): Cancellation {
	return { ...record, watch: { ...record.watch, missing: 0, denied: 0, failed: 0, ...count } };
}

/** What was seen of a job, and when. */
export function sighting(job: RecoveryJob, at: string): Sighting {
	return {
		at,
		status: job.status,
		counts: job.counts,
		...known({ startedAt: job.startedAt, endedAt: job.endedAt, targetStateAt: job.targetStateAt }),
	};
}

/** Whether the second sighting shows anything that the first did not. */
export function changed(before: Sighting | undefined, after: Sighting | undefined): boolean {
	return before?.status !== after?.status || !hasSameCounts(before?.counts ?? {}, after?.counts ?? {});
}
