import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import type { PGlite, Transaction } from "@electric-sql/pglite";
import { fromPglite } from "pg-boss";
import { type Database, NotCommitted, type Sql } from "../database.js";
import { lockDirectory } from "./lock-directory.js";
import { preparingPglite, preparingSend } from "./prepared-pglite.js";
import { tryWrite } from "./try-write.js";

/**
 * PGlite turns syncing off (`-F`), and its fsync and fdatasync reach no disk. But it hands the flags of
 * `open` on: with `open_datasync` every write to PostgreSQL's log returns once it is on the disk, so
 * that a commit is there before it is acknowledged. Checkpoints, at the start and at the end, stay unsynced.
 * And it takes 128 MB of buffers, in memory that never shrinks: the bot's rows are few, and the system caches files.
 */
function startParams(defaults: readonly string[]): string[] {
	return [
		...defaults.filter((parameter) => parameter !== "-F"),
		...["-c", "wal_sync_method=open_datasync"],
		...["-c", "shared_buffers=16MB"],
		// Counting a table's rows by a tenth of the usual sample: nobody else is served meanwhile.
		...["-c", "default_statistics_target=10"],
	];
}

/** The embedded database's files cannot be opened. */
export class EmbeddedDatabaseUnusable extends Error {
	readonly code = "embedded-database-unusable";
	readonly settings = ["DATA_DIR"];
	constructor(files: string, cause: unknown) {
		super(
			`The embedded database in ${files} cannot be opened. Check that the bot's user may read and write all of it and that the disk is not full. Otherwise it is damaged, for example by a power cut: restore a backup of DATA_DIR, or move ${files} away, which starts with an empty database and without the audit trail.`,
			{ cause },
		);
	}
}

/** Where the files of the embedded database are in a data directory. */
export function embeddedFiles(directory: string): string {
	return join(directory, "pglite");
}

/**
 * Opens the embedded database in `directory`. Holds a lock on the directory until closed: PGlite itself does
 * not notice a second process, and two would corrupt it.
 *
 * Rejects with `DataDirectoryInUse`, `DataDirectoryUnusable`, `EmbeddedDatabaseUnsupported` or
 * `EmbeddedDatabaseUnusable`.
 */
export async function openPglite(directory: string): Promise<Database> {
	// Several at once compete with what else a start does, and leave 40 MB behind that V8 never gives back.
	setFlagsFromString("--wasm-num-compilation-tasks=1");
	// Only now: with a server, nobody has to wait for it and keep it in memory.
	const { PGlite } = await import("@electric-sql/pglite");
	const lock = await lockDirectory(directory);
	const files = embeddedFiles(directory);
	try {
		if (!existsSync(files)) await makeFiles(files);
		// PGlite takes a file in its place for a directory, and fails seconds later without a word.
		await mkdir(files, { recursive: true });
		const pglite = await PGlite.create({
			dataDir: files,
			startParams: startParams(PGlite.defaultStartParams),
		});
		return embeddedDatabase(pglite, lock.release);
	} catch (error) {
		await lock.release();
		throw new EmbeddedDatabaseUnusable(files, error);
	}
}

/** In a process of its own, since making a database takes 800 MB, which this one would never give back. */
const MAKE = `
	const { PGlite } = await import(process.argv[1]);
	const pglite = await PGlite.create({ dataDir: process.argv[2] });
	await pglite.close();`;

/** Makes the files of a new database; they are there whole, or not at all. */
async function makeFiles(files: string): Promise<void> {
	const made = await mkdtemp(`${files}-new-`);
	try {
		const pglite = import.meta.resolve("@electric-sql/pglite");
		await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", MAKE, pglite, made]);
		await rename(made, files);
	} finally {
		await rm(made, { recursive: true, force: true });
	}
}

/** A running PGlite as the database; `onClosed` is called once it has been closed. */
export function embeddedDatabase(pglite: PGlite, onClosed: () => Promise<void>): Database {
	const send = preparingSend();
	const rows =
		(on: Pick<Transaction, "query" | "exec">): Sql["query"] =>
		(text, values) =>
			send(on, text, values);
	const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
		pglite.transaction(async (tx) => {
			let failure: { readonly cause: unknown } | undefined;
			const sent: Promise<unknown>[] = [];
			const query = rows(tx);
			const result = await work({
				query<Row extends object>(text: string, values?: readonly unknown[]) {
					const answer = query<Row>(text, values);
					sent.push(
						answer.catch((cause: unknown) => {
							failure ??= { cause };
						}),
					);
					return answer;
				},
			});
			await Promise.all(sent);
			// A commit after a failed statement rolls back, which PGlite does not tell.
			if (failure) throw new NotCommitted(failure);
			return result;
		});
	return {
		exclusive: true,
		boss: { backend: "pglite", db: fromPglite(preparingPglite(pglite, send)) },
		transaction,
		sql: { query: rows(pglite) },
		probe: () => transaction(tryWrite),
		async close() {
			await pglite.close();
			await onClosed();
		},
	};
}
