import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { Dispatcher } from "../../src/work/dispatcher.js";
import type { QueueName } from "../../src/work/queues.js";
import { waitFor } from "../wait-for.js";

interface Data {
	readonly n: number;
}

/** pg-boss' side of one queue, played: what it is asked, in order, and what it answers. */
class PlayedBoss {
	readonly asked: string[] = [];
	readonly waiting: number[] = [];
	/** Put-off tasks, as pg-boss would tell of them. */
	nextDueMs: number | null = null;
	beforeFetch: () => Promise<void> = async () => {};
	#fetched = 0;

	put(...tasks: number[]) {
		this.waiting.push(...tasks);
	}
	getDb() {
		return {
			executeSql: async () => {
				this.asked.push("due?");
				return { rows: [{ wait: this.nextDueMs === null ? null : String(this.nextDueMs) }] };
			},
		};
	}
	async fetch(_name: string, { batchSize }: { batchSize: number }) {
		this.asked.push(`fetch ${batchSize}`);
		const claimed = this.waiting.splice(0, batchSize);
		await this.beforeFetch();
		return claimed.map((n) => ({ id: `job ${n} of fetch ${++this.#fetched}`, data: { n }, retryCount: 0 }));
	}
	#settled(what: string, jobs: JobWithMetadata<Data> | JobWithMetadata<Data>[]) {
		this.asked.push(`${what} ${[jobs].flat().map((job) => job.data.n)}`);
	}
	async complete(_name: string, job: JobWithMetadata<Data>) {
		this.#settled("complete", job);
	}
	async fail(_name: string, job: JobWithMetadata<Data>) {
		this.#settled("fail", job);
	}
	async touch(_name: string, jobs: JobWithMetadata<Data>[]) {
		this.#settled("touch", jobs);
	}
}

describe("a dispatcher", () => {
	const dispatchers: Dispatcher<Data>[] = [];
	afterEach(async () => {
		await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.stop(0)));
	});

	function dispatch(
		boss: PlayedBoss,
		handle: (n: number) => Promise<void> = async () => {},
		{ slots = 4, queue = "watch" as QueueName } = {},
	) {
		const failed: unknown[] = [];
		const suspected: unknown[] = [];
		const dispatcher = new Dispatcher<Data>(
			queue,
			{ slots, restMs: 1 },
			{
				boss: boss as unknown as PgBoss,
				handle: ({ n }) => handle(n),
				failed: (error) => failed.push(error),
				suspect: (error) => suspected.push(error),
			},
		);
		dispatchers.push(dispatcher);
		return { dispatcher, failed, suspected };
	}

	const asked = (boss: PlayedBoss, what: string, times = 1) =>
		waitFor(
			`${times} times "${what}"`,
			() => boss.asked,
			(seen) => seen.filter((a) => a === what).length >= times,
		);

	/** Long enough for several rounds, if there were a reason for one. */
	const quiet = () => pause(30);

	it("looks for what is there at its start, first at what falls due later, and then asks nothing", async () => {
		const boss = new PlayedBoss();
		boss.put(1);
		dispatch(boss);
		await asked(boss, "complete 1");
		await quiet();
		expect(boss.asked).toEqual(["due?", "fetch 4", "complete 1"]);
	});

	it("is woken by what it is told of, now or later, without a look", async () => {
		const boss = new PlayedBoss();
		const { dispatcher } = dispatch(boss);
		await asked(boss, "fetch 4");
		boss.put(1);
		dispatcher.wake();
		await asked(boss, "complete 1");
		boss.put(2);
		dispatcher.wake(20);
		await quiet();
		await asked(boss, "complete 2");
		expect(boss.asked.filter((a) => a === "due?")).toHaveLength(1);
	});

	it("does not lose what it is told of while it fetches", async () => {
		const boss = new PlayedBoss();
		const { dispatcher } = dispatch(boss);
		await asked(boss, "fetch 4");
		boss.beforeFetch = async () => {
			boss.beforeFetch = async () => {};
			boss.put(7);
			dispatcher.wake();
		};
		dispatcher.wake();
		await asked(boss, "complete 7");
	});

	it("claims no more than it has slots for, and goes on as soon as one is free", async () => {
		const boss = new PlayedBoss();
		const ends: (() => void)[] = [];
		boss.put(1, 2, 3);
		dispatch(boss, () => new Promise((resolve) => ends.push(resolve)), { slots: 2 });
		await asked(boss, "fetch 2");
		await quiet();
		expect(ends).toHaveLength(2);
		ends[1]?.();
		await asked(boss, "fetch 1");
		await waitFor(
			"the third",
			() => ends.length,
			(n) => n === 3,
		);
		for (const end of ends) end();
	});

	it("looks at the moment at which a task that nobody told of falls due", async () => {
		const boss = new PlayedBoss();
		boss.nextDueMs = 20;
		dispatch(boss);
		await asked(boss, "fetch 4");
		boss.nextDueMs = null;
		boss.put(5);
		await asked(boss, "complete 5");
		expect(boss.asked.slice(0, 4)).toEqual(["due?", "fetch 4", "due?", "fetch 4"]);
	});

	it("asks again for a key's next task when one that it was told of could not be claimed", async () => {
		const boss = new PlayedBoss();
		let end = () => {};
		boss.put(1);
		const { dispatcher } = dispatch(boss, () => new Promise((resolve) => (end = resolve)), { queue: "post" });
		await asked(boss, "fetch 4");
		dispatcher.wake();
		await asked(boss, "fetch 2");
		boss.put(2);
		end();
		await asked(boss, "complete 1");
		await waitFor(
			"the second",
			() => boss.waiting.length,
			(n) => n === 0,
		);
		end();
	});

	it("tells the database of what is done together, and at once when that may be in the way of a key's next task", async () => {
		const boss = new PlayedBoss();
		boss.put(1, 2, 3);
		const { dispatcher } = dispatch(boss, async () => {}, { queue: "post" });
		await asked(boss, "fetch 4", 2);
		expect(boss.asked).toEqual(["due?", "fetch 4", "complete 1,2,3", "fetch 4"]);
		boss.put(4);
		dispatcher.wake();
		await asked(boss, "complete 4");
		expect(boss.asked.slice(4)).toEqual(["fetch 4", "complete 4", "fetch 4"].slice(0, boss.asked.length - 4));
	});

	it("fetches keyed tasks only when the database knows of all that are done", async () => {
		const boss = new PlayedBoss();
		boss.put(1);
		const { complete } = boss;
		let told = () => {};
		boss.complete = async (...given) => {
			await new Promise<void>((resolve) => (told = resolve));
			return complete.apply(boss, given);
		};
		const { dispatcher } = dispatch(boss, async () => {}, { queue: "post" });
		await asked(boss, "fetch 4");
		// Told of by the clock, not by the fetch.
		await pause(150);
		dispatcher.wake();
		await quiet();
		expect(boss.asked).toEqual(["due?", "fetch 4"]);
		told();
		await asked(boss, "fetch 4", 2);
		expect(boss.asked).toEqual(["due?", "fetch 4", "complete 1", "fetch 4"]);
	});

	it("does not keep a slot for a task that is done", async () => {
		const boss = new PlayedBoss();
		boss.put(1, 2, 3);
		dispatch(boss, async () => {}, { slots: 1 });
		await asked(boss, "complete 1,2,3");
		expect(boss.asked.filter((a) => a === "fetch 1")).toHaveLength(4);
	});

	it("asks again for keyed tasks while half of what it asked for may have been another task of the same key", async () => {
		const boss = new PlayedBoss();
		boss.put(1, 2);
		dispatch(boss, async () => {}, { queue: "post" });
		await asked(boss, "fetch 4", 2);
		await quiet();
		expect(boss.asked).toEqual(["due?", "fetch 4", "complete 1,2", "fetch 4"]);
	});

	it("gives a failed task back, tells it, and looks for when it is up again", async () => {
		const boss = new PlayedBoss();
		boss.put(1);
		const { failed } = dispatch(boss, async () => {
			throw new Error("away");
		});
		await asked(boss, "fail 1");
		await asked(boss, "due?", 2);
		expect(failed).toEqual([new Error("away")]);
	});

	it("goes on when fetching has failed, and tells it", async () => {
		const boss = new PlayedBoss();
		boss.beforeFetch = async () => {
			boss.beforeFetch = async () => {};
			throw new Error("no database");
		};
		const { suspected } = dispatch(boss);
		await asked(boss, "due?", 2);
		boss.put(1);
		await asked(boss, "fetch 4", 2);
		expect(suspected).toEqual([new Error("no database")]);
	});

	it("leaves a task to its heartbeat when it cannot be settled", async () => {
		const boss = new PlayedBoss();
		boss.complete = async () => {
			throw new Error("no database");
		};
		boss.put(1);
		const { dispatcher, suspected } = dispatch(boss);
		await waitFor(
			"the failure",
			() => suspected.length,
			(n) => n === 1,
		);
		dispatcher.wake();
		await asked(boss, "fetch 4", 2);
	});

	it("does what a fetch brings while it is being stopped, and hands back what does not end in time", async () => {
		const boss = new PlayedBoss();
		const { dispatcher } = dispatch(boss, (n) => (n === 1 ? Promise.resolve() : new Promise(() => {})));
		await asked(boss, "fetch 4");
		boss.put(1, 2);
		let stopped: Promise<void> | undefined;
		boss.beforeFetch = async () => {
			stopped = dispatcher.stop(20);
		};
		dispatcher.wake();
		await asked(boss, "fail 2");
		await stopped;
		expect(boss.asked.slice(-3)).toEqual(["fetch 4", "complete 1", "fail 2"]);
		dispatcher.wake();
		await quiet();
		expect(boss.asked.at(-1)).toBe("fail 2");
	});

	it("ends as soon as nothing is under way", async () => {
		const boss = new PlayedBoss();
		const { dispatcher } = dispatch(boss);
		await asked(boss, "fetch 4");
		await dispatcher.stop(60_000);
	});
});
