import { isDeepStrictEqual } from "node:util";
import type { AuditEvent } from "../../app/store.js";
import { type ChainReport, checkChain, type FoundLink } from "../../audit/chain.js";
import type { Sql } from "../database.js";

/**
 * Appends events to the chain: each hash covers the line and the hash before it, so that a line changed,
 * removed or put in between later does not fit any more. The row lock of the chain's head puts writers in one
 * order; it is taken last, and the commit is sent along with it, since whoever waits for it must hold up nobody.
 */
export function appendAudit(sql: Sql, events: readonly AuditEvent[]): Promise<unknown> {
	const lines = events.map((event) => JSON.stringify({ ...event, at: event.at.toISOString() }, holdable));
	return sql.query("select append_audit($1)", [lines]);
}

/** Some texts are quoted from Graph or Teams as they came; the database holds neither NUL nor half a character. */
function holdable(_name: string, value: unknown): unknown {
	return typeof value === "string" ? value.replace(/\0|\p{Surrogate}/gu, "\ufffd") : value;
}

/** A piece of the trail: from the first event at or after `from` to the last before `to`. */
export interface TrailRange {
	readonly from?: Date;
	readonly to?: Date;
}

/**
 * The events of a range in their order, a page at a time. Clocks of instances may differ, so an event between two
 * of the range belongs to it whatever its own time says: only a piece without gaps can be checked.
 */
export async function* readTrail(sql: Sql, { from, to }: TrailRange = {}): AsyncGenerator<FoundLink> {
	const [bounds] = await sql.query<{ first: string | number | null; last: string | number | null }>(
		`select (select min(seq) from audit_events where $1::timestamptz is null or at >= $1) as first,
			(select max(seq) from audit_events where $2::timestamptz is null or at < $2) as last`,
		[from?.toISOString() ?? null, to?.toISOString() ?? null],
	);
	if (bounds?.first == null || bounds.last == null) return;
	yield* readPages(sql, Number(bounds.first) - 1, Number(bounds.last));
}

/**
 * Checks the whole trail: for the first event that does not fit the chain, is missing from it, or would be found
 * by other words than its line has. A cut-off end shows only because the head remembers it; a trail that was
 * rewritten with all its hashes only by a hash that was `noted` elsewhere.
 */
export async function checkTrail(sql: Sql, noted?: string): Promise<ChainReport> {
	let head: { readonly seq: number; readonly hash: string } | undefined;
	const report = await checkChain(readToHead(), "beginning", noted);
	if (report.broken) return report;
	const { seq, hash } = report.last ?? { seq: 0, hash: "" };
	if (head?.seq === seq && head.hash === hash) return report;
	return { ...report, broken: { seq: Math.min(head?.seq ?? 0, seq) + 1, why: "head" } };

	/** The bot goes on writing meanwhile, so pages are read until the head says that there are no more. */
	async function* readToHead(): AsyncGenerator<FoundLink> {
		let last = Number.MIN_SAFE_INTEGER;
		for (let before: number | undefined; before !== last; ) {
			before = last;
			for await (const link of readPages(sql, last, Number.MAX_SAFE_INTEGER)) {
				yield link;
				last = link.seq;
			}
			const [row] = await sql.query<{ seq: string | number; hash: string }>(
				"select seq, hash from audit_head",
			);
			head = row && { seq: Number(row.seq), hash: row.hash };
			if (!head || head.seq <= last) return;
		}
	}
}

/** Events that are read at a time; one takes about a kilobyte. */
const PAGE = 500;

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

async function* readPages(sql: Sql, after: number, until: number): AsyncGenerator<FoundLink> {
	for (let last = after; ; ) {
		// With ties, since a number that is there twice must not hide behind the end of a page. The time as a
		// number, since a Date would hide a change of less than a millisecond.
		const rows = await sql.query<Row>(
			`select seq, (extract(epoch from at) * 1000)::float8 as at_ms, type, user_id, job_id, cancellation_id,
				line, previous_hash, hash from audit_events where seq > $1 and seq <= $2
				order by seq fetch first ${PAGE} rows with ties`,
			[last, until],
		);
		for (const row of rows) yield toLink(row);
		if (rows.length < PAGE) return;
		last = Number(rows.at(-1)?.seq);
	}
}

function toLink(row: Row): FoundLink {
	const { line, previous_hash: previousHash, hash } = row;
	return { seq: Number(row.seq), line, previousHash, hash, besideFits: isFoundByItsLine(row) };
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
