import type { ConversationRef } from "../../app/ports.js";
import type { Tx } from "../../app/store.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

export function conversationTable(
	sql: Sql,
	locks: LockOrder,
): Pick<Tx, "rememberConversation" | "conversation"> {
	return {
		async rememberConversation(conversation) {
			locks.take("conversation", conversation.key);
			await sql.query(
				`insert into conversations (key, reference) values ($1, $2)
					on conflict (key) do update set reference = excluded.reference, updated_at = now()
					where conversations.reference <> excluded.reference`,
				[conversation.key, JSON.stringify(conversation)],
			);
		},
		async conversation(key) {
			const [row] = await sql.query<{ reference: ConversationRef }>(
				"select reference from conversations where key = $1",
				[key],
			);
			return row?.reference;
		},
	};
}
