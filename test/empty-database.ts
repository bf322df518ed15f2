import { cpSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Database } from "../src/store/database.js";
import { embeddedDatabase } from "../src/store/engines/open-pglite.js";

/**
 * Options of Node's for a bot that a test starts: the embedded database's code is compiled the quick way
 * alone, which saves a third of a start. What that costs shows only in a process that lives longer.
 */
export const QUICK_START = ["--liftoff-only"];

/** Puts the empty embedded database that was made for all tests into a data directory. */
export function copyEmptyDatabase(directory: string): void {
	const { EMPTY_DATABASE } = process.env;
	if (EMPTY_DATABASE !== undefined)
		cpSync(join(EMPTY_DATABASE, "pglite"), join(directory, "pglite"), { recursive: true });
}

/** An embedded database of its own, in memory, without a schema. */
export async function openEmptyPglite(): Promise<Database> {
	const { EMPTY_DATABASE } = process.env;
	const empty = EMPTY_DATABASE === undefined ? undefined : await readFile(join(EMPTY_DATABASE, "empty.tar"));
	const pglite = await PGlite.create({
		// Its 128 MB of buffers would be zeroed for each file of tests.
		startParams: [...PGlite.defaultStartParams, "-c", "shared_buffers=1MB"],
		...(empty && { loadDataDir: new Blob([empty]) }),
	});
	return embeddedDatabase(pglite, async () => {});
}
