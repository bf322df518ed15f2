import { readdirSync, readFileSync } from "node:fs";

/** What Linux counts processor time in: 100 ticks a second on every machine that Node runs on. */
const TICK_MS = 10;

interface Stat {
	readonly parent: number;
	/** Processor time of the process itself, in milliseconds. */
	readonly ownMs: number;
	/** The same of its children that have ended. */
	readonly endedMs: number;
}

/** Processor time that a process and its ended children have used, in milliseconds. */
export function cpuMs(pid: number): number {
	const { ownMs, endedMs } = readStat(pid);
	return ownMs + endedMs;
}

/** The same for a process with its living children: a PostgreSQL server with all its backends. */
export function familyCpuMs(pid: number): number {
	const children = readdirSync("/proc")
		.filter((name) => /^\d+$/u.test(name))
		.flatMap((name) => {
			try {
				const stat = readStat(Number(name));
				return stat.parent === pid ? [stat.ownMs] : [];
			} catch {
				// It ended between the listing and the reading; its parent counts it then.
				return [];
			}
		});
	return cpuMs(pid) + children.reduce((sum, ms) => sum + ms, 0);
}

/** Memory of a process that is in the machine's memory, in MB (2^20 bytes). */
export function rssMb(pid: number): number {
	const kb = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	return Number(kb) / 1_024;
}

/** The process that started this one. */
export function parentOf(pid: number): number {
	return readStat(pid).parent;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function readStat(pid: number): Stat {
	const text = readFileSync(`/proc/${pid}/stat`, "utf8");
	// The name, in brackets, may hold anything; what follows does not.
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const field = (number: number) => Number(fields[number - 3]);
	return {
		parent: field(4),
		ownMs: (field(14) + field(15)) * TICK_MS,
		endedMs: (field(16) + field(17)) * TICK_MS,
	};
}
