import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type BotProcess, startBotProcess } from "../../sandbox/bot-process.js";
import { Teardown } from "../../sandbox/teardown.js";
import { copyDatabase, QUICK_START } from "../empty-database.js";
import { openStage, PEOPLE } from "./stage.js";

const LIMIT_MS = 60_000;

describe("the end of the bot", () => {
	const teardown = new Teardown();
	afterAll(() =>
		teardown.run((error) => {
			throw error;
		}),
	);

	async function start(more: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
		const directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
		await teardown.add(() => rm(directory, { recursive: true, force: true }));
		copyDatabase(directory);
		const settings = {
			HOST: "127.0.0.1",
			PORT: "0",
			MicrosoftAppId: "00000000-0000-4000-8000-000000000001",
			MicrosoftAppTenantId: "00000000-0000-4000-8000-000000000002",
			MicrosoftAppPassword: "secret",
			DATA_DIR: directory,
		};
		const bot = await startBotProcess({ ...settings, ...more }, { execArgv: QUICK_START });
		await teardown.add(() => bot.kill());
		return bot;
	}

	/** Leaves a connection behind that has sent half its headers. */
	async function halfHeaders(url: string): Promise<void> {
		const { hostname, port } = new URL(url);
		const socket = connect(Number(port), hostname);
		await teardown.add(async () => void socket.destroy());
		socket.on("error", () => {});
		await once(socket, "connect");
		socket.write("POST /api/messages HTTP/1.1\r\nhost: bot\r\n");
		await (await fetch(`${url}/healthz`)).text();
	}

	it.concurrent(
		"is clean, and within ten seconds although a client never finishes its request",
		async () => {
			const bot = await start();
			await halfHeaders(bot.url);
			const started = Date.now();
			await bot.stop();
			expect(await bot.exited).toBe(0);
			expect(Date.now() - started).toBeLessThan(10_000);
		},
		LIMIT_MS,
	);

	it.concurrent(
		"comes at once when it is asked for again, but not by the echo of the same wish",
		async () => {
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
		},
		LIMIT_MS,
	);

	it.concurrent(
		"after a fault of its own comes with one fatal line and a code",
		async () => {
			const fault = `const wait = setInterval(() => {
				if (process.listenerCount("uncaughtException") === 0) return;
				clearInterval(wait);
				throw new Error("planted fault");
			}, 5);`;
			const started = start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` });
			await expect(started).rejects.toThrow(
				/^the bot ended with 1:\n.*"level":"fatal".*"code":"internal-error".*planted fault.*$/u,
			);
		},
		LIMIT_MS,
	);

	it(
		"leaves the work that goes on time to keep what it found, so that the next start goes on from there",
		async () => {
			const stage = await openStage();
			await teardown.add(() => stage.close());
			const { cloud, bot } = stage;
			const account = new RegExp(`/users/${PEOPLE.reader.userId}`, "u");
			cloud.faults.add({ match: ({ path }) => account.test(path), times: 1, do: { delayMs: 1_000 } });
			await stage.say(PEOPLE.reader, "whoami");
			await cloud.request("the account to be read", ({ path }) => account.test(path));
			await bot.stop();
			expect(await bot.exited).toBe(0);
			const kept = await bot.line("the answer to be kept", (line) => line.includes('"request.answered"'));
			expect(bot.lines.indexOf(kept)).toBeGreaterThan(
				bot.lines.findIndex((line) => line.includes("stopping")),
			);
			expect(bot.lines.filter((line) => /"level":"(?:warn|error|fatal)"/u.test(line))).toEqual([]);
			const reads = stage.count("GET", account);
			await stage.restart();
			await stage.card(`chat-${PEOPLE.reader.key}`, new RegExp(PEOPLE.reader.name, "u"));
			expect(stage.count("GET", account)).toBe(reads);
		},
		LIMIT_MS,
	);
});
