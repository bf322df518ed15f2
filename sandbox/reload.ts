import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { ROOT, startChild } from "./start-child.js";

/** What the bot is made of. */
const SOURCES = ["src", "cards"];
/** An editor that saves, and a branch that is checked out, change files for so long, in milliseconds. */
const REST_MS = 200;

/**
 * Calls `onChange` whenever files in these folders have changed and then rested, one call at a time.
 * Returns what ends it.
 */
export function watchSources(onChange: () => Promise<void>, sources = SOURCES.map(inRepository)): () => void {
	let watchers: FSWatcher[] = [];
	let timer: NodeJS.Timeout | undefined;
	let going: Promise<void> = Promise.resolve();
	const close = () => {
		for (const watcher of watchers) watcher.close();
	};
	// Folder by folder: watching a whole tree, a Node before 26 loses a file that an editor replaces by another one.
	const open = () => {
		watchers = sources.flatMap(withFolders).map((folder) => watch(folder, changed).on("error", changed));
	};
	const changed = () => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			close();
			try {
				open();
				going = going.then(onChange);
			} catch (error) {
				// A folder went away between being listed and being watched, so they are not at rest yet.
				if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
				changed();
			}
		}, REST_MS);
	};
	open();
	return () => {
		clearTimeout(timer);
		close();
	};
}

function withFolders(path: string): string[] {
	const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	return [path, ...below.flatMap(({ name }) => withFolders(join(path, name)))];
}

/**
 * Compiles the bot's sources without holding up what else goes on.
 *
 * @throws when they cannot be compiled, with the compiler's words
 */
export async function compileBot(): Promise<void> {
	const compiler = startChild(inRepository("build.mjs"), {
		env: process.env,
		output: "pipe",
	});
	const { stdout, stderr } = compiler.process;
	if (!stdout || !stderr) throw new Error("the compiler has no output");
	const [code, ...words] = await Promise.all([compiler.exited, text(stdout), text(stderr)]);
	if (code !== 0) throw new Error(words.join("").trim());
}

function inRepository(path: string): string {
	return fileURLToPath(new URL(path, ROOT));
}
