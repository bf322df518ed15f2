// `npm run build`: checks the types of the bot, and writes it into dist/ together with the packages that it uses. One
// file is read where there were 1,600, so that the bot is up in half the time: what a start costs is in docs/performance.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode, encode } from "@jridgewell/sourcemap-codec";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("./", import.meta.url));
const MAIN = join(ROOT, "dist/main.js");
/** What dist/ is made of. */
const SOURCES = ["src", "cards", "overrides", "build.mjs", "package-lock.json", "tsconfig.json"];
/** Loaded from node_modules when the bot runs. */
const LEFT_OUT = [
	// They read files beside their own: the embedded database, native code, and a worker for logs.
	"@electric-sql/pglite",
	"fs-native-extensions",
	"pino",
	// Native code that nobody installs, and that restify and pg do without.
	"dtrace-provider",
	"pg-native",
	// What is measured is counted from outside, in the package itself.
	"pg",
];
/** What packages in CommonJS expect to be there. */
const COMMONJS = [
	'import { createRequire as createRequireOfPackages } from "node:module";',
	"const require = createRequireOfPackages(import.meta.url);",
].join("\n");

/** A map without the packages: with them it would be twenty times as large, and is read at each start. */
function mapOfSources(text) {
	const map = JSON.parse(text);
	let within = false;
	const lines = decode(map.mappings).map((line) =>
		line.flatMap((segment) => {
			const before = within;
			within = !map.sources[segment[1]]?.includes("node_modules/");
			if (within) return [segment];
			// Where a package begins, so that its lines do not pass for the source's before it.
			return before ? [[segment[0]]] : [];
		}),
	);
	return JSON.stringify({ ...map, mappings: encode(lines) });
}

/**
 * Builds the bot. Writes over files and deletes none, so that a process which runs from them goes on.
 *
 * @throws when the sources cannot be compiled; the compiler has printed why
 */
async function buildBot() {
	compile(ROOT);
	const { outputFiles } = await build({
		absWorkingDir: ROOT,
		entryPoints: ["src/main.ts", "src/audit-command.ts"],
		outdir: "dist",
		bundle: true,
		splitting: true,
		platform: "node",
		format: "esm",
		target: "node20",
		// Every character is read at each start, and one beyond ASCII makes two bytes of all in its file: so what packages
		// say beside their code is left out, or put into a file of its own where it is about rights.
		minifyWhitespace: true,
		lineLimit: 120,
		legalComments: "external",
		// The SDKs tell errors and classes apart by their names.
		keepNames: true,
		sourcemap: true,
		sourcesContent: false,
		external: LEFT_OUT,
		banner: { js: COMMONJS },
		logLevel: "warning",
		write: false,
	});
	mkdirSync(join(ROOT, "dist"), { recursive: true });
	for (const { path, text } of outputFiles)
		writeFileSync(path, path.endsWith(".map") ? mapOfSources(text) : text);
}

/** Builds the bot unless what was built is newer than all of its sources. */
export async function buildBotIfChanged() {
	if (!existsSync(MAIN) || SOURCES.some((path) => newest(join(ROOT, path)) > statSync(MAIN).mtimeMs))
		await buildBot();
}

/** Runs the compiler on a project in TypeScript. */
export function compile(project) {
	const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
	if (!existsSync(compiler)) throw new Error("The packages are not installed. Run: npm ci");
	// Its complaints are no output of the program that asked for it.
	const { status, error } = spawnSync(process.execPath, [compiler, "-b", project], {
		stdio: ["ignore", 2, 2],
	});
	if (error) throw error;
	if (status !== 0) throw new Error("The sources cannot be compiled; the compiler says why above.");
}

/** When a file, or the newest file of a folder, was changed. */
function newest(path) {
	const found = statSync(path);
	const within = found.isDirectory() ? readdirSync(path) : [];
	return Math.max(found.mtimeMs, ...within.map((name) => newest(join(path, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		await buildBotIfChanged();
	} catch (error) {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	}
}
