import type { Sql } from "../database.js";

/**
 * Writes without changing anything, within a transaction; rejects when the database refuses. Setting a row to
 * what it is shows that it takes writes at all; but it rewrites blocks that exist, and so succeeds on a full
 * disk. Spilling a little to a temporary file needs new blocks, at once and in the same file system.
 */
export async function tryWrite(sql: Sql): Promise<void> {
	const rows = await sql.query("update schema_version set version = version returning version");
	if (rows.length === 0) throw new Error("The schema is just being brought up to date.");
	await sql.query("set local work_mem = '64kB'");
	await sql.query("select count(*) from generate_series(1, 20000)");
}
