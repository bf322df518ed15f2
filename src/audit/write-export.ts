import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify";
import type { Link } from "./chain.js";
import { COLUMNS, toColumns } from "./columns.js";

export type ExportFormat = "csv" | "ndjson";

/**
 * Writes events as they come, and ends the destination. In CSV a cell that a spreadsheet would take for a
 * formula gets an apostrophe before it. Rejects when the events cannot be read or the destination cannot be
 * written.
 */
export async function writeExport(
	links: AsyncIterable<Link>,
	format: ExportFormat,
	destination: Writable,
): Promise<void> {
	if (format === "ndjson") return pipeline(Readable.from(lines(links)), destination);
	// The mark at the beginning tells Excel that the file is in UTF-8.
	const csv = stringify({ header: true, columns: [...COLUMNS], bom: true, escape_formulas: true });
	return pipeline(Readable.from(rows(links)), csv, destination);
}

async function* rows(links: AsyncIterable<Link>) {
	for await (const link of links) yield toColumns(link);
}

async function* lines(links: AsyncIterable<Link>) {
	for await (const link of links) yield `${JSON.stringify(toColumns(link))}\n`;
}
