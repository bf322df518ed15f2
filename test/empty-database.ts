import { cpSync } from "node:fs";
import { join } from "node:path";
import { type PGlite, types } from "@electric-sql/pglite";
import type { Database } from "../src/store/database.js";
import { embeddedDatabase } from "../src/store/engines/open-pglite.js";

/**
 * Options of Node's for a bot that a test starts: the embedded database's code is compiled the quick way
 * alone, which saves a third of a start. What that costs shows only in a process that lives longer.
 */
export const QUICK_START = ["--liftoff-only"];

/** Puts an embedded database that was made for all tests into a data directory: an empty one, or one of a bot that has been started once. */
export function copyDatabase(directory: string, which: "empty" | "started" = "started"): void {
	const { EMPTY_DATABASE, STARTED_DATABASE } = process.env;
	const from = which === "empty" ? EMPTY_DATABASE : STARTED_DATABASE;
	if (from !== undefined) cpSync(join(from, "pglite"), join(directory, "pglite"), { recursive: true });
}

declare global {
	/** An empty embedded database, and how to leave it: see `embedded-environment.js`. */
	var takePglite: () => Promise<PGlite>;
	var leavePglite: (pglite: PGlite) => Promise<void>;
}

/** An embedded database of its own, in memory, without a schema. */
export async function openEmptyPglite(): Promise<Database> {
	const pglite = await takePglite();
	// It comes from outside of the test's own world, in which alone a date is a `Date`.
	for (const type of [types.TIMESTAMP, types.TIMESTAMPTZ, types.DATE])
		pglite.parsers[type] = (text) => new Date(text);
	for (const type of [types.JSON, types.JSONB]) pglite.parsers[type] = (text) => JSON.parse(text);
	const database = embeddedDatabase(pglite, async () => {});
	return { ...database, close: () => leavePglite(pglite) };
}
