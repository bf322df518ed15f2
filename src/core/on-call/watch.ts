import type { RecoveryJob } from "../job.js";
import { jobEnd } from "../job.js";

/** What is known of the watch over a tenant's jobs as a whole. Times are ISO 8601. */
export interface Watch {
	/** When all jobs were last seen; absent before the first time. */
	readonly seenAt?: string;
	/** Graph asked not to be asked again before this moment. */
	readonly notBefore?: string;
	/** Set while the jobs cannot be seen: what the last read came to. */
	readonly blind?: { readonly code: string; readonly toldAt?: string };
	/** When the cards of followed jobs were last brought up to date although nothing had happened. */
	readonly refreshedAt?: string;
}

/** A time in which nobody watched, and what became of the jobs in it. */
export interface Gap {
	readonly from: string;
	readonly to: string;
	/** Set when Graph has forgotten a part of it: what began and ended before this moment is not known. */
	readonly forgottenBefore?: string;
	readonly started: readonly RecoveryJob[];
	readonly ended: readonly RecoveryJob[];
}

/** https://learn.microsoft.com/entra/backup/recover-objects: history is kept for 7 days after completion. */
const REMEMBERED_MS = 7 * 24 * 60 * 60_000;
/** A pause between two looks is a gap from so many polls on, and from so many milliseconds on. */
const GAP_POLLS = 4;
const GAP_MS = 2 * 60_000;
/** So long the jobs may be out of sight before people are told while it lasts, in milliseconds. */
const BLIND_MS = 5 * 60_000;

/** The time since the jobs were last seen, if that is longer than polling can explain. */
export function gapIn(
	{ seenAt }: Watch,
	jobs: readonly RecoveryJob[],
	now: Date,
	pollMs: number,
): Gap | undefined {
	if (seenAt === undefined) return undefined;
	const fromMs = Date.parse(seenAt);
	if (now.getTime() - fromMs <= Math.max(GAP_POLLS * pollMs, GAP_MS)) return undefined;
	const within = (iso: string | undefined) => iso !== undefined && Date.parse(iso) > fromMs;
	const forgottenMs = now.getTime() - REMEMBERED_MS;
	return {
		from: seenAt,
		to: now.toISOString(),
		...(fromMs < forgottenMs ? { forgottenBefore: new Date(forgottenMs).toISOString() } : {}),
		started: jobs.filter((job) => within(job.startedAt)),
		ended: jobs.filter((job) => jobEnd(job) !== undefined && within(job.endedAt)),
	};
}

/** Whether people have to be told now that the jobs cannot be seen: once, while it lasts. */
export function isBlindTooLong({ seenAt, blind }: Watch, since: string, now: Date): boolean {
	if (!blind || blind.toldAt !== undefined) return false;
	return now.getTime() - Date.parse(seenAt ?? since) >= BLIND_MS;
}
