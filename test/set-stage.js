import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import buildIfChanged from "../src/sandbox/build-if-changed.mjs";

/**
 * Builds the bot that tests start, and makes the empty embedded database that they copy: PGlite takes
 * seconds to make one, and a moment to open it.
 */
export default async function setStage() {
	buildIfChanged();
	if (process.env.DATABASE_URL !== undefined) return;
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-empty-"));
	process.env.EMPTY_DATABASE = directory;
	const { openPglite } = await import("../dist/store/open-pglite.js");
	await (await openPglite(directory)).close();
}
