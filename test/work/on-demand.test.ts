import { describe, expect, it, jest } from "@jest/globals";
import type { Task } from "../../src/app/store.js";
import { waitFor } from "../wait-for.js";
import { counting } from "./counting.js";
import { finished, useInstances } from "./instances.js";

const onServer = process.env.DATABASE_URL === undefined ? it.skip : it;
const onEmbedded = process.env.DATABASE_URL === undefined ? it : it.skip;
const look = (afterMs = 0, id = "tenant"): Task => ({
	queue: "on-call",
	data: { work: "look", id },
	afterMs,
});
const isFetch = (text: string) => text.includes("started_on = ") && text.includes("on-call");

jest.setTimeout(30_000);

/** Asked by a dispatcher: for tasks, or for when the next one falls due. */
const isLook = (text: string) =>
	/started_on = |start_after as due/u.test(text) && !text.includes("pgboss.bam");

describe("queues that hold nothing", () => {
	const statements: string[] = [];
	const { start, stopLast } = useInstances((database) => counting(database, statements));

	// Of a server's, pg-boss' own statements are not seen.
	onEmbedded("cost one question for all of them after each pass, and nothing between", async () => {
		statements.length = 0;
		await start({}, { passesMs: [150, 150] });
		await waitFor(
			"three passes",
			() => statements.filter((text) => text.startsWith("select queue")).length,
			(count) => count >= 4,
		);
		await stopLast();
		expect(statements.filter(isLook)).toEqual([]);
	});
});

describe("the queue of whoever is on call", () => {
	const statements: string[] = [];
	const { database, start, stopLast, put } = useInstances((database) => counting(database, statements));

	async function instance(handle: (id: string) => Promise<void> = async () => {}) {
		const done: string[] = [];
		const work = await start({
			"on-call": async ({ id }) => {
				await handle(id);
				done.push(id);
			},
		});
		return { work, done };
	}

	it("is not asked for anything before something was put into it", async () => {
		statements.length = 0;
		const { work, done } = await instance();
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(statements.filter(isFetch)).toEqual([]);
		await put(work, look());
		await finished(done, 1);
	});

	it("goes on with what another process left in it, however long that is put off", async () => {
		const first = await instance();
		await database().transaction((sql) => first.work.enqueue(sql, [look(600)]));
		await stopLast();
		const { done } = await instance();
		await finished(done, 1);
	});

	it("holds one look at a tenant that waits, and one that goes on", async () => {
		let running = 0;
		let most = 0;
		let end = () => {};
		const { work, done } = await instance(async () => {
			most = Math.max(most, ++running);
			await new Promise<void>((resolve) => (end = resolve));
			running--;
		});
		await put(work, look());
		await waitFor(
			"the first",
			() => running,
			(n) => n === 1,
		);
		await put(work, look(), look(), look());
		end();
		await finished(done, 1);
		await waitFor(
			"the second",
			() => running,
			(n) => n === 1,
		);
		end();
		await finished(done, 2);
		await new Promise((resolve) => setTimeout(resolve, 200));
		expect([most, done.length]).toEqual([1, 2]);
	});

	onServer("is worked off by whichever instance is there, one look at a time", async () => {
		let running = 0;
		let most = 0;
		const busy = async () => {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setTimeout(resolve, 20));
			running--;
		};
		const [one, other] = [await instance(busy), await instance(busy)];
		for (let n = 0; n < 10; n++) {
			await put(n % 2 ? one.work : other.work, look());
			await new Promise((resolve) => setTimeout(resolve, 40));
		}
		await waitFor(
			"all looks",
			() => one.done.length + other.done.length,
			(count) => count >= 5,
		);
		expect(most).toBe(1);
	});
});
