import { cpSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Database } from "../src/store/database.js";
import { embeddedDatabase } from "../src/store/engines/open-pglite.js";

/**
 * Options of Node's for a bot that a test starts: the embedded database's code is compiled the quick way
 * alone, which saves a third of a start. What that costs shows only in a process that lives longer.
 */
export const QUICK_START = ["--liftoff-only"];

/** Puts an embedded database that was made for all tests into a data directory: an empty one, or one of a bot that has been started once. */
export function copyDatabase(directory: string, which: "empty" | "started" = "started"): void {
	const { EMPTY_DATABASE, STARTED_DATABASE } = process.env;
	const from = which === "empty" ? EMPTY_DATABASE : STARTED_DATABASE;
	if (from !== undefined) cpSync(join(from, "pglite"), join(directory, "pglite"), { recursive: true });
}

/** Leaves a database as it was made. */
const EMPTY = [
	"rollback",
	"discard all",
	"drop schema if exists pgboss cascade",
	"drop schema public cascade",
	"create schema public",
];
/** Embedded databases that nobody uses now, all empty: to load PostgreSQL takes a third of a second. */
const idle: PGlite[] = [];

/** An embedded database of its own, in memory, without a schema. */
export async function openEmptyPglite(): Promise<Database> {
	const pglite = idle.pop() ?? (await loadPglite());
	return { ...embeddedDatabase(pglite, async () => {}), close: () => leave(pglite) };
}

async function leave(pglite: PGlite): Promise<void> {
	try {
		for (const statement of EMPTY) await pglite.exec(statement);
		idle.push(pglite);
	} catch {
		// Whatever a test did to it; the next one gets another.
		await pglite.close();
	}
}

async function loadPglite(): Promise<PGlite> {
	const { EMPTY_DATABASE } = process.env;
	const empty = EMPTY_DATABASE === undefined ? undefined : await readFile(join(EMPTY_DATABASE, "empty.tar"));
	return PGlite.create({
		startParams: [
			...PGlite.defaultStartParams,
			// Its 128 MB of buffers would be zeroed for each of them.
			...["-c", "shared_buffers=1MB"],
		],
		...(empty && { loadDataDir: new Blob([empty]) }),
	});
}

/**
 * PostgreSQL sets an alarm, in ten seconds or a little less, when it has nothing to do. Jest must not wait for that
 * when it has nothing to do, too.
 */
const ALARM_MS = 10_000;
const { setTimeout } = globalThis;
const setAlarm = (...given: Parameters<typeof setTimeout>): NodeJS.Timeout => {
	const timer = setTimeout(...given);
	const soon = (given[1] ?? 0) / ALARM_MS;
	const isAlarm = soon > 0.9 && soon < 1.001 && new Error().stack?.includes("setitimer");
	return isAlarm ? timer.unref() : timer;
};
globalThis.setTimeout = Object.assign(setAlarm, { __promisify__: setTimeout.__promisify__ });
Object.defineProperties(setAlarm, Object.getOwnPropertyDescriptors(setTimeout));
