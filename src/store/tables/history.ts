import type { Store } from "../../app/store.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import { HISTORY_PAGE, type HistoryFilter, type HistoryRow } from "../../core/history.js";
import { known } from "../../core/known.js";
import type { Sql } from "../database.js";

/** One page of a tenant's cancellations, from the newest to the oldest, by one statement that an index serves. */
export function historyTable(sql: Sql): Pick<Store["read"], "history"> {
	return {
		async history({ tenantId, filter, after, now }) {
			const values: unknown[] = [tenantId];
			const value = (given: unknown) => `$${values.push(given)}`;
			const conditions = [
				"tenant_id = $1",
				...whichOf(filter, now, value),
				...(after ? [`(opened_at, id) < (${value(after.openedAt)}, ${value(after.id)}::uuid)`] : []),
			];
			// One more than a page, to know whether there is another.
			const found = await sql.query<{ id: string; record: Cancellation }>(
				`select id, record from cancellations where ${conditions.join(" and ")}
					order by opened_at desc, id desc limit ${HISTORY_PAGE + 1}`,
				values,
			);
			const rows = found.slice(0, HISTORY_PAGE);
			const last = rows.at(-1);
			return {
				rows: rows.map(({ record }) => toRow(record)),
				...(found.length > HISTORY_PAGE && last
					? { next: { openedAt: last.record.openedAt, id: last.id } }
					: {}),
			};
		},
	};
}

function whichOf(filter: HistoryFilter, now: Date, value: (given: unknown) => string): string[] {
	switch (filter.by) {
		case "all":
			return [];
		case "job":
			return [`job_id = ${value(filter.jobId)}`];
		case "period":
			return [`opened_at >= ${value(new Date(now.getTime() - filter.hours * 3_600_000).toISOString())}`];
		case "person": {
			const { userId, channelUserId, name } = filter;
			const person = userId ? { userId } : channelUserId ? { channelUserId } : { name };
			return [`people @> lower(${value(JSON.stringify([person]))})::jsonb`];
		}
	}
}

function toRow(record: Cancellation): HistoryRow {
	const { receipt, jobId, jobKind, state, openedAt, endedAt, requester, askers } = record;
	const people = new Set([requester.userId, ...askers.map(({ actor }) => actor.userId)]);
	return {
		receipt,
		jobId,
		jobKind,
		state,
		openedAt,
		...known({ endedAt }),
		requesterName: requester.name,
		others: people.size - 1,
	};
}
