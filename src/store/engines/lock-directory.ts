import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";

/** Another process is using the data directory. */
export class DataDirectoryInUse extends Error {
	readonly code = "data-directory-in-use";
	readonly settings = ["DATA_DIR"];
	constructor(directory: string) {
		super(
			`Another process is using the data directory ${directory}. Stop it first, give this one a directory of its own with DATA_DIR, or let both share a PostgreSQL server with DATABASE_URL.`,
		);
	}
}

/** The data directory is missing and cannot be made, or cannot be written or locked. */
export class DataDirectoryUnusable extends Error {
	readonly code = "data-directory-unusable";
	readonly settings = ["DATA_DIR"];
	constructor(directory: string, cause: NodeJS.ErrnoException) {
		super(
			`The data directory ${directory} cannot be used: ${reason(cause)} (${cause.code ?? cause.message}). Set DATA_DIR to a directory on a local disk that the bot's user may write in, or use a PostgreSQL server with DATABASE_URL.`,
			{ cause },
		);
	}
}

/** There is no lock for this kind of machine, so the embedded database cannot be kept from a second process. */
export class EmbeddedDatabaseUnsupported extends Error {
	readonly code = "embedded-database-unsupported";
	readonly settings = ["DATABASE_URL"];
	constructor(cause: unknown) {
		super(
			"The embedded database does not run on this kind of machine: the package that locks its directory, fs-native-extensions, is made for Linux with glibc (so not for Alpine), macOS and Windows, on x64 and arm64. Run the bot on one of these, or use a PostgreSQL server with DATABASE_URL.",
			{ cause },
		);
	}
}

/**
 * Takes an exclusive lock on a directory, made if it is missing. The operating system holds the lock
 * and frees it when the process ends in whatever way, so a restart after a crash never has to wait.
 *
 * What locks is machine code, which a bot with a server can do without: `loadLocks` is called only here.
 *
 * Rejects with `DataDirectoryInUse`, `DataDirectoryUnusable` or `EmbeddedDatabaseUnsupported`.
 */
export async function lockDirectory(
	directory: string,
	loadLocks = () => import("fs-native-extensions"),
): Promise<{ release(): Promise<void> }> {
	const { tryLock } = await loadLocks().catch((error: unknown) => {
		throw new EmbeddedDatabaseUnsupported(error);
	});
	try {
		await mkdir(directory, { recursive: true });
		const file = await open(join(directory, "lock"), "a+");
		let locked: boolean | undefined;
		try {
			locked = tryLock(file.fd);
		} finally {
			if (!locked) await file.close();
		}
		if (locked) return { release: () => file.close() };
	} catch (error) {
		throw new DataDirectoryUnusable(directory, error as NodeJS.ErrnoException);
	}
	throw new DataDirectoryInUse(directory);
}

function reason({ code }: NodeJS.ErrnoException): string {
	switch (code) {
		case "EEXIST":
		case "ENOTDIR":
			return "what is in its place, or in its parent's, is no directory";
		case "EACCES":
		case "EPERM":
			return "the bot's user may not write in it";
		case "EROFS":
			return "it is on a disk that can only be read";
		case "ENOSPC":
			return "the disk is full";
		case "ENOENT":
			return "it cannot be made there";
		default:
			return "it cannot be made, written or locked";
	}
}
