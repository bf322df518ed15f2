import type { Tx } from "../app/store.js";
import type { Cancellation } from "../core/cancellation.js";
import type { Sql } from "./database.js";

type CancellationTable = Pick<
	Tx,
	"insertCancellation" | "cancellation" | "lockCancellation" | "lockOpenCancellation" | "saveCancellation"
>;

export function cancellationTable(sql: Sql): CancellationTable {
	const find = async (condition: string, values: readonly string[]): Promise<Cancellation | undefined> => {
		const [row] = await sql.query<{ record: Cancellation }>(
			`select record from cancellations where ${condition}`,
			values,
		);
		return row?.record;
	};
	return {
		async insertCancellation(record) {
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
		lockCancellation: (id) => find("id = $1 for update", [id]),
		lockOpenCancellation: (tenantId, jobId) =>
			find("tenant_id = $1 and job_id = $2 and state in ('submitting', 'stopping') for update", [
				tenantId,
				jobId,
			]),
		async saveCancellation(record) {
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
