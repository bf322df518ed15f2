import { isDue } from "../../core/cancelling/cancellation.js";
import type { RecoveryJobs } from "../ports.js";
import { type ApplyDeps, applyRead } from "./apply.js";

/**
 * One poll of a job that Graph was asked to stop. The poll's number makes it harmless when it runs
 * twice: only the poll that is due moves the record and plans the next one.
 */
export async function watchCancellation(
	poll: { readonly cancellationId: string; readonly seq: number },
	deps: ApplyDeps & { readonly jobs: RecoveryJobs },
): Promise<void> {
	const due = { step: "watch", seq: poll.seq } as const;
	const record = await deps.store.read.cancellation(poll.cancellationId);
	if (!record || !isDue(record, due)) return;
	const read = await deps.jobs.read(record.jobId);
	await applyRead(record, read, deps, due);
}
