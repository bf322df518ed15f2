import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";

const PACKAGES = fileURLToPath(new URL("../node_modules/", import.meta.url));

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
	const { version } = JSON.parse(await readFile(join(PACKAGES, "@electric-sql/pglite/package.json"), "utf8"));
	const cache = join(PACKAGES, ".cache");
	const kept = join(cache, `empty-database-${version}-small`);
	if (existsSync(kept)) return kept;
	await mkdir(cache, { recursive: true });
	const made = await mkdtemp(join(cache, "making-"));
	const pglite = await PGlite.create({
		dataDir: join(made, "pglite"),
		initDbStartParams: SMALL_LOG,
	});
	for (const statement of DROP_TEMPLATES) await pglite.exec(statement);
	const dump = await pglite.dumpDataDir("none");
	await pglite.close();
	await writeFile(join(made, "empty.tar"), new Uint8Array(await dump.arrayBuffer()));
	// Whole or not at all; somebody else may have been quicker.
	await rename(made, kept).catch(() => rm(made, { recursive: true }));
	return kept;
}
