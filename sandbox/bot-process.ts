import { createInterface } from "node:readline";
import { Journal } from "./cloud/journal.js";
import { compiled, startChild } from "./start-child.js";

/** The built bot as a process of its own. */
export interface BotProcess {
	readonly url: string;
	/** Everything it printed, line by line. */
	readonly lines: readonly string[];
	/** The first line that fits; see `Journal.find`. */
	line(what: string, fits: (line: string) => boolean, limitMs?: number): Promise<string>;
	readonly exited: Promise<number | null>;
	/** Asks it to stop and waits until it has. */
	stop(): Promise<void>;
	/** Pulls the plug. */
	kill(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/**
 * Starts `dist/main.js` with exactly these settings and resolves once it listens.
 *
 * Rejects, with what it printed, when it ends before that or takes too long; no process stays behind.
 */
export async function startBotProcess(
	environment: Readonly<Record<string, string>>,
	options: {
		readonly nodePath?: string;
		readonly onLine?: (line: string) => void;
		readonly startLimitMs?: number;
		/** Options of Node's for it. */
		readonly execArgv?: readonly string[];
	} = {},
): Promise<BotProcess> {
	const { nodePath, onLine, startLimitMs = START_LIMIT_MS, execArgv = [] } = options;
	const child = startChild(compiled("main.js"), {
		env: { PATH: process.env.PATH, ...environment },
		// The bot reads the `.env` of its working directory; here there is none, whatever a developer has.
		cwd: compiled(""),
		output: "pipe",
		execArgv,
		...(nodePath === undefined ? {} : { nodePath }),
	});
	const printed = new Journal<string>((line) => line);
	const lines = printed.entries;
	const { exited, stop, kill } = child;
	let timer: NodeJS.Timeout | undefined;
	try {
		const url = await new Promise<string>((resolve, reject) => {
			const fail = (why: string) => reject(new Error(`the bot ${why}:\n${lines.join("\n")}`));
			timer = setTimeout(() => fail(`did not start within ${startLimitMs} ms`), startLimitMs);
			const read = (line: string) => {
				printed.add(line);
				onLine?.(line);
				const listening = /"url":"(http[^"]+)".*"msg":"listening"/u.exec(line)?.[1];
				if (listening !== undefined) resolve(listening);
			};
			for (const stream of [child.process.stdout, child.process.stderr])
				if (stream) createInterface({ input: stream }).on("line", read);
			// Not `exited`: what it printed last, which says why, may come after that.
			child.process.once("close", (code) => fail(`ended with ${code}`));
			exited.catch(reject);
		});
		const line: BotProcess["line"] = (what, fits, limitMs) => printed.find(what, fits, limitMs);
		return { url, lines, line, exited, stop, kill };
	} catch (error) {
		await kill();
		throw error;
	} finally {
		clearTimeout(timer);
	}
}
