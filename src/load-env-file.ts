import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";

/** There is a file of settings, but it cannot be read. */
export class EnvFileUnreadable extends Error {
	readonly code = "settings-file-unreadable";
	readonly settings: readonly string[] = [];
	constructor(path: string, cause: NodeJS.ErrnoException) {
		super(
			`The settings file ${resolve(path)} is there but cannot be read (${cause.code ?? cause.message}). Let the bot's user read it, or move it away and give the settings as environment variables.`,
			{ cause },
		);
	}
}

/**
 * Adds the settings of a file to the environment. Variables that are set already win; no file is fine.
 *
 * @throws EnvFileUnreadable
 */
export function loadEnvFile(path = ".env"): void {
	try {
		// `process.loadEnvFile` says of every file that it cannot open that it does not exist.
		accessSync(path, constants.R_OK);
		process.loadEnvFile(path);
	} catch (error) {
		const cause = error as NodeJS.ErrnoException;
		if (cause.code !== "ENOENT") throw new EnvFileUnreadable(path, cause);
	}
}
