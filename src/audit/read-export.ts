import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
import { messageOf } from "../core/thrown.js";
import type { FoundLink } from "./chain.js";
import { COLUMNS, type Columns, fromColumns } from "./columns.js";

/** The file is no export of the audit trail, in none of its formats. */
export class NoExport extends Error {
	readonly code = "no-export";
	constructor(path: string, what: string) {
		super(
			`${path} is no export of the audit trail: ${what}. Name a file that "export" has written, as it was written.`,
		);
	}
}

/** An export that cannot be read on from some line. */
export class ExportDamaged extends Error {
	readonly code = "export-damaged";
	constructor(path: string, detail: string) {
		super(`${path} cannot be read further: ${detail}.`);
	}
}

/**
 * The events in an exported file, in either format, as they stand there. Rejects with `NoExport`, with
 * `ExportDamaged`, or with what the file system says.
 */
export async function* readExport(path: string): AsyncGenerator<FoundLink> {
	const begins = await readBeginning(path);
	if (begins === "") throw new NoExport(path, "it is empty");
	yield* /^\s*\{/u.test(begins) ? readLines(path) : readCsv(path);
}

async function readBeginning(path: string): Promise<string> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
		return buffer.subarray(0, bytesRead).toString("utf8");
	} finally {
		await file.close();
	}
}

async function* readLines(path: string): AsyncGenerator<FoundLink> {
	let number = 0;
	for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
		number += 1;
		const columns = toKnownColumns(parseObject(text));
		if (columns) yield fromColumns(columns);
		else if (number === 1) throw new NoExport(path, "its first line does not hold an event");
		else throw new ExportDamaged(path, `line ${number} does not hold an event`);
	}
}

async function* readCsv(path: string): AsyncGenerator<FoundLink> {
	const header = (names: string[]) => {
		const missing = COLUMNS.filter((name) => !names.includes(name));
		if (missing.length > 0) throw new NoExport(path, `it has no column ${missing.join(", ")}`);
		return names;
	};
	const file = createReadStream(path);
	const records = file.pipe(parse({ bom: true, columns: header }));
	// A pipe does not hand on what goes wrong in its source.
	file.on("error", (error) => records.destroy(error));
	try {
		for await (const record of records) yield fromColumns(record as Columns);
	} catch (error) {
		throw error instanceof NoExport ? error : new ExportDamaged(path, messageOf(error));
	} finally {
		file.destroy();
	}
}

function parseObject(text: string): object {
	try {
		const value: unknown = JSON.parse(text);
		return value !== null && typeof value === "object" ? value : {};
	} catch {
		return {};
	}
}

function toKnownColumns(record: object): Columns | undefined {
	const known = COLUMNS.every((name) => typeof Reflect.get(record, name) === "string");
	return known ? (record as Columns) : undefined;
}
