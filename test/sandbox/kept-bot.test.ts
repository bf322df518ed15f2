import { describe, expect, it } from "@jest/globals";
import type { BotProcess } from "../../sandbox/bot-process.js";
import { keepBot } from "../../sandbox/kept-bot.js";

/** Bots that exist on paper only, numbered in the order of their start. */
function paperBots() {
	const events: string[] = [];
	const ends: ((code: number) => void)[] = [];
	let broken = false;
	const start = async (): Promise<BotProcess> => {
		if (broken) throw new Error("the bot ended with 1");
		const number = ends.length + 1;
		const exited = new Promise<number>((resolve) => ends.push(resolve));
		events.push(`${number} starts`);
		const end = async () => {
			events.push(`${number} stops`);
			ends[number - 1]?.(0);
			await exited;
		};
		const line = () => Promise.reject(new Error("a bot on paper prints nothing"));
		return { url: `http://bot-${number}`, lines: [], line, exited, stop: end, kill: end };
	};
	return {
		events,
		start,
		crash: (number: number) => ends[number - 1]?.(1),
		breakSources: (on: boolean) => {
			broken = on;
		},
	};
}

describe("the bot that the sandbox keeps", () => {
	it("stops before another one starts in its place, and what is sent waits for that one", async () => {
		const { events, start } = paperBots();
		const bot = await keepBot(start, () => events.push("ended"));
		expect(await bot.url()).toBe("http://bot-1");
		const renewed = bot.renew();
		expect(await bot.url()).toBe("http://bot-2");
		await renewed;
		expect(events).toEqual(["1 starts", "1 stops", "2 starts"]);
	});

	it("is told of when it ends by itself, and not when it was asked to", async () => {
		const { events, start, crash } = paperBots();
		const bot = await keepBot(start, ({ url }) => events.push(`${url} ended`));
		crash(1);
		await bot.renew();
		await bot.stop();
		expect(events).toEqual(["1 starts", "http://bot-1 ended", "1 stops", "2 starts", "2 stops"]);
	});

	it("starts again once its sources are sound, after a time when it could not", async () => {
		const { events, start, breakSources } = paperBots();
		const bot = await keepBot(start, () => events.push("ended"));
		breakSources(true);
		await expect(bot.renew()).rejects.toThrow("the bot ended with 1");
		await expect(bot.url()).rejects.toThrow("the bot ended with 1");
		breakSources(false);
		await bot.renew();
		expect(await bot.url()).toBe("http://bot-2");
		expect(events).toEqual(["1 starts", "1 stops", "2 starts"]);
	});

	it("has nothing to stop when it could not start", async () => {
		const { events, start, breakSources } = paperBots();
		const bot = await keepBot(start, () => events.push("ended"));
		breakSources(true);
		await bot.renew().catch(() => undefined);
		await bot.stop();
		expect(events).toEqual(["1 starts", "1 stops"]);
	});
});
