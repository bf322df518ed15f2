import type { ConversationRef } from "../../app/ports.js";
import { KEPT_CARDS, type Message, type NewMessage, type Store, type Tx } from "../../app/store.js";
import type { Audience } from "../../app/views.js";
import { known } from "../../core/known.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

interface Row {
	id: string;
	kind: Message["kind"];
	subject_id: string;
	conversation_key: string;
	activity_id: string | null;
	state: Message["state"];
	tries: number;
	unclear: number;
	created_at: Date;
	copy: string;
	audience: Audience | null;
}

const COLUMNS =
	"id, kind, subject_id, conversation_key, activity_id, state, tries, unclear, created_at, copy, audience";

export function messageTable(
	sql: Sql,
	locks: LockOrder,
): Pick<Tx, "ensureMessage" | "becomeLive" | "lockMessage" | "findMessage" | "cards" | "saveMessage"> {
	const find = async (kind: Message["kind"], subjectId: string, conversationKey: string) => {
		const [row] = await sql.query<Row>(
			`select ${COLUMNS} from messages where subject_id = $1 and kind = $2 and conversation_key = $3 and copy = ''`,
			[subjectId, kind, conversationKey],
		);
		return row && toMessage(row);
	};
	return {
		async ensureMessage(message) {
			locks.take("message", message.id);
			// The update changes nothing, but makes the statement return the row that was there.
			const [row] = await sql.query<Row>(
				`insert into messages (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, $9)
					on conflict (subject_id, kind, conversation_key, copy) do update set kind = excluded.kind
					returning ${COLUMNS}`,
				[
					message.id,
					message.kind,
					subjectOf(message),
					message.conversationKey,
					message.activityId ?? null,
					message.activityId === undefined ? "pending" : "sent",
					message.createdAt.toISOString(),
					message.copy ?? "",
					message.audience ? JSON.stringify(message.audience) : null,
				],
			);
			if (!row) throw new Error(`message ${message.id} vanished`);
			return toMessage(row);
		},
		async becomeLive(id, cancellationId) {
			locks.take("message", id);
			const [row] = await sql.query<Row>(
				`update messages set kind = 'live', subject_id = $2 where id = $1 returning ${COLUMNS}`,
				[id, cancellationId],
			);
			if (!row) throw new Error(`message ${id} vanished`);
			return toMessage(row);
		},
		findMessage: find,
		async cards(cancellationId) {
			const rows = await sql.query<Row>(
				`select ${COLUMNS} from messages where subject_id = $1 and kind = any($2) order by created_at, id`,
				[cancellationId, KEPT_CARDS],
			);
			return rows.map(toMessage);
		},
		async lockMessage(id) {
			locks.take("message", id);
			const [row] = await sql.query<Row>(`select ${COLUMNS} from messages where id = $1 for update`, [id]);
			return row && toMessage(row);
		},
		async saveMessage(message) {
			locks.take("message", message.id);
			await sql.query(
				"update messages set activity_id = $2, state = $3, tries = $4, unclear = $5 where id = $1",
				[message.id, message.activityId ?? null, message.state, message.tries, message.unclear],
			);
		},
	};
}

/** What a delivery asks and tells outside a transaction: one statement each. */
export function deliveryStatements(
	sql: Sql,
): Pick<Store, "startSending" | "sent"> & Pick<Store["read"], "delivery"> {
	return {
		async delivery(messageId) {
			const [row] = await sql.query<Row & { reference: ConversationRef }>(
				`select ${COLUMNS}, reference from messages join conversations on key = conversation_key where id = $1`,
				[messageId],
			);
			return row && { message: toMessage(row), conversation: row.reference };
		},
		async startSending({ id, unclear }) {
			const marked = await sql.query(
				`update messages set state = 'sending'
					where id = $1 and unclear = $2 and state = 'pending' and activity_id is null returning id`,
				[id, unclear],
			);
			return marked.length === 1;
		},
		async sent(messageId, activityId, as = "sent") {
			await sql.query("update messages set state = $3, activity_id = $2, tries = 0 where id = $1", [
				messageId,
				activityId,
				as,
			]);
		},
	};
}

function subjectOf(message: NewMessage): string {
	return message.kind === "answer" ? message.requestId : message.cancellationId;
}

function toMessage(row: Row): Message {
	const common = {
		id: row.id,
		conversationKey: row.conversation_key,
		createdAt: row.created_at,
		state: row.state,
		tries: row.tries,
		unclear: row.unclear,
		...known({ activityId: row.activity_id, audience: row.audience }),
		...(row.copy === "" ? {} : { copy: row.copy }),
	};
	return row.kind === "answer"
		? { ...common, kind: row.kind, requestId: row.subject_id }
		: { ...common, kind: row.kind, cancellationId: row.subject_id };
}
