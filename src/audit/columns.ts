import type { FoundLink, Link } from "./chain.js";

/** What stands in each line of an export: first what people read and search, then what the chain is checked by. */
export const COLUMNS = [
	"seq",
	"at",
	"type",
	"name",
	"userId",
	"jobId",
	"cancellationId",
	"receipt",
	"line",
	"previousHash",
	"hash",
] as const;

export type Columns = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** An event in the columns of an export; what its line does not say is empty. */
export function toColumns({ seq, line, previousHash, hash }: Link): Columns {
	const event = parseLine(line);
	const text = (value: unknown) => (typeof value === "string" ? value : "");
	return {
		seq: String(seq),
		at: text(event.at),
		type: text(event.type),
		name: text(event.actor?.name),
		userId: text(event.actor?.userId),
		jobId: text(event.jobId),
		cancellationId: text(event.cancellationId),
		receipt: text(event.facts?.receipt),
		line,
		previousHash,
		hash,
	};
}

/**
 * The link that columns hold. What people read beside the line must say the same; a cell that would be taken
 * for a formula may bear the apostrophe that was put before it.
 */
export function fromColumns(columns: Columns): FoundLink {
	const { seq, line, previousHash, hash } = columns;
	const link = { seq: /^[1-9]\d*$/u.test(seq) ? Number(seq) : Number.NaN, line, previousHash, hash };
	const expected = toColumns(link);
	const besideFits = COLUMNS.every(
		(name) => columns[name] === expected[name] || columns[name] === `'${expected[name]}`,
	);
	return { ...link, besideFits };
}

interface ReadLine {
	readonly at?: unknown;
	readonly type?: unknown;
	readonly jobId?: unknown;
	readonly cancellationId?: unknown;
	readonly actor?: { readonly name?: unknown; readonly userId?: unknown } | null;
	readonly facts?: { readonly receipt?: unknown } | null;
}

/** A line that is no event says nothing. */
function parseLine(line: string): ReadLine {
	try {
		const value: unknown = JSON.parse(line);
		return value !== null && typeof value === "object" ? value : {};
	} catch {
		return {};
	}
}
