import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The built bot as a process of its own. */
export interface BotProcess {
	readonly url: string;
	/** Everything it printed, line by line. */
	readonly lines: readonly string[];
	readonly exited: Promise<number | null>;
	/** Asks it to stop and waits until it has. */
	stop(): Promise<void>;
	/** Pulls the plug. */
	kill(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const START_LIMIT_MS = 60_000;

/**
 * Starts `dist/main.js` with exactly these settings and resolves once it listens.
 *
 * Rejects, with what it printed, when it ends before that.
 */
export async function startBotProcess(
	environment: Readonly<Record<string, string>>,
	options: { readonly nodePath?: string; readonly onLine?: (line: string) => void } = {},
): Promise<BotProcess> {
	const child = spawn(options.nodePath ?? process.execPath, [MAIN], {
		env: { PATH: process.env.PATH ?? "", ...environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const lines: string[] = [];
	const exited = once(child, "exit").then(([code]) => code as number | null);
	const url = await new Promise<string>((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error("the bot did not start in time")), START_LIMIT_MS);
		const read = (line: string) => {
			lines.push(line);
			options.onLine?.(line);
			const listening = /"url":"(http[^"]+)".*"msg":"listening"/u.exec(line)?.[1];
			if (listening !== undefined) resolve(listening);
		};
		for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", read);
		exited.then((code) => reject(new Error(`the bot ended with ${code}:\n${lines.join("\n")}`)));
		exited.finally(() => clearTimeout(timer));
	});
	return {
		url,
		lines,
		exited,
		stop: () => end(child, exited, "SIGTERM"),
		kill: () => end(child, exited, "SIGKILL"),
	};
}

async function end(child: ChildProcess, exited: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) child.kill(signal);
	await exited;
}
