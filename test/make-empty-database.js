import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/**
 * An empty data directory, and beside it `empty.tar`, which PGlite loads into memory: it takes seconds to
 * make a database, and less than one to begin with one that is there.
 */
export async function makeEmptyDatabase() {
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-empty-"));
	const pglite = await PGlite.create({ dataDir: join(directory, "pglite") });
	const dump = await pglite.dumpDataDir("none");
	await pglite.close();
	await writeFile(join(directory, "empty.tar"), new Uint8Array(await dump.arrayBuffer()));
	return directory;
}
