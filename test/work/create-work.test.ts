import { describe, expect, it, jest } from "@jest/globals";
import type { Task } from "../../src/app/store.js";
import type { Database } from "../../src/store/database.js";
import type { Handlers } from "../../src/work/create-work.js";
import { nextDueMs } from "../../src/work/next-due.js";
import { createBoss } from "../../src/work/queues.js";
import { waitFor } from "../wait-for.js";
import { finished, useInstances } from "./instances.js";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const onServer = process.env.DATABASE_URL === undefined ? it.skip : it;
const onEmbedded = process.env.DATABASE_URL === undefined ? it : it.skip;

jest.setTimeout(30_000);

describe("durable work", () => {
	const { database, start, stopLast, put } = useInstances();

	/** One instance of the bot, whose tasks do what the test says and are noted. */
	async function instance(
		handle: (task: string, failures: number) => Promise<void> = async () => {},
		on?: Database,
		passesMs?: readonly [number, number],
	) {
		const done: string[] = [];
		const told: { error: unknown; facts: object }[] = [];
		const note = (queue: string) => async (data: object, attempt: { failures: number }) => {
			const task = `${queue} ${Object.values(data).find((value) => typeof value === "string")}`;
			await handle(task, attempt.failures);
			done.push(task);
		};
		const suspect = (error: unknown, facts: object) => void told.push({ error, facts });
		const handlers = {
			answer: note("answer"),
			submit: note("submit"),
			watch: note("watch"),
			post: note("post"),
			remind: note("remind"),
			"on-call": note("on-call"),
		};
		const work = await start(handlers satisfies Handlers, {
			suspect,
			...(on && { on }),
			...(passesMs && { passesMs }),
		});
		return { work, done, told };
	}

	const answer = (n: number): Task => ({ queue: "answer", data: { requestId: id(n) } });
	const watch = (n: number, afterMs: number): Task => ({
		queue: "watch",
		data: { cancellationId: id(n), seq: 0 },
		afterMs,
	});
	it("is done once each, put-off tasks after their time", async () => {
		const { work, done } = await instance();
		const before = Date.now();
		await put(work, watch(9, 150), ...Array.from({ length: 50 }, (_, n) => answer(n)));
		const putOff = `watch ${id(9)}`;
		await waitFor(
			"the put-off task",
			() => done,
			(seen) => seen.includes(putOff),
		);
		expect(Date.now() - before).toBeGreaterThanOrEqual(150);
		await finished(done, 51);
		expect(new Set(done).size).toBe(51);
	});

	it("is tried again after a failure, and told how often it has failed", async () => {
		const seen: number[] = [];
		const { work, done } = await instance(async (_task, failures) => {
			seen.push(failures);
			if (failures < 1) throw new Error("once");
		});
		await put(work, answer(1));
		await finished(done, 1);
		expect(seen).toEqual([0, 1]);
	});

	it("that was left by a stopped process is done by the next, also when it is not due yet", async () => {
		const first = await instance(() => new Promise(() => {}));
		await put(first.work, answer(1), watch(2, 700));
		await waitFor(
			"the claim",
			() => database().transaction((sql) => sql.query("select 1 from pgboss.job where state = 'active'")),
			(rows) => rows.length === 1,
		);
		await stopLast();
		const { done } = await instance();
		await finished(done, 2);
	});

	it("that a killed process had claimed is done as soon as a pass has set it free", async () => {
		const { work, done } = await instance(undefined, undefined, [500, 500]);
		await database().transaction(async (sql) => {
			await work.enqueue(sql, [answer(1)]);
			await sql.query(`update pgboss.job set state = 'active', started_on = now() - interval '12 s',
				heartbeat_on = now() - interval '11 s'`);
		});
		// One pass, and pg-boss' pause of 1 to 2 seconds after what it counts as a failure.
		await waitFor(
			"the task that was claimed",
			() => done,
			(seen) => seen.length === 1,
			5_000,
		);
	});

	it("that takes long stays with whoever does it, who renews the claim meanwhile", async () => {
		let begun = 0;
		let end = () => {};
		const handle = () => {
			begun++;
			return new Promise<void>((resolve) => (end = resolve));
		};
		const { work, done } = await instance(handle, undefined, [500, 500]);
		const claim = async () => {
			const [row] = await database().transaction((sql) =>
				sql.query<{ state: string; fails: number; fresh: boolean }>(
					`select state, retry_count as fails, heartbeat_on > now() - interval '4 s' as fresh from pgboss.job`,
				),
			);
			return row;
		};
		await put(work, answer(1));
		await waitFor(
			"the work to begin",
			() => begun,
			(count) => count === 1,
		);
		// As if half the time had passed after which a claim that is not renewed is up for others.
		await database().transaction((sql) =>
			sql.query("update pgboss.job set heartbeat_on = now() - interval '5 s'"),
		);
		await waitFor("a new heartbeat", claim, (seen) => seen?.fresh === true, 15_000);
		expect(await claim()).toEqual({ state: "active", fails: 0, fresh: true });
		expect(begun).toBe(1);
		end();
		await finished(done, 1);
	});

	it("sends one message at a time, and once more when it was told of while it was sending", async () => {
		let running = 0;
		let most = 0;
		let end = () => {};
		const { work, done } = await instance(async () => {
			most = Math.max(most, ++running);
			await new Promise<void>((resolve) => (end = resolve));
			running--;
		});
		const post: Task = { queue: "post", data: { messageId: id(1) }, afterMs: 0 };
		await put(work, post);
		await waitFor(
			"the first",
			() => running,
			(n) => n === 1,
		);
		await put(work, post);
		await put(work, post);
		end();
		await finished(done, 1);
		await waitFor(
			"the second",
			() => running,
			(n) => n === 1,
		);
		end();
		await finished(done, 2);
		expect(most).toBe(1);
	});

	onServer("of one instance is done by another, which hears of it when it is committed", async () => {
		const [silent, other] = [await instance(), await instance()];
		// The one that puts it in is not told, as if it were about to end.
		await database().transaction((sql) => silent.work.enqueue(sql, [answer(1)]));
		await finished(other.done, 1);
		expect(silent.done).toEqual([]);
	});

	it("knows by the database's clock when the next put-off task falls due", async () => {
		const { work } = await instance();
		const boss = createBoss(database());
		boss.on("error", () => {});
		await boss.start();
		expect(await nextDueMs(boss, "watch")).toBeUndefined();
		await database().transaction((sql) => work.enqueue(sql, [watch(1, 60_000), watch(2, 30_000)]));
		const due = await nextDueMs(boss, "watch");
		expect(due).toBeLessThanOrEqual(30_000);
		expect(due).toBeGreaterThan(20_000);
		await boss.stop({ graceful: false });
	});

	onEmbedded("goes on by looking when it may not listen to other instances, and says so", async () => {
		const listen = () => Promise.reject(new Error("no LISTEN behind this pooler"));
		const db = Object.create(database().boss.db ?? null, { listen: { value: listen } });
		const deaf = { ...database(), exclusive: false, boss: { ...database().boss, db } };
		const { work, done, told } = await instance(undefined, deaf);
		expect(told.map(({ error }) => String(error))).toEqual(["Error: no LISTEN behind this pooler"]);
		await put(work, answer(1));
		await finished(done, 1);
	});

	onServer("tells of a connection of its own that breaks while nothing is asked, and goes on", async () => {
		const { work, done, told } = await instance();
		const idle = await database().sql.query(
			`select pg_terminate_backend(pid) from pg_stat_activity
				where datname = current_database() and application_name = 'pgboss' and query not ilike 'listen%'`,
		);
		expect(idle.length).toBeGreaterThan(0);
		const heard = await waitFor(
			"what went wrong",
			() => told,
			(seen) => seen.length > 0,
			5_000,
		);
		expect(heard[0]).toEqual({
			error: expect.objectContaining({ code: "57P01" }),
			facts: { code: "queue-failed" },
		});
		await put(work, answer(1));
		await finished(done, 1);
	});

	it("tells what went wrong with the queue itself: the error, its code and the queue", async () => {
		const { work, told } = await instance();
		await database().transaction((sql) => sql.query("alter table pgboss.job_common rename to gone"));
		work.enqueued([answer(1)]);
		const what = {
			error: expect.objectContaining({ code: "42P01", message: expect.stringContaining("does not exist") }),
			facts: { code: "queue-failed", queue: "answer" },
		};
		const heard = await waitFor(
			"what went wrong",
			() => told.filter(({ facts }) => "queue" in facts && facts.queue === "answer"),
			(seen) => seen.length > 0,
		);
		expect(heard[0]).toEqual(what);
		await database().transaction((sql) => sql.query("alter table pgboss.gone rename to job_common"));
	});
});
