import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import Environment from "./environment.js";

/** Leaves a database as it was made. */
const EMPTY = [
	"rollback",
	"discard all",
	"drop schema if exists pgboss cascade",
	"drop schema public cascade",
	"create schema public",
];
/** Embedded databases that no file of tests uses, all empty. They stay as long as this worker of Jest's. */
const idle = [];

/** PostgreSQL sets an alarm, in ten seconds, when it has nothing to do. Jest must not wait for that when it has nothing to do, too. */
const ALARM_MS = 10_000;
const { setTimeout } = globalThis;
globalThis.setTimeout = Object.defineProperties((...given) => {
	const timer = setTimeout(...given);
	return Math.ceil(given[1]) === ALARM_MS && new Error().stack.includes("setitimer") ? timer.unref() : timer;
}, Object.getOwnPropertyDescriptors(setTimeout));

/**
 * Node, with embedded databases that one file of tests leaves to the next: to load PostgreSQL takes a third of a
 * second, and so do many files' tests.
 */
export default class EmbeddedEnvironment extends Environment {
	#taken = new Set();

	async setup() {
		await super.setup();
		this.global.takePglite = async () => {
			const pglite = idle.pop() ?? (await openPglite());
			this.#taken.add(pglite);
			return pglite;
		};
		this.global.leavePglite = (pglite) => this.#leave(pglite);
	}

	async teardown() {
		for (const pglite of this.#taken) await this.#leave(pglite);
		await super.teardown();
	}

	async #leave(pglite) {
		if (!this.#taken.delete(pglite)) return;
		try {
			for (const statement of EMPTY) await pglite.exec(statement);
			idle.push(pglite);
		} catch {
			// Whatever a test did to it; the next one gets another.
			await pglite.close();
		}
	}
}

async function openPglite() {
	const { EMPTY_DATABASE } = process.env;
	const empty = EMPTY_DATABASE && (await readFile(join(EMPTY_DATABASE, "empty.tar")));
	return PGlite.create({
		startParams: [
			...PGlite.defaultStartParams,
			// Its 128 MB of buffers would be zeroed for each of them.
			...["-c", "shared_buffers=1MB"],
		],
		...(empty && { loadDataDir: new Blob([empty]) }),
	});
}
