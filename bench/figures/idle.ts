import { setTimeout as delay } from "node:timers/promises";
import type { Session } from "../session.js";
import type { RunningBot, Side } from "../sides.js";

/** Cancels that a side has behind it when it is started "with data". */
const DATA = 30;
const SETTLE_MS = 10_000;
const WINDOW_MS = 30_000;

/** The very first start, its memory if that is wanted, and some cancels, so that every later start has data. */
export async function prepare(session: Session, side: Side, memory: boolean): Promise<void> {
	await session.cloud("setRules", { endsAtPoll: 1 });
	await session.withBot(side, {}, async (bot) => {
		session.samples.add("firstStart", side.name, bot.startMs);
		if (memory) {
			await delay(SETTLE_MS);
			session.samples.add("rssFirst", side.name, bot.rssMb());
		}
		await session.load("inTurn", DATA);
	});
	await session.cloud("clear");
}

/** All sides side by side, since none of them does anything: start, memory and processor time. */
export async function measureIdle(session: Session, sides: readonly Side[]): Promise<void> {
	const running: { side: Side; bot: RunningBot }[] = [];
	const { samples } = session;
	try {
		for (const side of sides) {
			const bot = await side.start();
			running.push({ side, bot });
			samples.add("start", side.name, bot.startMs);
		}
		await delay(SETTLE_MS);
		const before = running.map(({ bot }) => bot.cpu());
		await delay(WINDOW_MS);
		for (const [index, { side, bot }] of running.entries()) {
			const [then, now] = [before[index], bot.cpu()];
			if (!then) continue;
			samples.add("idleCpu", side.name, ((now.bot - then.bot) / WINDOW_MS) * 100);
			if (now.server !== undefined && then.server !== undefined)
				samples.add("idleCpuServer", side.name, ((now.server - then.server) / WINDOW_MS) * 100);
			samples.add("rss", side.name, bot.rssMb());
		}
	} finally {
		for (const { bot } of running) await bot.stop();
	}
}
