import { openCancellation } from "../../src/core/cancelling/submitting.js";
import type { Database } from "../../src/store/database.js";
import { LockOrder } from "../../src/store/lock-order.js";
import { cancellationTable } from "../../src/store/tables/cancellations.js";
import { TENANT } from "./world.js";

/** So many ended cancellations, a minute apart, in turn of `user-0` and `user-1`. */
export async function storedCancellations(database: Database, count: number): Promise<void> {
	await database.transaction(async (sql) => {
		const table = cancellationTable(sql, new LockOrder());
		for (let n = 0; n < count; n += 1) {
			const requester = {
				tenantId: TENANT,
				userId: `user-${n % 2}`,
				name: `Person ${n % 2}`,
				channelUserId: `29:${n % 2}`,
			};
			const { record } = openCancellation(
				{
					id: `00000000-0000-4000-9000-${String(n).padStart(12, "0")}`,
					receipt: `RC-${n}`,
					job: { id: `job-${n}`, kind: "recovery", status: "running", counts: {} },
					requester,
					grant: { by: "group", groupId: "g" },
					conversationKey: "chat",
				},
				new Date(Date.parse("2026-11-20T00:00:00Z") + n * 60_000),
			);
			await table.insertCancellation({ ...record, state: "abandoned", endedAt: record.openedAt });
		}
	});
}
