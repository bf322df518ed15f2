import type { BotProcess } from "./bot-process.js";

/** The sandbox's bot, in whose place another one may come while the cloud and the chat stay. */
export interface KeptBot {
	/** Where it listens, once it does. Rejects when it could not start. */
	url(): Promise<string>;
	/** Stops it and starts another one. Rejects when that cannot start; the next call tries again. */
	renew(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Starts a bot and keeps it until it is stopped.
 *
 * @param onEnd hears of a bot that ended though nobody asked it to
 */
export async function keepBot(
	start: () => Promise<BotProcess>,
	onEnd: (bot: BotProcess) => void,
): Promise<KeptBot> {
	const wanted = new Set<BotProcess>();
	const begin = async () => {
		const bot = await start();
		wanted.add(bot);
		bot.exited.then(() => wanted.delete(bot) && onEnd(bot));
		return bot;
	};
	const end = async (bot: BotProcess) => {
		wanted.delete(bot);
		await bot.stop();
	};
	let current = begin();
	await current;
	return {
		url: async () => (await current).url,
		async renew() {
			// One that could not start has left nothing to stop.
			const ended = current.then(end, () => undefined);
			current = ended.then(begin);
			await current;
		},
		stop: () => current.then(end, () => undefined),
	};
}
