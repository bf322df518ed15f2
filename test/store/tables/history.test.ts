import { beforeAll, describe, expect, it } from "@jest/globals";
import type { HistoryQuery } from "../../../src/app/store.js";
import { HISTORY_PAGE, type HistoryFilter } from "../../../src/core/history.js";
import { LockOrder } from "../../../src/store/lock-order.js";
import { cancellationTable } from "../../../src/store/tables/cancellations.js";
import { historyTable } from "../../../src/store/tables/history.js";
import { anna, cancellation, useStore, uuid } from "../records.js";

const NOW = new Date("2026-11-23T12:00:00.000Z");
const bernard = { tenantId: "t", userId: "bernard", name: "Bernard Ünal", channelUserId: "29:Bernard" };
const grant = { by: "group", groupId: "g" } as const;

describe("the history of cancellations", () => {
	const { inStore, database } = useStore();
	const read = (filter: HistoryFilter, more: Partial<HistoryQuery> = {}) =>
		historyTable(database().sql).history({ tenantId: "t", now: NOW, filter, ...more });
	const numbers = async (filter: HistoryFilter) =>
		(await read(filter)).rows.map(({ receipt }) => Number(receipt.slice(3)));

	/** One an hour, the last of them just now. Number 5 was joined, number 6 decided, by Bernard; 7 is another tenant's. */
	beforeAll(async () => {
		for (let n = 1; n <= 25; n += 1) {
			const openedAt = new Date(NOW.getTime() - (25 - n) * 3_600_000).toISOString();
			const record = {
				...cancellation(n, n % 2 === 0 ? "even" : `odd-${n}`),
				openedAt,
				state: "abandoned",
			} as const;
			const at = openedAt;
			const asker = { actor: bernard, conversationKey: "chat", at };
			await inStore((tx) =>
				tx.insertCancellation({
					...record,
					...(n === 5 && { askers: [...record.askers, asker] }),
					...(n === 6 && { decisions: [{ actor: bernard, verdict: "approve", at, grant }] }),
					...(n === 7 && { tenantId: "another" }),
				}),
			);
		}
	});

	it("goes from the newest to the oldest, page by page, and tells each once", async () => {
		const pages: number[][] = [];
		let after: HistoryQuery["after"];
		do {
			const page = await read({ by: "all" }, after && { after });
			pages.push(page.rows.map(({ receipt }) => Number(receipt.slice(3))));
			after = page.next;
		} while (after);
		expect(pages.length).toBeGreaterThan(2);
		expect(pages.slice(0, -1).every(({ length }) => length === HISTORY_PAGE)).toBe(true);
		expect(pages.flat()).toEqual([
			25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 6, 5, 4, 3, 2, 1,
		]);
	});

	it("is not shifted by what is opened meanwhile, nor muddled by the same moment", async () => {
		await inStore(async (tx) => {
			for (const n of [61, 62, 63]) {
				await tx.insertCancellation({ ...cancellation(n), tenantId: "same", openedAt: NOW.toISOString() });
			}
		});
		const from = (n: number) => ({ after: { openedAt: NOW.toISOString(), id: uuid(n) }, tenantId: "same" });
		const later = await read({ by: "all" }, from(63));
		expect(later.rows.map(({ receipt }) => receipt)).toEqual(["RC-62", "RC-61"]);
	});

	it("tells of one job, of a period up to now, and of a person who asked, joined or decided", async () => {
		expect(await numbers({ by: "job", jobId: "odd-9" })).toEqual([9]);
		expect(await numbers({ by: "period", hours: 2 })).toEqual([25, 24, 23]);
		for (const found of [{ userId: "bernard" }, { channelUserId: "29:Bernard" }, {}])
			expect(await numbers({ by: "person", name: "bernard ünal", ...found })).toEqual([6, 5]);
		expect(await numbers({ by: "person", name: anna.name, userId: "nobody" })).toEqual([]);
		expect(await numbers({ by: "person", name: "Bern" })).toEqual([]);
		expect(await numbers({ by: "person", name: `x' or "1"='1` })).toEqual([]);
	});

	it("tells for whom, and how many others asked", async () => {
		const page = await read({ by: "person", name: "", userId: "bernard" });
		expect(page.rows.map(({ requesterName, others }) => [requesterName, others])).toEqual([
			["Anna", 0],
			["Anna", 1],
		]);
		expect(page.next).toBeUndefined();
	});

	it.each([
		["all", { by: "all" }, "cancellations_by_time"],
		["a job", { by: "job", jobId: "even" }, "cancellations_by_job"],
		["a period", { by: "period", hours: 2 }, "cancellations_by_time"],
		["a person", { by: "person", name: "", userId: "bernard" }, "cancellations_by_people"],
	] as const)("asks one question a page, which an index serves: of %s", async (_what, filter, index) => {
		const plans: string[] = [];
		const rolledBack = database().transaction(async (sql) => {
			await sql.query(
				`insert into cancellations (id, receipt, tenant_id, job_id, state, version, record)
					select gen_random_uuid(), 'many ' || n, 't', 'job-' || n % 100, 'abandoned', 1, record || jsonb_build_object(
						'openedAt', to_char(timestamp '2026-01-01' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
					from cancellations, generate_series(1, 3000) n where receipt = 'RC-1'`,
			);
			await sql.query("analyze cancellations");
			const explaining = {
				query: async <Row extends object>(text: string, values?: readonly unknown[]) => {
					plans.push(JSON.stringify(await sql.query(`explain ${text}`, values)));
					return [] as Row[];
				},
			};
			const after = { openedAt: NOW.toISOString(), id: uuid(1) };
			await historyTable(explaining).history({ tenantId: "t", now: NOW, filter, after });
			throw new Error("rolled back on purpose");
		});
		await expect(rolledBack).rejects.toThrow("rolled back on purpose");
		expect(plans).toHaveLength(1);
		expect(plans[0]).toContain(index);
	});

	it("costs a poll nothing: a saved record whose people stay the same touches no index", async () => {
		const record = { ...cancellation(71), tenantId: "polled" };
		const hot = await database().transaction(async (sql) => {
			const table = cancellationTable(sql, new LockOrder());
			await table.insertCancellation(record);
			for (const version of [1, 2, 3])
				await table.saveCancellation({ ...record, version: record.version + version });
			const [row] = await sql.query<{ hot: number }>(
				"select pg_stat_get_xact_tuples_hot_updated('cancellations'::regclass)::int as hot",
			);
			return row?.hot;
		});
		// One may have gone to a new page; with an index to be kept, none is hot.
		expect(hot).toBeGreaterThan(1);
	});
});
