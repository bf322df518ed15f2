import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { AuditEvent } from "../../app/store.js";
import type { Sql } from "../database.js";

/**
 * Appends events to the chain: each hash covers the line and the hash before it, so that a line changed,
 * removed or put in between later does not fit any more. The row lock of the chain's head puts writers in one
 * order; it is taken last, since whoever waits for it must hold up nobody.
 */
export async function appendAudit(sql: Sql, events: readonly AuditEvent[]): Promise<void> {
	const lines = events.map((event) => JSON.stringify({ ...event, at: event.at.toISOString() }, holdable));
	await sql.query("select append_audit($1)", [lines]);
}

/** Some texts are quoted from Graph or Teams as they came; the database holds neither NUL nor half a character. */
function holdable(_name: string, value: unknown): unknown {
	return typeof value === "string" ? value.replace(/\0|\p{Surrogate}/gu, "\ufffd") : value;
}

interface Row {
	seq: string | number;
	at_ms: number;
	type: string;
	user_id: string | null;
	job_id: string | null;
	cancellation_id: string | null;
	line: string;
	previous_hash: string;
	hash: string;
}

/**
 * The number of the first event that does not fit the chain, is missing from it, or would be found by other
 * words than its line has; `undefined` when all is whole. A cut-off end shows only because the head remembers it.
 */
export async function findBrokenLink(sql: Sql): Promise<number | undefined> {
	// As a number, since a Date would hide a change of less than a millisecond.
	const rows = await sql.query<Row>(
		`select seq, (extract(epoch from at) * 1000)::float8 as at_ms, type, user_id, job_id, cancellation_id,
			line, previous_hash, hash from audit_events order by seq`,
	);
	let previous = "";
	for (const [index, row] of rows.entries()) {
		const fits =
			Number(row.seq) === index + 1 &&
			row.previous_hash === previous &&
			row.hash === chainHash(previous, row.line) &&
			isFoundByItsLine(row);
		if (!fits) return index + 1;
		previous = row.hash;
	}
	const [head] = await sql.query<{ seq: string | number; hash: string }>("select seq, hash from audit_head");
	const seq = Number(head?.seq ?? 0);
	return seq === rows.length && head?.hash === previous ? undefined : Math.min(seq, rows.length) + 1;
}

/** The hash covers the line alone; what stands beside it for searching must say the same. */
function isFoundByItsLine(row: Row): boolean {
	const beside = [row.type, row.user_id, row.job_id, row.cancellation_id];
	try {
		const event = JSON.parse(row.line);
		return row.at_ms === Date.parse(event.at) && isDeepStrictEqual(beside, searchedBy(event));
	} catch {
		// A line that is no event at all was not written here.
		return false;
	}
}

function searchedBy({ type, actor, jobId, cancellationId }: Omit<AuditEvent, "at">): (string | null)[] {
	return [type, actor?.userId ?? null, jobId ?? null, cancellationId ?? null];
}

function chainHash(previous: string, line: string): string {
	return createHash("sha256").update(previous).update("\n").update(line).digest("hex");
}
