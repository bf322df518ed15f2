import { type Cancellation, type Due, isDue } from "../../core/cancelling/cancellation.js";
import type { Event, MoveLimits } from "../../core/cancelling/events.js";
import { move } from "../../core/cancelling/move.js";
import type { Moved } from "../../core/cancelling/moves.js";
import { known } from "../../core/known.js";
import type { Actor } from "../../core/person.js";
import type { Clock, Ids, RecoveryJobs } from "../ports.js";
import type { AuditEvent, Store, Tx } from "../store.js";
import { carryOut } from "./carry-out.js";

export interface ApplyDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly ids: Ids;
	readonly limits: MoveLimits;
}

/**
 * Applies one event to the stored cancellation: the move, the work it calls for and its line in the
 * audit trail commit together. Returns the record as it stands afterwards; an event that no longer
 * fits (the record has moved on meanwhile, or another step than `due` is due) changes nothing, so it is
 * harmless to apply it again.
 */
export async function apply(
	cancellationId: string,
	event: Event,
	deps: ApplyDeps,
	facts: Readonly<Record<string, unknown>>,
	due?: Due,
): Promise<Cancellation | undefined> {
	return deps.store.transaction(async (tx) => {
		const record = await tx.lockCancellation(cancellationId);
		if (!record || (due && !isDue(record, due))) return record;
		const now = deps.clock.now();
		const result = move(record, event, now, deps.limits);
		if (result.kind === "conflict") return record;
		await saveMove(tx, { before: record, event, now, facts }, result, deps);
		return result.record;
	});
}

/** Saves a move with the work that it calls for and its lines in the audit trail. */
export async function saveMove(
	tx: Tx,
	made: {
		readonly before: Cancellation;
		readonly event: Event;
		readonly now: Date;
		readonly facts: Readonly<Record<string, unknown>>;
		readonly pressed?: Parameters<typeof carryOut>[4];
	},
	{ record, effects }: Moved,
	deps: ApplyDeps,
): Promise<void> {
	await tx.saveCancellation(record);
	await carryOut(tx, record, effects, deps, made.pressed);
	for (const line of auditLines(made.before, record, made.event, made.now, made.facts)) tx.audit(line);
}

type JobRead = Awaited<ReturnType<RecoveryJobs["read"]>>;

/** Applies what a read of the job showed. */
export function applyRead(
	record: Cancellation,
	read: JobRead,
	deps: ApplyDeps,
	due: Due,
): Promise<Cancellation | undefined> {
	return apply(record.id, readEvent(read), deps, read.kind === "problem" ? { problem: read } : {}, due);
}

/** What a read of the job means for a cancellation. */
export function readEvent(read: JobRead): Event {
	if (read.kind === "missing") return { kind: "job-missing" };
	const wait = known({ retryAfterMs: read.retryAfterMs });
	if (read.kind === "found") return { kind: "job-seen", job: read.job, ...wait };
	const denied = read.code === "forbidden" || read.code === "unauthorized";
	return { kind: "job-unreadable", denied, ...wait };
}

/** Polls that show nothing new leave no line; everything else does. */
export function auditLines(
	before: Cancellation,
	after: Cancellation,
	event: Event,
	at: Date,
	facts: Readonly<Record<string, unknown>>,
): AuditEvent[] {
	const subject = { at, jobId: after.jobId, cancellationId: after.id };
	const lines: AuditEvent[] = [];
	if (event.kind !== "job-seen" || before.seen?.status !== after.seen?.status) {
		const { kind, ...rest } = event;
		lines.push({
			...subject,
			...known({ actor: actorOf(event) }),
			type: `cancel.${kind}`,
			facts: { receipt: after.receipt, ...rest, ...facts },
		});
	}
	if (before.state !== after.state)
		lines.push({
			...subject,
			type: `cancel.${after.state}`,
			actor: after.requester,
			facts: {
				receipt: after.receipt,
				outcome: after.outcome ?? null,
				seen: after.seen ?? null,
				stoppedAsking: after.stoppedAsking,
				goAhead: after.goAhead,
			},
		});
	return lines;
}

/** Who did it. An attempt is made on somebody's standing; what is only seen or comes by itself is nobody's. */
function actorOf(event: Event): Actor | undefined {
	if (event.kind === "attempt-started") return event.by;
	if (event.kind === "went-ahead" || event.kind === "joined") return event.asker.actor;
	return "actor" in event ? event.actor : undefined;
}
