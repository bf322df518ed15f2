import type { ConversationRef } from "../../app/ports.js";
import { KEPT_CARDS, type Message, type NewMessage, type Store, type Tx } from "../../app/store.js";
import type { Audience } from "../../app/views.js";
import { known } from "../../core/known.js";
import { CONVERSATION_LIMITS, type SendLimit, type SendLimits } from "../../core/send-limits.js";
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

/** Messages that may wait while others go first. */
const LATER: readonly Message["kind"][] = ["alert", "follow", "news"];
/** What is shown where nobody asked for it waits its turn; everything else leaves at once. */
const FIRST: readonly Message["kind"][] = ["approval", "reminder", "review"];

export function messageTable(
	sql: Sql,
	locks: LockOrder,
): Pick<
	Tx,
	| "ensureMessage"
	| "ensureMessages"
	| "becomeLive"
	| "becomeFollow"
	| "lockMessage"
	| "findMessage"
	| "cards"
	| "kindsAt"
	| "saveMessage"
> {
	const find = async (kind: Message["kind"], subjectId: string, conversationKey: string) => {
		const [row] = await sql.query<Row>(
			`select ${COLUMNS} from messages where subject_id = $1 and kind = $2 and conversation_key = $3 and copy = ''`,
			[subjectId, kind, conversationKey],
		);
		return row && toMessage(row);
	};
	const become = async (id: string, kind: Message["kind"], subjectId: string) => {
		locks.take("message", id);
		const [row] = await sql.query<Row>(
			`update messages set kind = $2, subject_id = $3 where id = $1 returning ${COLUMNS}`,
			[id, kind, subjectId],
		);
		if (!row) throw new Error(`message ${id} vanished`);
		return toMessage(row);
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
		becomeLive: (id, cancellationId) => become(id, "live", cancellationId),
		becomeFollow: (id, incidentId) => become(id, "follow", incidentId),
		async ensureMessages(messages) {
			if (messages.length === 0) return [];
			for (const { id } of messages) locks.take("message", id);
			const rows = await sql.query<{ id: string }>(
				`insert into messages (id, kind, subject_id, conversation_key, state, created_at)
					select id, kind, subject_id, conversation_key, 'pending', created_at
						from jsonb_to_recordset($1) as m (id uuid, kind text, subject_id uuid, conversation_key text, created_at timestamptz)
					on conflict (subject_id, kind, conversation_key, copy) do update set kind = excluded.kind
					returning id`,
				[
					JSON.stringify(
						messages.map((message) => ({
							id: message.id,
							kind: message.kind,
							subject_id: subjectOf(message),
							conversation_key: message.conversationKey,
							created_at: message.createdAt,
						})),
					),
				],
			);
			return rows.map(({ id }) => id);
		},
		findMessage: find,
		async cards(cancellationId) {
			const rows = await sql.query<Row>(
				`select ${COLUMNS} from messages where subject_id = $1 and kind = any($2) order by created_at, id`,
				[cancellationId, KEPT_CARDS],
			);
			return rows.map(toMessage);
		},
		async kindsAt(conversationKey, activityId) {
			const rows = await sql.query<Pick<Row, "kind">>(
				"select kind from messages where conversation_key = $1 and activity_id = $2",
				[conversationKey, activityId],
			);
			return rows.map(({ kind }) => kind);
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

/** How much may be sent altogether, and the clock that the turns go by if not the database's: a test turns one. */
export interface Gate {
	readonly app: SendLimits;
	readonly now?: () => Date;
}

/** What a delivery asks and tells outside a transaction: one statement each. */
export function deliveryStatements(
	sql: Sql,
	gate: Gate,
): Pick<Store, "startSending" | "sent"> & Pick<Store["read"], "delivery"> {
	return {
		async delivery(messageId) {
			// One whose sending has nothing to do any more takes no turn.
			const [row] = await sql.query<Row & { reference: ConversationRef; wait_ms: number | null }>(
				`select ${COLUMNS}, reference, case when activity_id is not null or state in ('pending', 'sending') then
						take_turn(id, split_part(conversation_key, ';', 1),
							case when kind = any($2) then 'later' when kind = any($3) then 'first' else 'now' end,
							$4, $5, $6, $7, coalesce($8, clock_timestamp())) end as wait_ms
					from messages join conversations on key = conversation_key where id = $1`,
				[
					messageId,
					LATER,
					FIRST,
					pairs(CONVERSATION_LIMITS.all),
					pairs(CONVERSATION_LIMITS.later),
					pairs(gate.app.all),
					pairs(gate.app.later),
					gate.now?.().toISOString() ?? null,
				],
			);
			return row && { message: toMessage(row), conversation: row.reference, waitMs: row.wait_ms ?? 0 };
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

function pairs(limits: readonly SendLimit[]): number[] {
	return limits.flatMap(({ burst, stepMs }) => [burst, stepMs]);
}

function subjectOf(message: NewMessage): string {
	switch (message.kind) {
		case "answer":
			return message.requestId;
		case "alert":
		case "follow":
			return message.incidentId;
		case "news":
		case "page":
			return message.newsId;
		default:
			return message.cancellationId;
	}
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
	const { kind, subject_id: subject } = row;
	switch (kind) {
		case "answer":
			return { ...common, kind, requestId: subject };
		case "alert":
		case "follow":
			return { ...common, kind, incidentId: subject };
		case "news":
		case "page":
			return { ...common, kind, newsId: subject };
		default:
			return { ...common, kind, cancellationId: subject };
	}
}
