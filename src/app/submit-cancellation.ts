import type { AttemptAnswer, Cancellation } from "../core/cancellation.js";
import type { Event } from "../core/events.js";
import { decide, type PolicySettings } from "../core/policy.js";
import { type ApplyDeps, apply } from "./apply.js";
import type { CancelAnswer, Directory, RecoveryJobs } from "./ports.js";
import { readEvent } from "./read-event.js";

export interface SubmitDeps extends ApplyDeps {
	readonly directory: Directory;
	readonly jobs: RecoveryJobs;
	readonly policy: PolicySettings;
}

/**
 * Asks Graph to cancel: reads the requester's standing and the job again, writes the attempt down,
 * sends one POST, writes the answer down. After a crash it runs again and starts with the reading, so
 * that no POST is ever repeated without knowing what became of the job.
 */
export async function submitCancellation(cancellationId: string, deps: SubmitDeps): Promise<void> {
	const record = await deps.store.transaction((tx) => tx.cancellation(cancellationId));
	if (record?.state !== "submitting") return;
	const [standing, read] = await Promise.all([
		deps.directory.standing(record.requester, "cancel"),
		deps.jobs.read(record.jobId),
	]);
	const look = await applyRead(record, read, deps);
	const putOff = look?.waitingUntil !== record.waitingUntil;
	if (look?.state !== "submitting" || read.kind !== "found" || putOff) return;

	const verdict = decide("cancel", record.requester, standing, deps.policy);
	if (!verdict.allowed) {
		await apply(record.id, { kind: "standing-lost", rule: verdict.rule }, deps, { standing });
		return;
	}
	const clientRequestId = deps.ids.uuid();
	const started = await apply(record.id, { kind: "attempt-started", clientRequestId }, deps, {
		grant: verdict.grant,
	});
	if (started?.state !== "submitting") return;
	const answer = await deps.jobs.cancel(record.jobId, clientRequestId);
	const answered = await apply(record.id, answerEvent(answer, deps.clock.now()), deps, { answer });
	if (answered?.state === "submitting" && answer.kind === "rejected")
		await confirmRejection(answered, answer, deps);
}

/** Graph said no: only a look at the job tells whether it refused us or had nothing left to cancel. */
async function confirmRejection(
	record: Cancellation,
	answer: Extract<CancelAnswer, { kind: "rejected" }>,
	deps: SubmitDeps,
): Promise<void> {
	const read = await deps.jobs.read(record.jobId);
	if (read.kind !== "problem") {
		const looked = await applyRead(record, read, deps);
		if (looked?.state !== "submitting" || read.kind === "missing") return;
	}
	const status = answer.httpStatus === undefined ? {} : { httpStatus: answer.httpStatus };
	await apply(record.id, { kind: "rejection-confirmed", code: answer.code, ...status }, deps, {});
}

async function applyRead(
	record: Cancellation,
	read: Awaited<ReturnType<RecoveryJobs["read"]>>,
	deps: SubmitDeps,
): Promise<Cancellation | undefined> {
	return apply(record.id, readEvent(read), deps, read.kind === "problem" ? { problem: read } : {});
}

function answerEvent(answer: CancelAnswer, now: Date): Event {
	const kept: AttemptAnswer = {
		at: now.toISOString(),
		kind: answer.kind,
		...(answer.httpStatus === undefined ? {} : { httpStatus: answer.httpStatus }),
		...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
		...(answer.errorCode === undefined ? {} : { errorCode: answer.errorCode }),
		...(answer.kind === "accepted" && answer.location !== undefined ? { location: answer.location } : {}),
	};
	const wait =
		"retryAfterMs" in answer && answer.retryAfterMs !== undefined
			? { retryAfterMs: answer.retryAfterMs }
			: {};
	return { kind: "attempt-answered", answer: kept, ...wait };
}
