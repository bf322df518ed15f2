import { existsSync } from "node:fs";
import { readDatabaseConfig } from "./config.js";
import { factOf } from "./core/thrown.js";
import { loadEnvFile } from "./load-env-file.js";
import { nameSources } from "./name-sources.js";
import { CannotBeDone, runAuditCommand } from "./run-audit-command.js";
import type { Database } from "./store/database.js";

/** An export waits for nobody; a long trail takes a while. In milliseconds. */
const LIMITS = { waitMs: 10_000, transactionMs: 10 * 60_000 };

async function openDatabase(): Promise<Database> {
	loadEnvFile();
	const { DATABASE_URL: url, DATA_DIR: directory } = readDatabaseConfig(process.env);
	if (url !== undefined) {
		const { reachPostgres } = await import("./store/engines/reach-postgres.js");
		const { openPostgres } = await import("./store/engines/open-postgres.js");
		await reachPostgres(url);
		// What a broken connection was used for fails by itself. Nothing is prepared, for the sake of poolers.
		return openPostgres(url, () => {}, LIMITS, false);
	}
	const { openPglite, embeddedFiles } = await import("./store/engines/open-pglite.js");
	if (!existsSync(embeddedFiles(directory)))
		throw new CannotBeDone(
			`There is no embedded database in ${directory}. Set DATA_DIR or DATABASE_URL as for the bot, or run this where the bot's .env is.`,
		);
	return openPglite(directory).catch((error: unknown) => {
		if (factOf(error, "code") !== "data-directory-in-use") throw error;
		throw new CannotBeDone(
			`The embedded database in ${directory} is in use, which means that the bot is running. Stop it, and run this again. (An export that was made before can be verified meanwhile, and a PostgreSQL server can be read at any time.)`,
		);
	});
}

const { npm_command: npmCommand, npm_config_loglevel: npmLogLevel } = process.env;
nameSources();
process.exitCode = await runAuditCommand(process.argv.slice(2), {
	output: process.stdout,
	errors: process.stderr,
	isNpmHeard: npmCommand === "run-script" && npmLogLevel !== "silent",
	openDatabase,
});
