import { createInterface } from "node:readline";
import { afterEach } from "@jest/globals";
import { type Child, startChild } from "../sandbox/start-child.js";
import { within } from "./within.js";

const LIMIT_MS = 10_000;

/** Node processes that a test starts. They end with it, wherever it fails, and with Jest, however that ends. */
export interface Processes {
	/** Starts a script, whose output can be read by lines. */
	start(script: string, options?: Partial<Parameters<typeof startChild>[1]>): Child;
	/** What a process prints first. Rejects when it ends before that, or takes too long. */
	firstLine(child: Child): Promise<string>;
	/** Ends one that was started by another one, too. */
	adopt(pid: number): void;
}

export function useProcesses(): Processes {
	const endings: (() => unknown)[] = [];
	afterEach(async () => {
		await Promise.all(endings.splice(0).map((end) => end()));
	});
	return {
		start(script, options = {}) {
			const child = startChild(script, { env: process.env, output: "pipe", ...options });
			endings.push(child.kill);
			return child;
		},
		firstLine(child) {
			const { stdout, stderr } = child.process;
			if (!stdout || !stderr) throw new Error("the output of the process is not piped");
			let complaints = "";
			stderr.on("data", (part) => {
				complaints += part;
			});
			const line = new Promise<string>((resolve, reject) => {
				createInterface({ input: stdout }).once("line", resolve);
				child.process.once("close", (code) => reject(new Error(`it ended with ${code}:\n${complaints}`)));
			});
			return within(LIMIT_MS, "the first line of a process", line);
		},
		adopt(pid) {
			endings.push(() => kill(pid));
		},
	};
}

function kill(pid: number): void {
	try {
		process.kill(pid, "SIGKILL");
	} catch (error) {
		// It has ended by itself, as it should.
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}
