import type { Answer, NewRequest, Request, Tx } from "../app/store.js";
import type { Sql } from "./database.js";

interface Row {
	request: Omit<NewRequest, "receivedAt">;
	late: boolean;
	answer: Answer | null;
	received_at: Date;
}

type RequestTable = Pick<
	Tx,
	"addRequest" | "request" | "requestByKey" | "answerRequest" | "markRequestLate" | "forgetRequest"
>;

export function requestTable(sql: Sql): RequestTable {
	const find = async (where: string, value: string): Promise<Request | undefined> => {
		const [row] = await sql.query<Row>(
			`select request, late, answer, received_at from requests where ${where} = $1`,
			[value],
		);
		return row && toRequest(row);
	};
	return {
		async addRequest(request) {
			const { receivedAt, ...kept } = request;
			const added = await sql.query(
				`insert into requests (id, dedupe_key, request, received_at) values ($1, $2, $3, $4)
					on conflict (dedupe_key) do nothing returning id`,
				[request.id, request.dedupeKey, JSON.stringify(kept), receivedAt.toISOString()],
			);
			return added.length === 1;
		},
		request: (id) => find("id", id),
		requestByKey: (dedupeKey) => find("dedupe_key", dedupeKey),
		async answerRequest(id, answer, at) {
			const [answered] = await sql.query<{ late: boolean }>(
				"update requests set answer = $2, answered_at = $3 where id = $1 and answer is null returning late",
				[id, JSON.stringify(answer), at.toISOString()],
			);
			if (!answered) throw new Error(`request ${id} was answered meanwhile`);
			return answered;
		},
		async markRequestLate(id) {
			const marked = await sql.query(
				"update requests set late = true where id = $1 and answer is null returning id",
				[id],
			);
			return marked.length === 1;
		},
		async forgetRequest(dedupeKey) {
			await sql.query("delete from requests where dedupe_key = $1", [dedupeKey]);
		},
	};
}

function toRequest(row: Row): Request {
	return {
		...row.request,
		receivedAt: row.received_at,
		late: row.late,
		...(row.answer === null ? {} : { answer: row.answer }),
	};
}
