import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { compiledPath } from "./compiled-path.cjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HOW = fileURLToPath(import.meta.url);
/** What tests import, and what that imports. */
const SOURCES = ["src", "test", "sandbox", "manifest", "cards"];
/** The package itself can only be loaded by Jest. */
const GLOBALS = new URL("globals.js", import.meta.url).href;

/**
 * Compiles what tests are made of, file by file, where it has changed. A loader would do so in every worker, and take
 * more than half of the time in which a worker loads it.
 */
export default async function compileTests() {
	const how = await stat(HOW);
	const found = await Promise.all(SOURCES.map((folder) => filesIn(join(ROOT, folder))));
	await Promise.all(found.flat().map((source) => compileIfChanged(source, how)));
}

async function filesIn(folder) {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	return entries
		.filter((entry) => entry.isFile() && /(?<!\.d)\.(?:ts|mjs|js|cjs|json)$/u.test(entry.name))
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function compileIfChanged(source, how) {
	const target = compiledPath(source);
	const [from, to] = await Promise.all([stat(source), stat(target).catch(() => undefined)]);
	if (to && to.mtimeMs > Math.max(from.mtimeMs, how.mtimeMs)) return;
	await mkdir(dirname(target), { recursive: true });
	const text = await readFile(source, "utf8");
	if (source.endsWith(".json")) return writeFile(target, text);
	const { code, map } = await transform(text.replaceAll('"@jest/globals"', JSON.stringify(GLOBALS)), {
		loader: source.endsWith(".ts") ? "ts" : "js",
		target: "esnext",
		sourcemap: "external",
		sourcefile: pathToFileURL(source).href,
		// What it reads beside itself is beside the source.
		define: { "import.meta.url": JSON.stringify(pathToFileURL(source).href) },
	});
	await writeFile(`${target}.map`, map);
	await writeFile(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
}
