import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Child, compiled, startChild } from "../../sandbox/start-child.js";
import { NOTICE_CODES } from "../../src/notices.js";
import { START_CODES } from "../../src/start-codes.js";
import { copyDatabase, QUICK_START } from "../empty-database.js";
import { within } from "../within.js";

/** For a busy machine; each start takes about two seconds. */
const LIMIT_MS = 120_000;
/** How long a bot is given to end, before it is said that it does not. */
const END_MS = 90_000;
const required = {
	MicrosoftAppId: "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4",
	MicrosoftAppTenantId: "11111111-1111-4111-8111-111111111111",
	HOST: "127.0.0.1",
	PORT: "0",
	APPROVALS: "off",
};

describe("the built bot", () => {
	const running = new Set<Child>();
	let directory: string;
	let taken: Server;
	let takenPort: string;
	let alpine: string;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-start-"));
		alpine = join(directory, "alpine.cjs");
		// By this file those who bring machine code know an Alpine Linux.
		await writeFile(
			alpine,
			`const fs = require("node:fs");
			const { existsSync } = fs;
			fs.existsSync = (path) => path === "/etc/alpine-release" || existsSync(path);`,
		);
		taken = createServer().listen(0, "127.0.0.1");
		await once(taken, "listening");
		takenPort = String((taken.address() as AddressInfo).port);
	});
	afterAll(async () => {
		await Promise.all([...running].map((child) => child.kill()));
		taken.close();
		await rm(directory, { recursive: true, force: true });
	});

	/** Starts the bot in a folder of its own, which may hold a `.env`. */
	async function start(name: string, settings: Readonly<Record<string, string>>, envFile?: string) {
		const cwd = join(directory, name);
		await mkdir(cwd, { recursive: true });
		if (envFile !== undefined) await writeFile(join(cwd, ".env"), envFile);
		const child = startChild(compiled("main.js"), {
			env: { PATH: process.env.PATH, ...settings },
			output: "pipe",
			cwd,
			execArgv: QUICK_START,
		});
		running.add(child);
		return child;
	}

	/** What the bot printed, line by line, and how it ended. */
	async function end(child: Child) {
		const { stdout, stderr } = child.process;
		if (!stdout || !stderr) throw new Error("the bot has no output");
		const [printed, complaints, code] = await within(
			END_MS,
			"the bot to end",
			Promise.all([text(stdout), text(stderr), child.exited]),
		);
		running.delete(child);
		const lines = printed
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as { level: string; code: string; settings: string[]; msg: string });
		return { code, lines, printed, complaints };
	}

	/** Starts with an empty database, and stops it once it has printed all that a start prints. */
	async function startWithLittle() {
		copyDatabase(join(directory, "little", ".data"), "empty");
		const child = await start("little", { ...required, APPROVALS: "on-request" });
		let stopping = Number.NaN;
		child.process.stdout?.on("data", (chunk) => {
			if (!String(chunk).includes("embedded-database")) return;
			stopping = Date.now();
			void child.stop();
		});
		const ended = await end(child);
		return { ...ended, stopMs: Date.now() - stopping };
	}

	it.concurrent.each([
		{
			what: "several settings are wrong",
			settings: () => ({
				...required,
				PORT: "99999",
				WATCH_LIMIT_HOURS: "0",
				AZURE_AUTHORITY_HOST: "http://login.example.com",
				DATABASE_URL: "mysql://bot:hush@db/bot",
				AZURE_CLIENT_CERTIFICATE_PATH: "missing.pem",
			}),
			code: "settings-invalid",
			named: [
				"PORT",
				"AZURE_AUTHORITY_HOST",
				"DATABASE_URL",
				"WATCH_LIMIT_HOURS",
				"AZURE_CLIENT_CERTIFICATE_PATH",
			],
		},
		{
			what: "the data directory is a file",
			settings: () => ({ ...required, DATA_DIR: compiled("main.js") }),
			code: "data-directory-unusable",
			named: ["DATA_DIR"],
		},
		{
			what: "the machine is an Alpine Linux, for which the embedded database has no lock",
			settings: () => ({ ...required, NODE_OPTIONS: `--require=${alpine}` }),
			code: "embedded-database-unsupported",
			named: ["DATABASE_URL"],
		},
		{
			what: "the server is down, also on an Alpine Linux",
			settings: () => ({
				...required,
				NODE_OPTIONS: `--require=${alpine}`,
				DATABASE_URL: "postgres://bot:hush@127.0.0.1:1/bot",
			}),
			code: "database-unreachable",
			named: ["DATABASE_URL"],
		},
		{
			what: "the port is taken",
			settings: () => {
				const data = join(directory, "port-data");
				copyDatabase(data);
				return { ...required, PORT: takenPort, DATA_DIR: data };
			},
			code: "port-in-use",
			named: ["PORT"],
		},
	])(
		"says in one line that $what, and ends with 1",
		async ({ what, settings, code, named }) => {
			const ended = await end(await start(what, settings()));
			expect(ended.code).toBe(1);
			expect(ended.complaints).not.toMatch(/Error| {4}at /u);
			expect(ended.lines).toEqual([
				expect.objectContaining({ level: "fatal", code, settings: named, msg: expect.any(String) }),
			]);
			expect(ended.printed).not.toMatch(/hush| {4}at /u);
			expect(START_CODES).toContain(code);
		},
		LIMIT_MS,
	);

	it.concurrent(
		"reads .env, where variables that are set already win, points to misspelt names in it, and says that the database is down",
		async () => {
			const file = Object.entries({ ...required, PORT: "not-used", CANCEL_ROLE: "Global Administrator" })
				.map(([name, value]) => `${name}=${value}`)
				.join("\n");
			const DATABASE_URL = "postgres://bot:hush@127.0.0.1:1/bot";
			const ended = await end(await start("env", { PORT: "0", DATABASE_URL }, file));
			expect(ended.code).toBe(1);
			expect(ended.lines).toEqual([
				expect.objectContaining({ level: "warn", code: "setting-misspelt", settings: ["CANCEL_ROLE"] }),
				expect.objectContaining({
					level: "fatal",
					code: "database-unreachable",
					settings: ["DATABASE_URL"],
				}),
			]);
			expect(ended.printed).not.toMatch(/hush| {4}at /u);
		},
		LIMIT_MS,
	);

	it.concurrent(
		"says that it cannot read .env",
		async () => {
			await mkdir(join(directory, "unreadable", ".env"), { recursive: true });
			const ended = await end(await start("unreadable", required));
			expect(ended.code).toBe(1);
			expect(ended.lines).toEqual([
				expect.objectContaining({ level: "fatal", code: "settings-file-unreadable" }),
			]);
		},
		LIMIT_MS,
	);

	it.concurrent(
		"ends with 0 when it is asked to in the middle of its start",
		async () => {
			// As a server does that takes connections and says nothing.
			const silent = createServer().listen(0, "127.0.0.1");
			const { port } = (await once(silent, "listening").then(() => silent.address())) as AddressInfo;
			const asked = once(silent, "connection");
			const DATABASE_URL = `postgres://bot:hush@127.0.0.1:${port}/bot`;
			const child = await start("early", { ...required, DATABASE_URL });
			const ending = end(child);
			try {
				await within(END_MS, "the bot to look for its database", asked);
			} finally {
				await child.stop();
				silent.close();
			}
			const { code, lines } = await ending;
			expect(code).toBe(0);
			expect(lines.map((line) => line.code ?? line.msg)).toEqual(["stopping"]);
		},
		LIMIT_MS,
	);

	it.concurrent(
		"starts with little, says what follows from it, and ends with 0, quickly when nothing is going on",
		async () => {
			const { code, lines, stopMs } = await startWithLittle();
			expect(code).toBe(0);
			expect(stopMs).toBeLessThan(4_000);
			expect(lines.map((line) => line.code ?? line.msg)).toEqual([
				"listening",
				"managed-identity",
				"embedded-database",
				"stopping",
			]);
			const known: readonly string[] = NOTICE_CODES;
			for (const line of lines.slice(1, 3)) expect(known).toContain(line.code);
		},
		LIMIT_MS,
	);
});

describe("the README", () => {
	it("explains every code that a start can give", async () => {
		const readme = await readFile("README.md", "utf8");
		const missing = [...START_CODES, ...NOTICE_CODES].filter((code) => !readme.includes(`\n| \`${code}\` |`));
		expect(missing).toEqual([]);
	});
});
