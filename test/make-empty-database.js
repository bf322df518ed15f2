import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";

const PACKAGES = fileURLToPath(new URL("../node_modules/", import.meta.url));

const SOMEBODY = {
	MicrosoftAppId: "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4",
	MicrosoftAppTenantId: "11111111-1111-4111-8111-111111111111",
};

/** A file of PostgreSQL's log is never smaller than a segment, which has 16 MB unless said otherwise. */
const SMALL_LOG = ["--wal-segsize=1"];
/** Nothing makes a database of these, and each is a third of the files. */
const DROP_TEMPLATES = [
	"update pg_database set datistemplate = false",
	"drop database template0",
	"drop database template1",
	"checkpoint",
];

/**
 * An empty data directory, and beside it `empty.tar`, which PGlite loads into memory: it takes seconds to
 * make a database, and less than one to begin with one that is there. It is as small as can be, since it is
 * copied for each file of tests. Made once for each version of PGlite and of this recipe.
 */
export async function makeEmptyDatabase() {
	return keep("empty-database", [import.meta.url], async (made) => {
		const pglite = await PGlite.create({ dataDir: join(made, "pglite"), initDbStartParams: SMALL_LOG });
		for (const statement of DROP_TEMPLATES) await pglite.exec(statement);
		const dump = await pglite.dumpDataDir("none");
		await pglite.close();
		await writeFile(join(made, "empty.tar"), new Uint8Array(await dump.arrayBuffer()));
	});
}

/**
 * The data directory that the built bot leaves after its first start: making its tables and queues is a third of
 * what a start takes. `empty` is what `makeEmptyDatabase` gave. Made once for each version of the schema.
 */
export async function makeStartedDatabase(empty) {
	const schema = new URL("../src/store/schema.ts", import.meta.url);
	return keep("started-database", [import.meta.url, schema], async (made) => {
		await cp(join(empty, "pglite"), join(made, "pglite"), { recursive: true });
		const { startBotProcess } = await import("../build/sandbox/bot-process.js");
		const bot = await startBotProcess({ ...SOMEBODY, PORT: "0", DATA_DIR: made });
		await bot.stop();
	});
}

/** What `make` puts into a folder, from what is in `sources` and the packages: whole or not at all. */
async function keep(name, sources, make) {
	const hash = createHash("sha256");
	for (const source of sources) hash.update(await readFile(new URL(source)));
	for (const file of ["@electric-sql/pglite", "pg-boss"].map((it) => join(PACKAGES, it, "package.json")))
		hash.update(await readFile(file));
	const cache = join(PACKAGES, ".cache");
	const kept = join(cache, `${name}-${hash.digest("hex").slice(0, 16)}`);
	if (existsSync(kept)) return kept;
	await mkdir(cache, { recursive: true });
	const made = await mkdtemp(join(cache, "making-"));
	await make(made);
	// Somebody else may have been quicker.
	await rename(made, kept).catch(() => rm(made, { recursive: true }));
	return kept;
}
