import type { Answer, NewRequest, Request, Tx } from "../../app/store.js";
import { known } from "../../core/known.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

interface Row {
	request: Omit<NewRequest, "receivedAt">;
	late: boolean;
	answer: Answer | null;
	received_at: Date;
}

type RequestTable = Pick<
	Tx,
	| "addRequest"
	| "request"
	| "lockRequest"
	| "requestByKey"
	| "answerRequest"
	| "markRequestLate"
	| "forgetRequest"
>;

export function requestTable(sql: Sql, locks: LockOrder): RequestTable {
	const find = async (where: string, value: string): Promise<Request | undefined> => {
		const [row] = await sql.query<Row>(
			`select request, late, answer, received_at from requests where ${where}`,
			[value],
		);
		return row && toRequest(row);
	};
	return {
		async addRequest(request) {
			locks.take("request", request.id);
			const { receivedAt, ...kept } = request;
			const added = await sql.query(
				`insert into requests (id, dedupe_key, request, received_at) values ($1, $2, $3, $4)
					on conflict (dedupe_key) do nothing returning id`,
				[request.id, request.dedupeKey, JSON.stringify(kept), receivedAt.toISOString()],
			);
			return added.length === 1;
		},
		request: (id) => find("id = $1", id),
		lockRequest(id) {
			locks.take("request", id);
			return find("id = $1 for update", id);
		},
		requestByKey: (dedupeKey) => find("dedupe_key = $1", dedupeKey),
		async answerRequest(id, answer, at) {
			locks.take("request", id);
			const answered = await sql.query(
				"update requests set answer = $2, answered_at = $3 where id = $1 and answer is null returning id",
				[id, JSON.stringify(answer), at.toISOString()],
			);
			if (answered.length !== 1) throw new Error(`request ${id} was answered meanwhile`);
		},
		async markRequestLate(id) {
			locks.take("request", id);
			const marked = await sql.query(
				"update requests set late = true where id = $1 and answer is null returning id",
				[id],
			);
			return marked.length === 1;
		},
		async forgetRequest(dedupeKey) {
			locks.take("request", dedupeKey);
			await sql.query("delete from requests where dedupe_key = $1", [dedupeKey]);
		},
	};
}

function toRequest(row: Row): Request {
	return {
		...row.request,
		receivedAt: row.received_at,
		late: row.late,
		...known({ answer: row.answer }),
	};
}
