import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "fs-native-extensions";

/** Another process is using the data directory. */
export class DataDirectoryInUse extends Error {
	readonly code = "data-directory-in-use";
	constructor(directory: string) {
		super(
			`Another process is using the data directory ${directory}. Stop it first, give this one a directory of its own with DATA_DIR, or let both share a PostgreSQL server with DATABASE_URL.`,
		);
	}
}

/**
 * Takes an exclusive lock on a directory, made if it is missing. The operating system holds the lock
 * and frees it when the process ends in whatever way, so a restart after a crash never has to wait.
 */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
	await mkdir(directory, { recursive: true });
	const file = await open(join(directory, "lock"), "a+");
	if (!tryLock(file.fd)) {
		await file.close();
		throw new DataDirectoryInUse(directory);
	}
	return { release: () => file.close() };
}
