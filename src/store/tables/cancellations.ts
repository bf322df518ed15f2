import type { Tx } from "../../app/store.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { isGuid } from "../../core/guid.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

type CancellationTable = Pick<
	Tx,
	| "insertCancellation"
	| "cancellation"
	| "findCancellation"
	| "waitingCancellations"
	| "lastRejected"
	| "latestCancellation"
	| "lockCancellation"
	| "lockOpenCancellation"
	| "openCancellations"
	| "saveCancellation"
>;

/** As the index has it, so that it is used. */
const OPEN = "state in ('awaiting-approval', 'submitting', 'stopping')";
/** Requests that a list shows. */
const LISTED = 50;

export function cancellationTable(sql: Sql, locks: LockOrder): CancellationTable {
	const list = async (condition: string, values: readonly unknown[]): Promise<Cancellation[]> => {
		const rows = await sql.query<{ record: Cancellation }>(
			`select record from cancellations where ${condition}`,
			values,
		);
		return rows.map(({ record }) => record);
	};
	const find = async (condition: string, values: readonly string[]): Promise<Cancellation | undefined> =>
		(await list(condition, values))[0];
	return {
		async insertCancellation(record) {
			locks.take("cancellation", record.id);
			const inserted = await sql.query(
				`insert into cancellations (id, receipt, tenant_id, job_id, state, version, record)
					values ($1, $2, $3, $4, $5, $6, $7)
					on conflict (tenant_id, job_id) where ${OPEN} do nothing
					returning id`,
				[
					record.id,
					record.receipt,
					record.tenantId,
					record.jobId,
					record.state,
					record.version,
					JSON.stringify(record),
				],
			);
			return inserted.length === 1;
		},
		cancellation: (id) => find("id = $1", [id]),
		findCancellation: (tenantId, reference) =>
			isGuid(reference)
				? find("tenant_id = $1 and id = $2", [tenantId, reference])
				: find("tenant_id = $1 and receipt = $2", [tenantId, reference.toUpperCase()]),
		waitingCancellations: (tenantId) =>
			list(`tenant_id = $1 and state = 'awaiting-approval' order by record->>'openedAt' limit ${LISTED}`, [
				tenantId,
			]),
		lastRejected: (tenantId, jobId) =>
			find("tenant_id = $1 and job_id = $2 and state = 'rejected' order by record->>'endedAt' desc limit 1", [
				tenantId,
				jobId,
			]),
		latestCancellation: (tenantId, jobId) =>
			find("tenant_id = $1 and job_id = $2 order by record->>'openedAt' desc limit 1", [tenantId, jobId]),
		lockCancellation(id) {
			locks.take("cancellation", id);
			return find("id = $1 for update", [id]);
		},
		async lockOpenCancellation(tenantId, jobId) {
			locks.take("cancellation", `${tenantId} ${jobId}`);
			const condition = `tenant_id = $1 and job_id = $2 and ${OPEN} for update`;
			const record = await find(condition, [tenantId, jobId]);
			if (record) locks.take("cancellation", record.id);
			return record;
		},
		// A request that others still have to approve cancels nothing yet.
		openCancellations: async (tenantId, jobIds) =>
			jobIds.length === 0
				? []
				: list("tenant_id = $1 and job_id = any($2) and state in ('submitting', 'stopping')", [
						tenantId,
						jobIds,
					]),
		async saveCancellation(record) {
			locks.take("cancellation", record.id);
			const saved = await sql.query(
				`update cancellations set state = $3, version = $2, record = $4
					where id = $1 and version = $2 - 1 returning id`,
				[record.id, record.version, record.state, JSON.stringify(record)],
			);
			if (saved.length !== 1)
				throw new Error(`cancellation ${record.id} is not at version ${record.version - 1} any more`);
		},
	};
}
