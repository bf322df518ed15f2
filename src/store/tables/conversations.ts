import type { ConversationRef } from "../../app/ports.js";
import type { Tx } from "../../app/store.js";
import type { Sql } from "../database.js";
import type { LockOrder } from "../lock-order.js";

export function conversationTable(
	sql: Sql,
	locks: LockOrder,
): Pick<
	Tx,
	| "rememberConversation"
	| "conversation"
	| "channelsAmong"
	| "addApprovalConversation"
	| "dropApprovalConversation"
	| "approvalConversations"
> {
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
		async channelsAmong(keys) {
			if (keys.length === 0) return [];
			const rows = await sql.query<{ key: string }>(
				"select key from conversations where key = any($1) and reference->>'conversationType' = 'channel'",
				[keys],
			);
			return rows.map(({ key }) => key);
		},
		async addApprovalConversation(key, by, at) {
			locks.take("deciders", key);
			const added = await sql.query(
				`insert into approval_conversations (key, tenant_id, added_by, added_at) values ($1, $2, $3, $4)
					on conflict (key) do nothing returning key`,
				[key, by.tenantId, JSON.stringify(by), at.toISOString()],
			);
			return added.length === 1;
		},
		async dropApprovalConversation(key) {
			locks.take("deciders", key);
			const dropped = await sql.query("delete from approval_conversations where key = $1 returning key", [
				key,
			]);
			return dropped.length === 1;
		},
		async approvalConversations(tenantId) {
			const rows = await sql.query<{ reference: ConversationRef }>(
				`select reference from approval_conversations join conversations using (key)
					where tenant_id = $1 order by added_at, key`,
				[tenantId],
			);
			return rows.map(({ reference }) => reference);
		},
	};
}
