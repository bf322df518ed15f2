import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../sandbox/start-child.js";

/** Where a compiled program of the measurement is. */
export function benchProgram(path: string): string {
	return fileURLToPath(new URL(path, import.meta.url));
}

/** How much of what a process printed last is kept, in characters. */
const KEPT = 20_000;

/** A process whose output is kept only as far as it may be needed to say what went wrong. */
export interface Program extends Child {
	readonly pid: number;
	printed(): string;
	/** Resolves with the first part of its output that fits; rejects when it ends before that. */
	line(fits: RegExp): Promise<RegExpExecArray>;
}

export function startProgram(
	script: string,
	env: Readonly<Record<string, string | undefined>>,
	more: { readonly execArgv?: readonly string[]; readonly cwd?: string } = {},
): Program {
	const child = startChild(script, { env: { PATH: process.env.PATH, ...env }, output: "pipe", ...more });
	let printed = "";
	const listeners = new Set<() => void>();
	for (const stream of [child.process.stdout, child.process.stderr])
		stream?.setEncoding("utf8").on("data", (chunk: string) => {
			printed = (printed + chunk).slice(-KEPT);
			for (const listener of listeners) listener();
		});
	const { pid } = child.process;
	if (pid === undefined) throw new Error(`${script} could not be started`);
	return {
		...child,
		pid,
		printed: () => printed,
		line: (fits) =>
			new Promise((resolve, reject) => {
				const look = () => {
					const found = fits.exec(printed);
					if (!found) return;
					listeners.delete(look);
					resolve(found);
				};
				listeners.add(look);
				look();
				child.process.once("close", (code) => reject(new Error(`it ended with ${code}:\n${printed}`)));
			}),
	};
}
