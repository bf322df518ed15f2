import type { Bot } from "./compose.js";
import { readConfig } from "./config.js";
import { loadEnvFile } from "./load-env-file.js";
import { nameSources } from "./name-sources.js";
import { misspeltNotices, type Notice, settingsNotices } from "./notices.js";
import { createLogger, type Logger } from "./telemetry/create-logger.js";

/** Signals that follow each other within this time are one wish, in milliseconds. */
const SAME_SIGNAL_MS = 250;

/** Starts the bot with the settings of the environment and of `.env`, and stops it when asked to. */
async function main(): Promise<void> {
	nameSources();
	loadEnvFile();
	const config = readConfig(process.env);
	const log = createLogger(config.LOG_LEVEL);
	const tell = ({ level, code, settings, message }: Notice) => log[level]({ code, settings }, message);
	misspeltNotices(process.env).forEach(tell);
	process.on("unhandledRejection", (error) =>
		log.error({ code: "internal-error", err: error }, "unhandled rejection"),
	);
	process.on("uncaughtException", (error) => {
		// Nobody knows what it left half done, and the plug may be pulled at any moment.
		log.fatal({ code: "internal-error", err: error }, "ended by a fault of the bot");
		process.exit(1);
	});
	let bot: Bot | undefined;
	// Before it is up, nothing is going on that would have to end first.
	stopOnSignal(async () => bot?.stop() ?? [], log);
	// Only now, since all the parts together take a second to load: wrong settings are told at once, and the database
	// opens meanwhile.
	const opening = import("./open-database.js").then(({ openDatabase }) => openDatabase(config, log));
	opening.catch(() => {}); // Told by whoever waits for it.
	const { startBot } = await import("./compose.js");
	bot = await startBot(config, log, opening);
	settingsNotices(config).forEach(tell);
}

/** Stops at the first signal, with what `stop` says that did not end; another signal ends the process at once. */
function stopOnSignal(stop: () => Promise<readonly string[]>, log: Logger): void {
	let askedAt: number | undefined;
	const onSignal = async (signal: string) => {
		if (askedAt !== undefined) {
			// Under `npm start` one Ctrl-C arrives twice: from the terminal and from npm.
			if (Date.now() - askedAt < SAME_SIGNAL_MS) return;
			log.error({ code: "stopped-at-once", signal }, "asked to stop again, ended at once");
			process.exit(1);
		}
		askedAt = Date.now();
		log.info({ signal }, "stopping");
		const unfinished = await stop();
		if (unfinished.length > 0) log.error({ code: "stop-incomplete", unfinished }, "could not stop cleanly");
		process.exit(unfinished.length > 0 ? 1 : 0);
	};
	process.on("SIGTERM", onSignal);
	process.on("SIGINT", onSignal);
}

main().catch(async (error: unknown) => {
	const log = createLogger("info");
	const { startProblem } = await import("./start-codes.js");
	const problem = startProblem(error);
	if (problem) log.fatal({ code: problem.code, settings: problem.settings }, problem.message);
	else
		log.fatal(
			{ code: "start-failed", err: error },
			"The bot could not start: a fault of the bot; report it.",
		);
	process.exit(1);
});
