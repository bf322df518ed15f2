import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/**
 * Compiles the bot and the sandbox unless what was compiled is newer than all of their sources. Writes
 * over files and deletes none, so that a process which runs from them goes on.
 *
 * @throws when the sources cannot be compiled; the compiler has printed why
 */
export default function buildIfChanged() {
	const compiler = `${ROOT}node_modules/typescript/bin/tsc`;
	if (!existsSync(compiler)) throw new Error("The packages are not installed. Run: npm ci");
	const { status, error } = spawnSync(process.execPath, [compiler, "-b", ROOT, `${ROOT}sandbox`], {
		// Its complaints are no output of the program that asked for it.
		stdio: ["ignore", 2, 2],
	});
	if (error) throw error;
	if (status !== 0) throw new Error("The sources cannot be compiled; the compiler says why above.");
}
