import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The repository, seen from `sandbox`, where tests read it, and from `build/sandbox`, where it runs. */
export const ROOT = new URL(import.meta.url.endsWith(".ts") ? "../" : "../../", import.meta.url);
/** Compiled modules that children load before their own code. */
const PRELOADS = new URL("build/sandbox/", ROOT);
/** How long a child may take to stop when asked to, in milliseconds. */
const STOP_LIMIT_MS = 15_000;

/** A process that ends, at the latest, when the one that started it ends. */
export interface Child {
	readonly process: ChildProcess;
	readonly exited: Promise<number | null>;
	/** Asks it to stop, insists after a while, and waits until it has. */
	stop(): Promise<void>;
	/** Pulls the plug. */
	kill(): Promise<void>;
}

/** Starts a script of Node's. Its output is piped when `output` says so, and dropped otherwise. */
export function startChild(
	script: string,
	options: {
		readonly args?: readonly string[];
		readonly env: Readonly<Record<string, string | undefined>>;
		readonly cwd?: string;
		readonly nodePath?: string;
		readonly output: "pipe" | "ignore";
		/** Options of Node's for it. */
		readonly execArgv?: readonly string[];
		/** Further modules of the sandbox to load first. */
		readonly preloads?: readonly string[];
	},
): Child {
	const { args = [], env, cwd, nodePath = process.execPath, output, preloads = [], execArgv = [] } = options;
	const loaded = ["leash.js", ...preloads].flatMap((name) => ["--import", new URL(name, PRELOADS).href]);
	const child = spawn(nodePath, [...execArgv, ...loaded, script, ...args], {
		env: { ...env },
		stdio: ["ignore", output, output, "ipc"],
		...(cwd === undefined ? {} : { cwd }),
	});
	const exited = once(child, "exit").then(([code]) => code as number | null);
	const end = async (signal: NodeJS.Signals) => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill(signal);
		const insist = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
		await exited.finally(() => clearTimeout(insist));
	};
	return { process: child, exited, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

/** Where a compiled file of the bot is. */
export function compiled(path: string): string {
	return fileURLToPath(new URL(`dist/${path}`, ROOT));
}
