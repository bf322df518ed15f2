import type { Tx } from "../../app/store.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

type CancellationTable = Pick<
	Tx,
	"insertCancellation" | "cancellation" | "lockCancellation" | "lockOpenCancellation" | "saveCancellation"
>;

export function cancellationTable(sql: Sql, locks: LockOrder): CancellationTable {
	const find = async (condition: string, values: readonly string[]): Promise<Cancellation | undefined> => {
		const [row] = await sql.query<{ record: Cancellation }>(
			`select record from cancellations where ${condition}`,
			values,
		);
		return row?.record;
	};
	return {
		async insertCancellation(record) {
			locks.take("cancellation", record.id);
			const inserted = await sql.query(
				`insert into cancellations (id, receipt, tenant_id, job_id, state, version, record)
					values ($1, $2, $3, $4, $5, $6, $7)
					on conflict (tenant_id, job_id) where state in ('submitting', 'stopping') do nothing
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
		lockCancellation(id) {
			locks.take("cancellation", id);
			return find("id = $1 for update", [id]);
		},
		async lockOpenCancellation(tenantId, jobId) {
			locks.take("cancellation", `${tenantId} ${jobId}`);
			const condition = "tenant_id = $1 and job_id = $2 and state in ('submitting', 'stopping') for update";
			const record = await find(condition, [tenantId, jobId]);
			if (record) locks.take("cancellation", record.id);
			return record;
		},
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
