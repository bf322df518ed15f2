import { startBot } from "./compose.js";
import { ConfigError, readConfig } from "./config.js";
import { DataDirectoryInUse } from "./store/lock-directory.js";
import { createLogger } from "./telemetry/create-logger.js";

/** Starts the bot with the settings of the environment and stops it when asked to. */
async function main(): Promise<void> {
	const config = readConfig(process.env);
	const log = createLogger(config.LOG_LEVEL);
	process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));
	const bot = await startBot(config, log);
	let stopping = false;
	const stop = (signal: string) => {
		if (stopping) return;
		stopping = true;
		log.info({ signal }, "stopping");
		bot.stop().then(
			() => process.exit(0),
			(error: unknown) => {
				log.error({ err: error }, "could not stop cleanly");
				process.exit(1);
			},
		);
	};
	process.on("SIGTERM", () => stop("SIGTERM"));
	process.on("SIGINT", () => stop("SIGINT"));
}

main().catch((error: unknown) => {
	const expected = error instanceof ConfigError || error instanceof DataDirectoryInUse;
	const log = createLogger("info");
	if (expected) log.fatal({ code: error.code }, error.message);
	else log.fatal({ err: error }, "could not start");
	process.exit(1);
});
