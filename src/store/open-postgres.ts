import pg from "pg";
import type { Database } from "./database.js";

/** Opens a PostgreSQL server. `onError` hears of connections that break while idle. */
export function openPostgres(url: string, onError: (error: Error) => void): Database {
	const pool = new pg.Pool({ connectionString: url, max: 10, application_name: "recovery-control" });
	pool.on("error", onError);
	return {
		exclusive: false,
		boss: { connectionString: url, max: 10 },
		async transaction(work) {
			const client = await pool.connect();
			try {
				await client.query("begin");
				const result = await work({
					query: async (text, values) => (await client.query(text, values && [...values])).rows,
				});
				await client.query("commit");
				client.release();
				return result;
			} catch (error) {
				// A connection that cannot even roll back is thrown away rather than reused.
				await client.query("rollback").then(
					() => client.release(),
					(broken: Error) => client.release(broken),
				);
				throw error;
			}
		},
		close: () => pool.end(),
	};
}
