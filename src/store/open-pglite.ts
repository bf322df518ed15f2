import { PGlite } from "@electric-sql/pglite";
import { fromPglite } from "pg-boss";
import type { Database } from "./database.js";
import { lockDirectory } from "./lock-directory.js";

/**
 * Opens the embedded database in `directory`, or in memory when there is none. Holds a lock on the
 * directory until closed: PGlite itself does not notice a second process, and two would corrupt it.
 *
 * Rejects with `DataDirectoryInUse` when another process holds the lock.
 */
export async function openPglite(directory?: string): Promise<Database> {
	const lock = directory === undefined ? undefined : await lockDirectory(directory);
	const pglite = await PGlite.create(directory === undefined ? {} : { dataDir: `${directory}/pglite` });
	return {
		exclusive: true,
		boss: { backend: "pglite", db: fromPglite(pglite) },
		transaction: (work) =>
			pglite.transaction((tx) =>
				work({
					query: async <Row>(text: string, values?: readonly unknown[]) =>
						(await tx.query<Row>(text, values && [...values])).rows,
				}),
			),
		async close() {
			await pglite.close();
			await lock?.release();
		},
	};
}
