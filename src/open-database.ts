import type { Config } from "./config.js";
import type { Database } from "./store/database.js";
import { openPglite } from "./store/engines/open-pglite.js";
import { openPostgres } from "./store/engines/open-postgres.js";
import { reachPostgres } from "./store/engines/reach-postgres.js";
import { migrate } from "./store/schema.js";
import type { Logger } from "./telemetry/create-logger.js";

type DatabaseSettings = Pick<Config, "DATABASE_URL" | "DATABASE_PREPARED_STATEMENTS" | "DATA_DIR">;

/**
 * Opens the server of `DATABASE_URL` or, without one, the embedded database in `DATA_DIR`, and brings it to the newest
 * version. Rejects with an error that `startProblem` knows.
 */
export async function openDatabase(settings: DatabaseSettings, log: Logger): Promise<Database> {
	const database = await open(settings, log);
	await migrate(database);
	return database;
}

async function open(settings: DatabaseSettings, log: Logger): Promise<Database> {
	const { DATABASE_URL: url } = settings;
	if (url === undefined) return openPglite(settings.DATA_DIR);
	await reachPostgres(url);
	return openPostgres(
		url,
		(error) => log.warn({ code: "database-connection-lost", err: error }, "database connection lost"),
		undefined,
		settings.DATABASE_PREPARED_STATEMENTS,
	);
}
