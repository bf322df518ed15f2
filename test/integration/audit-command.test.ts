import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { compiled, startChild } from "../../sandbox/start-child.js";
import type { AuditEvent } from "../../src/app/store.js";
import { runAuditCommand } from "../../src/run-audit-command.js";
import type { Database } from "../../src/store/database.js";
import { openPglite } from "../../src/store/engines/open-pglite.js";
import { openPostgres } from "../../src/store/engines/open-postgres.js";
import { migrate } from "../../src/store/schema.js";
import { appendAudit } from "../../src/store/tables/audit.js";
import { copyDatabase, QUICK_START } from "../empty-database.js";
import { createTestDatabase, openTestDatabase } from "../store/open-test-database.js";

const LIMIT_MS = 60_000;
/** More than are read at a time. */
const EVENTS = 1_200;

/** An event a minute. */
function events(count: number): AuditEvent[] {
	const start = Date.parse("2026-11-23T00:00:00Z");
	return Array.from({ length: count }, (_, minute) => ({
		at: new Date(start + minute * 60_000),
		type: "request.received",
		actor: { tenantId: "t", userId: "anna-id", name: "Anna" },
		facts: { minute },
	}));
}

describe("the audit command", () => {
	let directory: string;
	let database: Database;

	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-audit-"));
		database = await openTestDatabase();
		await migrate(database);
		await database.transaction((sql) => appendAudit(sql, events(EVENTS)), LIMIT_MS);
	}, LIMIT_MS);
	afterAll(async () => {
		await database.close();
		await rm(directory, { recursive: true, force: true });
	});

	/** Runs it on a database that stays open. */
	async function run(args: readonly string[], isNpmHeard = false) {
		const [output, errors] = [new PassThrough(), new PassThrough()];
		const [said, told] = [text(output), text(errors)];
		const code = await runAuditCommand(args, {
			output,
			errors,
			isNpmHeard,
			openDatabase: async () => ({ ...database, close: async () => {} }),
		});
		output.end();
		errors.end();
		return { code, said: await said, told: await told };
	}

	it.each(["csv", "ndjson"])("exports a piece as %s into a file for its owner", async (format) => {
		const out = join(directory, `trail.${format}`);
		const piece = ["--from", "2026-11-23T01:00Z", "--to", "2026-11-23T18:00:00Z"];
		const exported = await run(["export", ...piece, "--format", format, "--out", out]);
		expect(exported).toMatchObject({ code: 0, said: "" });
		const [, hash = ""] =
			/1020 events exported, up to event 1080\. .*: ([0-9a-f]{64})/u.exec(exported.told) ?? [];
		expect((await stat(out)).mode & 0o777).toBe(0o600);
		const verified = await run(["verify", out, "--head", hash]);
		expect(verified).toMatchObject({
			code: 0,
			said: expect.stringContaining("event 1080, and it is the last"),
		});
		expect(verified.said).toContain("events 61 to 1080, 1020 in all");

		await writeFile(
			out,
			(await readFile(out, "utf8")).replace('"minute', '"Minute').replace('\\"minute', '\\"Minute'),
		);
		expect(await run(["verify", out])).toMatchObject({
			code: 1,
			said: expect.stringContaining("Broken at event 61: it is not as it was recorded"),
		});
	});

	it("writes to standard output without --out, and says there that npm would put lines before it", async () => {
		const plain = await run(["export", "--format", "ndjson"]);
		expect(plain.said.trimEnd().split("\n")).toHaveLength(EVENTS);
		expect(plain.told).not.toContain("npm");
		const byNpm = await run(["export", "--to", "2026-11-23T00:01Z"], true);
		expect(byNpm.told).toContain("--out");
	});

	it("says that a piece without events is empty", async () => {
		const empty = await run(["export", "--from", "2030-01-01"]);
		expect(empty).toMatchObject({ code: 0, told: expect.stringContaining("No events lie there") });
		expect(empty.said).toMatch(/^\ufeff?seq,at,type/u);
	});

	it("does not write over a file, and leaves none behind when it cannot be done", async () => {
		const mine = join(directory, "mine.csv");
		await writeFile(mine, "mine");
		const turnedAway = await run(["export", "--out", mine]);
		expect(turnedAway).toMatchObject({ code: 3, told: expect.stringContaining("mine.csv is there already") });
		expect(await readFile(mine, "utf8")).toBe("mine");
		expect((await run(["export", "--out", join(directory, "none/x.csv")])).code).toBe(3);
		expect((await readdir(directory)).filter((name) => name.endsWith(".part"))).toEqual([]);
	});

	it("verifies the database, and confirms a hash that was noted", async () => {
		const whole = await run(["verify"]);
		expect(whole).toMatchObject({ code: 0, said: expect.stringContaining(`events 1 to ${EVENTS}`) });
		const [, hash = ""] = /kept elsewhere: ([0-9a-f]{64})/u.exec(whole.said) ?? [];
		expect(await run(["verify", "--head", hash])).toMatchObject({ code: 0 });
		const foreign = await run(["verify", "--head", "0".repeat(64)]);
		expect(foreign).toMatchObject({ code: 1, said: expect.stringContaining("No event has the hash 000") });
	});
});

describe("the built audit command", () => {
	let directory: string;
	let server: Awaited<ReturnType<typeof createTestDatabase>> | undefined;
	/** Where the bot's database is: on the server of `DATABASE_URL`, else in a directory. */
	let settings: Readonly<Record<string, string>>;

	const open = (): Promise<Database> =>
		server ? Promise.resolve(openPostgres(server.url, () => {})) : openPglite(settings.DATA_DIR ?? "");

	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-audit-"));
		if (process.env.DATABASE_URL !== undefined) server = await createTestDatabase(process.env.DATABASE_URL);
		const dataDirectory = join(directory, "data");
		await mkdir(dataDirectory);
		if (!server) copyDatabase(dataDirectory);
		settings = server ? { DATABASE_URL: server.url } : { DATA_DIR: dataDirectory };
		const database = await open();
		await migrate(database);
		await database.transaction((sql) => appendAudit(sql, events(10)), LIMIT_MS);
		await database.close();
	}, LIMIT_MS);
	afterAll(async () => {
		await server?.drop();
		await rm(directory, { recursive: true, force: true });
	});

	async function run(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
		const child = startChild(compiled("audit-command.js"), {
			args,
			env: { PATH: process.env.PATH, ...settings, ...more },
			output: "pipe",
			cwd: directory,
			execArgv: QUICK_START,
		});
		const { stdout, stderr } = child.process;
		if (!stdout || !stderr) throw new Error("the command has no output");
		const [said, told, code] = await Promise.all([text(stdout), text(stderr), child.exited]);
		return { code, said, told };
	}

	it("explains itself, and knows a wrong use, without any settings", async () => {
		expect(await run(["--help"], { DATA_DIR: "nowhere" })).toMatchObject({
			code: 0,
			said: expect.stringContaining("npm run audit -- export"),
			told: "",
		});
		const wrong = await run(["exprot"], { DATABASE_URL: "nonsense" });
		expect(wrong).toMatchObject({ code: 2, said: "", told: expect.stringContaining("exprot is neither") });
	});

	it("exports into a file, which it then verifies without a database", async () => {
		const exported = await run(["export", "--out", "trail.csv"]);
		expect(exported).toMatchObject({
			code: 0,
			said: "",
			told: expect.stringContaining("10 events exported"),
		});
		const verified = await run(["verify", "trail.csv"], { DATABASE_URL: "", DATA_DIR: "nowhere" });
		expect(verified).toMatchObject({ code: 0, said: expect.stringContaining("events 1 to 10, 10 in all") });
	});

	it("says before an export to standard output that npm has printed there, unless npm was told not to", async () => {
		const byNpm = (more = {}) => run(["export"], { npm_command: "run-script", DATA_DIR: "nowhere", ...more });
		const [loud, silent] = [await byNpm(), await byNpm({ npm_config_loglevel: "silent" })];
		expect(loud.told).toContain("--out");
		expect(silent.told).not.toContain("--out");
	});

	it("says what is wrong with the place of the database, and makes none", async () => {
		const nowhere = await run(["verify"], { DATABASE_URL: "", DATA_DIR: "nowhere" });
		expect(nowhere).toMatchObject({
			code: 3,
			told: expect.stringContaining("no embedded database in nowhere"),
		});
		expect(await readdir(directory)).not.toContain("nowhere");
		const unreachable = await run(["verify"], { DATABASE_URL: "postgres://a:hush@127.0.0.1:1/x" });
		expect(unreachable).toMatchObject({
			code: 3,
			told: expect.stringMatching(/127\.0\.0\.1:1.*takes no connections/u),
		});
		expect(unreachable.told).not.toContain("hush");
	});

	it("reads a server while the bot uses it; of the embedded database it says to stop the bot first", async () => {
		const bot = await open();
		try {
			const meanwhile = await run(["verify"]);
			if (server) expect(meanwhile.code).toBe(0);
			else expect(meanwhile).toMatchObject({ code: 3, told: expect.stringMatching(/in use.*Stop it/su) });
		} finally {
			await bot.close();
		}
	});

	it("names the first event that somebody changed in the database", async () => {
		const database = await open();
		await database.transaction(async (sql) => {
			await sql.query("alter table audit_events disable trigger audit_events_are_append_only");
			await sql.query("update audit_events set line = replace(line, 'Anna', 'Bert') where seq = 7");
			await sql.query("alter table audit_events enable trigger audit_events_are_append_only");
		});
		await database.close();
		const broken = await run(["verify"]);
		expect(broken).toMatchObject({ code: 1, said: expect.stringContaining("Broken at event 7") });
		expect(broken.said).toContain("events 1 to 6 before it are whole");
	});
});
