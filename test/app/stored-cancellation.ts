import { randomUUID } from "node:crypto";
import type { Cancellation } from "../../src/core/cancelling/cancellation.js";
import { openCancellation } from "../../src/core/cancelling/submitting.js";
import { theDatabase } from "./database.js";
import { ADMIN_ROLE, conversation, type createWorld, person, runningJob } from "./world.js";

type World = ReturnType<typeof createWorld>;

export const grant = { by: "role", roleId: ADMIN_ROLE.id, roleName: ADMIN_ROLE.name } as const;

/**
 * A cancellation that Anna asked for in the conversation `chat`, put into the database as it would stand
 * at some moment, without any of the work that led there or that it calls for. What is undefined is left out.
 */
export async function putCancellation(
	{ deps }: World,
	changed: { [Key in keyof Cancellation]?: Cancellation[Key] | undefined } = {},
): Promise<Cancellation> {
	const { record } = openCancellation(
		{
			id: randomUUID(),
			receipt: deps.ids.receipt(),
			job: runningJob(),
			requester: person("Anna"),
			grant,
			conversationKey: "chat",
		},
		deps.clock.now(),
	);
	const put = { ...record, ...changed } as Cancellation;
	await deps.store.transaction(async (tx) => {
		await tx.rememberConversation(conversation("chat"));
		await tx.insertCancellation(put);
	});
	return put;
}

/** The cancellation as the database holds it now. */
export async function stored({ deps }: World, { id }: Cancellation): Promise<Cancellation> {
	const record = await deps.store.transaction((tx) => tx.cancellation(id));
	if (!record) throw new Error(`no cancellation ${id}`);
	return record;
}

/** All that the audit trail says of a cancellation, in order. */
export async function auditTrail({ id }: Cancellation) {
	const rows = await theDatabase().transaction((sql) =>
		sql.query<{ line: string }>("select line from audit_events where cancellation_id = $1 order by seq", [
			id,
		]),
	);
	return rows.map(({ line }) => {
		const { seq: _seq, cancellationId: _id, ...said } = JSON.parse(line);
		return said as {
			at: string;
			type: string;
			actor?: object;
			jobId?: string;
			facts: Record<string, unknown>;
		};
	});
}
