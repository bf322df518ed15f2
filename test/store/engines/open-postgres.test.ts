import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Database } from "../../../src/store/database.js";
import { openPostgres } from "../../../src/store/engines/open-postgres.js";
import { PreparingClient } from "../../../src/store/engines/preparing-client.js";
import { migrate } from "../../../src/store/schema.js";
import { waitFor } from "../../wait-for.js";
import { within } from "../../within.js";
import { type DatabaseProxy, openDatabaseProxy } from "../database-proxy.js";
import { createTestDatabase } from "../open-test-database.js";

const LIMITS = { waitMs: 400, transactionMs: 400 };
/** How long is waited for a database that does not give up, in milliseconds; on a busy machine, too. */
const GIVEN_MS = 10_000;
const givenUp = <T>(asked: Promise<T>) => within(GIVEN_MS, "the database to answer, or to give up", asked);
const server = process.env.DATABASE_URL;
const onServer = server === undefined ? describe.skip : describe;

onServer("a PostgreSQL server that fails (needs DATABASE_URL)", () => {
	let created: { url: string; drop(): Promise<void> };
	let proxy: DatabaseProxy;
	let database: Database;
	let lost: Error[];
	beforeAll(async () => {
		created = await createTestDatabase(server ?? "");
		const direct = openPostgres(created.url, () => {});
		await migrate(direct);
		await direct.transaction((sql) => sql.query("create table notes (n integer primary key)"));
		await direct.close();
	}, 30_000);
	afterAll(() => created.drop());
	beforeEach(async () => {
		lost = [];
		proxy = await openDatabaseProxy(created.url);
		database = openPostgres(proxy.url, (error) => lost.push(error), LIMITS);
	});
	afterEach(async () => {
		proxy.thaw();
		proxy.accept();
		try {
			await database.close();
		} finally {
			await proxy.close();
		}
	});

	const one = async () => (await givenUp(database.transaction((sql) => sql.query("select 1 as one"))))[0];
	const numbers = () =>
		database.transaction((sql) => sql.query<{ n: number }>("select n from notes order by n"));

	it("goes on after every connection broke, in the middle of statements and between them", async () => {
		// Ten connections at once take their time on a busy machine.
		const patient = openPostgres(proxy.url, (error) => lost.push(error));
		let held = 0;
		let allHold = () => {};
		const holding = new Promise<void>((resolve) => {
			allHold = resolve;
		});
		const broken = Array.from({ length: 10 }, (_, n) =>
			patient.transaction(async (sql) => {
				await sql.query("select 1");
				held++;
				await holding;
				// Half of them are busy when it happens, half are idle within their transaction.
				if (n % 2) await new Promise((resolve) => setTimeout(resolve, 50));
				await sql.query("select pg_sleep(0.2)");
			}),
		);
		const outcomes = Promise.allSettled(broken);
		await waitFor(
			"all transactions to have begun",
			() => held,
			(begun) => begun === broken.length,
		);
		allHold();
		setTimeout(() => proxy.cut(), 20);
		expect((await outcomes).map(({ status }) => status)).toEqual(broken.map(() => "rejected"));
		expect(await patient.transaction((sql) => sql.query("select 1 as one"))).toEqual([{ one: 1 }]);
		expect(lost.length).toBeGreaterThan(0);
		await patient.close();
	});

	it("hears of idle connections that break, and goes on", async () => {
		await one();
		proxy.cut();
		await waitFor(
			"the connection to be lost",
			() => lost.length,
			(count) => count > 0,
		);
		expect(await one()).toEqual({ one: 1 });
		expect(lost).toHaveLength(1);
	});

	it("gives up on a server that does not answer, and never uses that connection again", async () => {
		await one();
		const started = Date.now();
		const stuck = database.transaction(async (sql) => {
			proxy.freeze();
			return sql.query("select 'late' as answer");
		});
		await expect(givenUp(stuck)).rejects.toMatchObject({ code: "database-timeout" });
		expect(Date.now() - started).toBeLessThan(5 * LIMITS.transactionMs);
		proxy.thaw();
		const openedBefore = proxy.opened;
		expect(await one()).toEqual({ one: 1 });
		expect(proxy.opened).toBe(openedBefore + 1);
	});

	it("gives up on a server that does not even let it in", async () => {
		proxy.freeze();
		await expect(one()).rejects.toMatchObject({
			code: "database-timeout",
			message: "No connection to the database within 400 ms; nothing was done.",
			cause: expect.any(Error),
		});
		proxy.thaw();
		expect(await one()).toEqual({ one: 1 });
	});

	it("is not called late when it turned the connection down", async () => {
		const nowhere = openPostgres(`${created.url}_not`, () => {}, LIMITS);
		await expect(nowhere.probe()).rejects.toMatchObject({ code: "3D000" });
		await nowhere.close();
	});

	it("keeps a probe no longer than a transaction", async () => {
		await one();
		proxy.freeze();
		await expect(givenUp(database.probe())).rejects.toThrow("The database did not answer within 400 ms");
	});

	it("commits nothing after a failure that was swallowed", async () => {
		const swallowed = database.transaction((sql) => sql.query("select nonsense").catch(() => []));
		await expect(swallowed).rejects.toMatchObject({ code: "not-committed" });
	});

	it("may be shared, sees whose connections they are, and is the same for the work queues, with limits", async () => {
		expect(database.exclusive).toBe(false);
		const [shown] = await database.transaction((sql) => sql.query("show application_name"));
		expect(shown).toEqual({ application_name: "recovery-control" });
		expect(database.boss).toEqual({
			Client: PreparingClient,
			connectionString: proxy.url,
			max: 10,
			keepAlive: true,
			keepAliveInitialDelayMillis: 10_000,
			connectionTimeoutMillis: 5_000,
			statement_timeout: 14_000,
			query_timeout: 15_000,
			idle_in_transaction_session_timeout: 15_000,
		});
	});

	it("gives up waiting when all connections are busy for too long", async () => {
		let letGo: () => void = () => {};
		const held = new Promise<void>((resolve) => {
			letGo = resolve;
		});
		let holding = 0;
		const patient = openPostgres(proxy.url, (error) => lost.push(error), {
			...LIMITS,
			transactionMs: 10_000,
		});
		const busy = Array.from({ length: 10 }, () =>
			patient.transaction(async (sql) => {
				await sql.query("select 1");
				holding++;
				await held;
			}),
		);
		try {
			await waitFor(
				"every connection to be taken",
				() => holding,
				(taken) => taken === 10,
			);
			const late = patient.transaction((sql) => sql.query("select 1"));
			await expect(givenUp(late)).rejects.toMatchObject({ code: "database-timeout" });
		} finally {
			letGo();
			await Promise.allSettled(busy);
			await patient.close();
		}
	});

	it("calls the outcome unknown when the answer to the commit is lost: it may well have happened", async () => {
		const commit = database.transaction(async (sql) => {
			await sql.query("insert into notes values (1)");
			proxy.freezeAnswers();
		});
		await expect(givenUp(commit)).rejects.toThrow(/may or may not have been committed/u);
		proxy.thaw();
		expect(await numbers()).toEqual([{ n: 1 }]);
	});

	it("uses a connection again after a statement of its was refused", async () => {
		await expect(database.transaction((sql) => sql.query("select nonsense"))).rejects.toMatchObject({
			code: "42703",
		});
		expect(await one()).toEqual({ one: 1 });
		expect(proxy.opened).toBe(1);
	});

	it("lets the server itself end what this process can no longer end", async () => {
		const settings = (limitMs?: number) =>
			database.transaction(
				(sql) =>
					sql.query<{ name: string; setting: string }>(
						`select name, setting::integer as ms from pg_settings
							where name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name`,
					),
				limitMs,
			);
		expect(await settings()).toEqual([
			{ name: "idle_in_transaction_session_timeout", ms: 400 },
			{ name: "statement_timeout", ms: 400 },
		]);
		expect(await settings(9_000)).toContainEqual({ name: "statement_timeout", ms: 9_000 });
		expect(await settings()).toContainEqual({ name: "statement_timeout", ms: 400 });
	});

	it("does not fall for a refusal to write", async () => {
		await database.probe();
		const name = new URL(created.url).pathname.slice(1);
		const alter = (setting: string) =>
			database.transaction((sql) => sql.query(`alter database ${name} ${setting}`));
		const afresh = async () => {
			const other = openPostgres(created.url, () => {});
			return other.probe().finally(() => other.close());
		};
		await alter("set default_transaction_read_only = on");
		await expect(afresh()).rejects.toMatchObject({ code: "25006" });
		// From here on sessions of the database itself are read-only.
		await database.transaction(async (sql) => {
			await sql.query("set transaction read write");
			await sql.query(`alter database ${name} reset default_transaction_read_only`);
		});
		await alter("set temp_file_limit = 0");
		await expect(afresh()).rejects.toMatchObject({ code: "53400" });
		await alter("reset temp_file_limit");
		await afresh();
	});

	it("closes although the server does not answer", async () => {
		await one();
		proxy.freeze();
		const stuck = expect(one()).rejects.toMatchObject({ code: "database-timeout" });
		try {
			await givenUp(database.close());
			await stuck;
		} finally {
			// For whoever closes it after the test.
			database = openPostgres(created.url, () => {});
		}
	});
});

describe("a server that takes connections and says nothing", () => {
	it("is given up on", async () => {
		const taken: Socket[] = [];
		const silent = createServer((socket) => taken.push(socket)).listen(0, "127.0.0.1");
		await once(silent, "listening");
		const address = silent.address();
		const port = typeof address === "object" && address ? address.port : 0;
		const database = openPostgres(`postgres://nobody@127.0.0.1:${port}/none`, () => {}, LIMITS);
		try {
			await expect(givenUp(database.probe())).rejects.toMatchObject({ code: "database-timeout" });
		} finally {
			// Whoever still waited for it would keep Jest from ending.
			for (const socket of taken) socket.destroy();
			silent.close();
			await database.close();
		}
	});
});
