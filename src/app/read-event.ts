import type { Event } from "../core/cancelling/events.js";
import { known } from "../core/known.js";
import type { RecoveryJobs } from "./ports.js";

/** What a read of the job means for a cancellation. */
export function readEvent(read: Awaited<ReturnType<RecoveryJobs["read"]>>): Event {
	if (read.kind === "missing") return { kind: "job-missing" };
	const wait = known({ retryAfterMs: read.retryAfterMs });
	if (read.kind === "found") return { kind: "job-seen", job: read.job, ...wait };
	const denied = read.code === "forbidden" || read.code === "unauthorized";
	return { kind: "job-unreadable", denied, ...wait };
}
