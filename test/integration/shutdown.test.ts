import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type BotProcess, startBotProcess } from "../../src/sandbox/bot-process.js";
import { copyEmptyDatabase } from "../empty-database.js";

jest.setTimeout(60_000);

describe("the end of the bot", () => {
	let directory: string;
	let settings: Record<string, string>;
	const sockets: Socket[] = [];
	const bots: BotProcess[] = [];
	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
		copyEmptyDatabase(directory);
		settings = {
			HOST: "127.0.0.1",
			PORT: "0",
			MicrosoftAppId: "00000000-0000-4000-8000-000000000001",
			MicrosoftAppTenantId: "00000000-0000-4000-8000-000000000002",
			MicrosoftAppPassword: "secret",
			DATA_DIR: directory,
		};
	});
	afterEach(async () => {
		for (const socket of sockets.splice(0)) socket.destroy();
		for (const bot of bots.splice(0)) await bot.kill();
		await rm(directory, { recursive: true, force: true });
	});

	async function start(): Promise<BotProcess> {
		const bot = await startBotProcess(settings);
		bots.push(bot);
		return bot;
	}

	/** Leaves a connection behind that has sent half its headers. */
	async function halfHeaders(url: string): Promise<void> {
		const { hostname, port } = new URL(url);
		const socket = connect(Number(port), hostname);
		sockets.push(socket);
		socket.on("error", () => {});
		await once(socket, "connect");
		socket.write("POST /api/messages HTTP/1.1\r\nhost: bot\r\n");
		await (await fetch(`${url}/healthz`)).text();
	}

	it("is clean, and within ten seconds although a client never finishes its request", async () => {
		const bot = await start();
		await halfHeaders(bot.url);
		const started = Date.now();
		await bot.stop();
		expect(await bot.exited).toBe(0);
		expect(Date.now() - started).toBeLessThan(10_000);
	});

	it("is quick when nothing is going on", async () => {
		const bot = await start();
		const started = Date.now();
		await bot.stop();
		expect(await bot.exited).toBe(0);
		expect(Date.now() - started).toBeLessThan(4_000);
	});

	it("comes at once when it is asked for again, but not by the echo of the same wish", async () => {
		const bot = await start();
		await halfHeaders(bot.url);
		const started = Date.now();
		const stopped = [bot.stop(), bot.stop()];
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(bot.lines.at(-1)).toContain("stopping");
		await Promise.all([...stopped, bot.stop()]);
		expect(await bot.exited).toBe(1);
		expect(Date.now() - started).toBeLessThan(4_000);
		expect(bot.lines.at(-1)).toContain("asked to stop again");
	});

	it("after a fault of its own comes with one fatal line and a code", async () => {
		const fault = `const wait = setInterval(() => {
			if (process.listenerCount("uncaughtException") === 0) return;
			clearInterval(wait);
			throw new Error("planted fault");
		}, 5);`;
		const started = startBotProcess({
			...settings,
			NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}`,
		});
		await expect(started).rejects.toThrow(
			/^the bot ended with 1:\n.*"level":"fatal".*"code":"internal-error".*planted fault.*$/u,
		);
	});
});
