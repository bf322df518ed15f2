import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify";
import type { TrailExport } from "../app/ports.js";
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

/** What a chat is good for; longer exports are the operators'. In bytes. */
const MOST_BYTES = 20_000_000;

/** Exports into memory, as it is needed where a file's size must be said before it is sent. */
export function exportAsBytes(
	read: (range: { readonly from?: Date; readonly to: Date }) => AsyncIterable<Link>,
	mostBytes = MOST_BYTES,
): TrailExport {
	return async ({ from, to }, format) => {
		const chunks: Buffer[] = [];
		let events = 0;
		let size = 0;
		let last: { readonly seq: number; readonly hash: string } | undefined;
		const counted = async function* () {
			for await (const link of read({
				to: new Date(to),
				...(from !== undefined && { from: new Date(from) }),
			})) {
				events += 1;
				last = { seq: link.seq, hash: link.hash };
				yield link;
				if (size > mostBytes) return;
			}
		};
		const collector = new Writable({
			write(chunk: Buffer, _encoding, done) {
				chunks.push(chunk);
				size += chunk.byteLength;
				done();
			},
		});
		await writeExport(counted(), format, collector);
		if (size > mostBytes) return { kind: "too-large" };
		return { kind: "written", bytes: new Uint8Array(Buffer.concat(chunks)), events, ...(last && { last }) };
	};
}

async function* rows(links: AsyncIterable<Link>) {
	for await (const link of links) yield toColumns(link);
}

async function* lines(links: AsyncIterable<Link>) {
	for await (const link of links) yield `${JSON.stringify(toColumns(link))}\n`;
}
