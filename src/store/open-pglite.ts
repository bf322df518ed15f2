import { PGlite } from "@electric-sql/pglite";
import { fromPglite } from "pg-boss";
import { type Database, NotCommitted, type Sql } from "./database.js";
import { lockDirectory } from "./lock-directory.js";
import { tryWrite } from "./try-write.js";

/**
 * Opens the embedded database in `directory`, or in memory when there is none. Holds a lock on the
 * directory until closed: PGlite itself does not notice a second process, and two would corrupt it.
 *
 * Rejects with `DataDirectoryInUse` when another process holds the lock.
 */
export async function openPglite(directory?: string): Promise<Database> {
	const lock = directory === undefined ? undefined : await lockDirectory(directory);
	const pglite = await PGlite.create(directory === undefined ? {} : { dataDir: `${directory}/pglite` });
	const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
		pglite.transaction(async (tx) => {
			const result = await work({
				query: async <Row>(text: string, values?: readonly unknown[]) =>
					(await tx.query<Row>(text, values && [...values])).rows,
			});
			// A commit after a failed statement rolls back, which PGlite does not tell; any statement does.
			await tx.query("select 1").catch((error: unknown) => {
				throw new NotCommitted({ cause: error });
			});
			return result;
		});
	return {
		exclusive: true,
		boss: { backend: "pglite", db: fromPglite(pglite) },
		transaction,
		probe: () => transaction(tryWrite),
		async close() {
			await pglite.close();
			await lock?.release();
		},
	};
}
