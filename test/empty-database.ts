import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../src/store/database.js";
import { openPglite } from "../src/store/open-pglite.js";

/** Puts the empty embedded database that was made for all tests into a data directory. */
export function copyEmptyDatabase(directory: string): void {
	const { EMPTY_DATABASE } = process.env;
	if (EMPTY_DATABASE !== undefined) cpSync(EMPTY_DATABASE, directory, { recursive: true });
}

/** An embedded database of its own, without a schema; closing it removes it. */
export async function openEmptyPglite(): Promise<Database> {
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	const remove = () => rm(directory, { recursive: true, force: true });
	try {
		copyEmptyDatabase(directory);
		const database = await openPglite(directory);
		return { ...database, close: () => database.close().finally(remove) };
	} catch (error) {
		await remove();
		throw error;
	}
}
