import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CONFIGURATION_FILE, type PlaygroundWorld, playgroundConfiguration } from "./configuration.js";

const START_LIMIT_MS = 30_000;
const PROBE_LIMIT_MS = 2_000;
const STOP_LIMIT_MS = 5_000;

export interface PlaygroundOptions extends PlaygroundWorld {
	readonly port: number;
	/** Full address to which it posts activities. */
	readonly botEndpoint: string;
	/** Its working directory; made when missing. */
	readonly directory: string;
}

export interface Playground {
	/** The page; its connector is `<url>/_connector`. */
	readonly url: string;
	/** Ends the process and waits until it has ended. */
	stop(): Promise<void>;
}

/**
 * Starts Microsoft 365 Agents Playground as the chat client, without its telemetry and its own browser.
 *
 * @throws with what it printed, when it ends or its page does not answer within 30 seconds
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
	const { port, botEndpoint, directory } = options;
	await mkdir(directory, { recursive: true });
	// JSON is YAML.
	await writeFile(
		join(directory, CONFIGURATION_FILE),
		JSON.stringify(playgroundConfiguration(options), null, "\t"),
	);
	const cli = createRequire(import.meta.url).resolve("@microsoft/m365agentsplayground/cli.js");
	const child = spawn(
		process.execPath,
		[cli, "start", "-e", botEndpoint, "-c", "msteams", "-p", String(port), "--dt"],
		{
			cwd: directory,
			stdio: ["ignore", "pipe", "pipe"],
			// Read in the package: this is what keeps it from opening a browser.
			env: { ...process.env, TEAMSAPPTESTER_BROWSER: "none" },
		},
	);
	const printed: string[] = [];
	let occupied = false;
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			printed.push(text);
			// When the port is taken it silently listens on another one.
			const listening = /Listening on (\d+)/u.exec(printed.join(""))?.[1];
			occupied ||= listening !== undefined && Number(listening) !== port;
		});
	}
	const exited = once(child, "exit");
	const stop = async () => {
		if (hasEnded(child)) return;
		child.kill("SIGTERM");
		const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
		await exited;
		clearTimeout(timer);
	};
	const url = `http://localhost:${port}`;
	const end = Date.now() + START_LIMIT_MS;
	while (Date.now() < end && !hasEnded(child) && !occupied) {
		if (printed.join("").includes(`Listening on ${port}`) && (await answers(url))) return { url, stop };
		await delay(100);
	}
	await stop();
	const why = occupied ? `port ${port} is taken` : "its page did not answer";
	throw new Error(`the Playground could not start: ${why}\n${printed.join("").trim()}`);
}

function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

async function answers(url: string): Promise<boolean> {
	return fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) }).then(
		(response) => response.ok,
		() => false,
	);
}
