import { createHash } from "node:crypto";
import type { AuditEvent } from "../app/store.js";
import type { Sql } from "./database.js";

/**
 * Appends one event to the chain: each hash covers the line and the hash before it, so that a line
 * changed, removed or put in between later does not fit any more.
 */
export async function appendAudit(sql: Sql, event: AuditEvent): Promise<void> {
	// The row lock puts writers in one order. It is taken last: whoever waits for it must hold up nobody.
	const [head] = await sql.query<{ seq: string | number; hash: string }>(
		"select seq, hash from audit_head for update",
	);
	if (!head) throw new Error("the audit chain has no head");
	const seq = Number(head.seq) + 1;
	const line = JSON.stringify({ seq, ...event, at: event.at.toISOString() });
	const hash = chainHash(head.hash, line);
	await sql.query(
		`insert into audit_events (seq, at, type, user_id, job_id, cancellation_id, line, previous_hash, hash)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		[
			seq,
			event.at.toISOString(),
			event.type,
			event.actor?.userId ?? null,
			event.jobId ?? null,
			event.cancellationId ?? null,
			line,
			head.hash,
			hash,
		],
	);
	await sql.query("update audit_head set seq = $1, hash = $2", [seq, hash]);
}

/**
 * The number of the first event that does not fit the chain or is missing from it, or `undefined` when
 * all is whole. A cut-off end shows only because the head remembers it.
 */
export async function findBrokenLink(sql: Sql): Promise<number | undefined> {
	const rows = await sql.query<{ seq: string | number; line: string; previous_hash: string; hash: string }>(
		"select seq, line, previous_hash, hash from audit_events order by seq",
	);
	let previous = "";
	for (const [index, row] of rows.entries()) {
		const fits =
			Number(row.seq) === index + 1 &&
			row.previous_hash === previous &&
			row.hash === chainHash(previous, row.line);
		if (!fits) return index + 1;
		previous = row.hash;
	}
	const [head] = await sql.query<{ seq: string | number; hash: string }>("select seq, hash from audit_head");
	const seq = Number(head?.seq ?? 0);
	return seq === rows.length && head?.hash === previous ? undefined : Math.min(seq, rows.length) + 1;
}

function chainHash(previous: string, line: string): string {
	return createHash("sha256").update(previous).update("\n").update(line).digest("hex");
}
