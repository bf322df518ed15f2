import { setTimeout as delay } from "node:timers/promises";
import { monotonicMs } from "../cloud/ledger.js";
import type { Session } from "../session.js";
import type { RunningBot, Side } from "../sides.js";

const WARM_UP = 15;
/** A round; forty and more in all. */
const IN_TURN = 20;
const PACE = { perSecond: 5, count: 30 } as const;
const USERS = 32;
/** The closed loop runs in before it is measured, in milliseconds. */
const RUN_IN_MS = 2_000;
const WINDOW_MS = 8_000;

/** Which of the figures under load are wanted. */
export interface LoadFigures {
	readonly latency: boolean;
	readonly acknowledge: boolean;
	readonly throughput: boolean;
}

export async function measureLoad(session: Session, side: Side, wanted: LoadFigures): Promise<void> {
	await session.cloud("setRules", { endsAtPoll: 1 });
	await session.withBot(side, {}, async (bot) => {
		session.samples.add("start", side.name, bot.startMs);
		await session.load("inTurn", WARM_UP);
		if (wanted.latency) await measureLatency(session, side);
		if (wanted.acknowledge)
			session.samples.add("acknowledge", side.name, ...(await session.load("atPace", PACE)));
		if (wanted.throughput) await measureThroughput(session, side, bot);
	});
	await session.cloud("clear");
}

async function measureLatency({ load, samples }: Session, side: Side): Promise<void> {
	for (const { cancel, firstCard, followUp } of await load("inTurn", IN_TURN)) {
		samples.add("firstCard", side.name, firstCard);
		if (cancel !== undefined) samples.add("post", side.name, cancel);
		if (followUp !== undefined) samples.add("followUp", side.name, followUp);
	}
}

async function measureThroughput(session: Session, side: Side, bot: RunningBot): Promise<void> {
	const { cloud, load, samples } = session;
	await load("startUsers", USERS);
	await delay(RUN_IN_MS);
	const look = async () => ({
		at: monotonicMs(),
		completed: await load("completed"),
		cpu: bot.cpu(),
		cloudMs: await cloud("cpuMs"),
	});
	const before = await look();
	await delay(WINDOW_MS);
	const after = await look();
	await load("stopUsers");
	const done = after.completed - before.completed;
	const tookMs = after.at - before.at;
	samples.add("perSecond", side.name, (done / tookMs) * 1_000);
	samples.add("cpu", side.name, (after.cpu.bot - before.cpu.bot) / done);
	if (after.cpu.server !== undefined && before.cpu.server !== undefined)
		samples.add("cpuServer", side.name, (after.cpu.server - before.cpu.server) / done);
	samples.add("cloudCpu", side.name, ((after.cloudMs - before.cloudMs) / tookMs) * 100);
}
