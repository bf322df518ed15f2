import { setTimeout as delay } from "node:timers/promises";
import { LATENCY_MS } from "../cloud/answers.js";
import type { Poll } from "../cloud/jobs.js";
import { monotonicMs } from "../cloud/ledger.js";
import { quantile } from "../measure/samples.js";
import { multiplyFollowed } from "../seed.js";
import type { Session } from "../session.js";
import type { Side } from "../sides.js";

const POLL_MS = 30_000;
const WINDOW_MS = 2 * POLL_MS;
const SETTINGS = { WATCH_POLL_MIN_MS: String(POLL_MS), WATCH_POLL_MAX_MS: String(POLL_MS) };

/** How well so many jobs are followed that never end: polls done of those due, and how late they are. */
export async function measureWatch(session: Session, side: Side, jobs: number): Promise<void> {
	const { cloud, load, samples } = session;
	await side.empty();
	await cloud("clear");
	await cloud("setRules", { endsAtPoll: "never" });
	await session.withBot(side, { settings: SETTINGS }, async () => {
		await load("begin", "followed-0");
		await delay(2_000);
	});
	const due = await multiplyFollowed(side, jobs, POLL_MS);
	await cloud("follow", [...due.keys()]);
	await session.withBot(side, { settings: SETTINGS }, async (bot) => {
		const begin = Math.min(...due.values());
		if (monotonicMs() > begin) throw new Error("the bot started too late to follow from the beginning");
		await cloud("takePolls");
		await delay(begin - monotonicMs());
		const look = async () => ({ ...bot.cpu(), ...(await side.written()) });
		const before = await look();
		await delay(WINDOW_MS);
		const after = await look();
		const polls = await cloud("takePolls");
		const late = lateness(due, polls, begin + WINDOW_MS);
		samples.add(`polls${jobs}`, side.name, (polls.length / WINDOW_MS) * 1_000);
		samples.add(`late${jobs}`, side.name, quantile(late, 0.95) ?? Number.NaN);
		const used = (name: keyof typeof after) => (after[name] ?? 0) - (before[name] ?? 0);
		samples.add(`watchCpu${jobs}`, side.name, (used("bot") / WINDOW_MS) * 100);
		samples.add(`pollCpu${jobs}`, side.name, used("bot") / polls.length);
		if (after.server === undefined) return;
		samples.add(`watchCpuServer${jobs}`, side.name, (used("server") / WINDOW_MS) * 100);
		samples.add(`pollCpuServer${jobs}`, side.name, used("server") / polls.length);
		samples.add(`pollCommits${jobs}`, side.name, used("commits") / polls.length);
		samples.add(`pollRows${jobs}`, side.name, used("rows") / polls.length);
		samples.add(`pollLogKb${jobs}`, side.name, used("logBytes") / polls.length / 1_024);
	});
	await cloud("clear");
}

/**
 * How late each poll came, in milliseconds: the first after the moment that it was planned for, a later one after
 * Graph's answer to the one before and the interval. A poll that was due by `end` and did not come counts with
 * what it is late by then.
 */
function lateness(due: ReadonlyMap<string, number>, polls: readonly Poll[], end: number): number[] {
	const next = new Map(due);
	const late: number[] = [];
	for (const { jobId, at } of polls) {
		const planned = next.get(jobId);
		if (planned === undefined) continue;
		late.push(Math.max(0, at - planned));
		next.set(jobId, at + LATENCY_MS.graph + POLL_MS);
	}
	for (const planned of next.values()) if (planned < end) late.push(end - planned);
	return late;
}
