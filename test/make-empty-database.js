import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/** An empty data directory that tests copy: PGlite takes seconds to make one, and a moment to open it. */
export async function makeEmptyDatabase() {
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-empty-"));
	await (await PGlite.create({ dataDir: join(directory, "pglite") })).close();
	return directory;
}
