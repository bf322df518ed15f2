import { randomUUID } from "node:crypto";
import type { Log } from "../app/ports.js";
import type { Task } from "../app/store.js";
import type { Database, Sql } from "../store/database.js";
import { Dispatcher, type DispatcherDeps, type Handler, type Pace } from "./dispatcher.js";
import { queuesThatHold } from "./next-due.js";
import {
	createBoss,
	enqueueTasks,
	HEARTBEAT_SECONDS,
	QUEUE_NAMES,
	QUEUES,
	type QueueName,
	waitMs,
} from "./queues.js";

/** What each queue's work is. A handler that rejects is run again later, with growing pauses. */
export type Handlers = {
	readonly [Name in QueueName]: Handler<Extract<Task, { queue: Name }>["data"]>;
};

/** Durable work: tasks go in with the transaction that calls for them, and are done at least once. */
export interface Work {
	/** Puts tasks in, as part of the transaction; resolves when the statements for that are sent. */
	enqueue(sql: Sql, tasks: readonly Task[]): Promise<void>;
	/** That transaction has ended: its tasks are there, or, when nobody knows, may be. */
	enqueued(tasks: readonly Task[]): void;
	/** Makes the queues and begins to work them off. */
	start(handlers: Handlers): Promise<void>;
	/** Ends within `graceMs` and what the database takes; what is not done is handed back. */
	stop(graceMs: number): Promise<void>;
}

/**
 * Polls wait for Graph, which may be slow, and there are many of them: they have many slots, and rest for as
 * long as nobody would notice, so that several are fetched together.
 */
const PACES: Readonly<Record<QueueName, Pace>> = {
	answer: { slots: 48, restMs: 5 },
	submit: { slots: 16, restMs: 5 },
	watch: { slots: 128, restMs: 50 },
	post: { slots: 32, restMs: 5 },
	remind: { slots: 4, restMs: 50 },
	"on-call": { slots: 8, restMs: 50 },
};

/** The channel on which instances tell each other of new tasks. */
const CHANNEL = "recovery_control_work";
/** So that not all instances ask for the one task they were told of at the same moment, in milliseconds. */
const HERD_MS = 50;
/**
 * The least and the most time between two passes over all queues, in milliseconds. They are what an idle bot costs: a
 * pass hands over what a dead process had claimed, and sees what nobody told of. In a database of our own the first is
 * done at the start.
 */
const PASSES_MS = { alone: [110_000, 120_000], shared: [25_000, 28_000] } as const;
/**
 * After a start, which mostly follows an end, and after a failure of the database, which may have swallowed a
 * claim: what nobody keeps alive any more is missed just after this, in milliseconds.
 */
const TAKE_OVER_MS = (HEARTBEAT_SECONDS + 2) * 1_000;

/**
 * Work on pg-boss. `suspect` hears what goes wrong with the queues themselves: mostly that the database is
 * away, and then again and again. `passesMs` is how far apart the passes over all queues are.
 */
export function createWork(
	database: Database,
	deps: {
		readonly log: Pick<Log, "warn" | "error">;
		readonly suspect: (error: unknown, facts: object, message: string) => void;
		readonly passesMs?: readonly [least: number, most: number];
	},
): Work {
	const { log, passesMs = PASSES_MS[database.exclusive ? "alone" : "shared"] } = deps;
	const boss = createBoss(database);
	const instance = randomUUID();
	const dispatchers = new Map<string, Pick<Dispatcher<object>, "wake" | "look" | "stop">>();
	/** Queues that nobody works off here yet: nothing has been put into them. */
	const resting = new Map<string, () => void>();
	let stopping = false;
	let passing: Promise<void> = Promise.resolve();
	let nextPass: NodeJS.Timeout | undefined;
	let takeOver: NodeJS.Timeout | undefined;
	let listening: { close(): Promise<void> } | undefined;
	function suspect(error: unknown, queue?: QueueName): void {
		deps.suspect(error, { code: "queue-failed", ...(queue && { queue }) }, "work queue error");
		takeOverSoon();
	}
	boss.on("error", (error) => suspect(error));
	boss.on("warning", ({ message }) =>
		log.warn({ code: "queue-warning", why: message }, "work queue warning"),
	);

	function begin<Data extends object>(name: QueueName, handle: Handler<Data>): void {
		const failed: DispatcherDeps<Data>["failed"] = (err, { data, failures }) =>
			log.error(
				{ code: "work-failed", err, queue: name, data, failures },
				"work failed, will be tried again",
			);
		const deps = { boss, handle, failed, suspect: (error: unknown) => suspect(error, name) };
		dispatchers.set(name, new Dispatcher(name, PACES[name], deps));
	}

	function wake(queue: string, afterMs: number): void {
		const rest = resting.get(queue);
		resting.delete(queue);
		// It begins by looking.
		if (!rest) dispatchers.get(queue)?.wake(afterMs);
		else if (!stopping) rest();
	}

	/** Sees what nobody told of, in all queues: one question when there is nothing. */
	async function lookEverywhere(): Promise<void> {
		for (const name of await queuesThatHold(boss, QUEUE_NAMES)) {
			if (resting.has(name)) wake(name, 0);
			else dispatchers.get(name)?.look();
		}
	}

	async function listen(): Promise<void> {
		listening = await boss.getDb().listen?.(
			CHANNEL,
			(told) => {
				const [from, ...queues] = told.split(" ");
				if (from === instance) return;
				for (const queue of queues) wake(queue, Math.random() * HERD_MS);
			},
			// What was told meanwhile was not heard.
			() => void lookEverywhere().catch((error) => suspect(error)),
		);
	}

	/** Without it, what others put in is seen by looking; so that keeps no bot from starting. */
	async function listenIfNot(): Promise<void> {
		if (!listening && !database.exclusive) await listen().catch((error) => suspect(error));
	}

	/** Has what was claimed and lost handed out again, and looks at once; never rejects. */
	function pass(): Promise<void> {
		passing = passing.then(async () => {
			if (stopping) return;
			try {
				await boss.supervise();
				await listenIfNot();
				await lookEverywhere();
			} catch (error) {
				suspect(error);
			}
		});
		return passing;
	}

	function passAgain(): void {
		const [least, most] = passesMs;
		// Instances that started together do not pass together.
		if (!stopping)
			nextPass = setTimeout(() => void pass().then(passAgain), least + (most - least) * Math.random());
	}

	function takeOverSoon(): void {
		clearTimeout(takeOver);
		if (!stopping) takeOver = setTimeout(() => void pass(), TAKE_OVER_MS);
	}

	/**
	 * Hands work that a dead process left claimed to this one at once, instead of waiting for its heartbeat to be
	 * missed. Only for a database that no other process can be using.
	 */
	async function release(): Promise<void> {
		const { rows } = await boss
			.getDb()
			.executeSql("select name, id from pgboss.job where state = 'active' and name = any($1)", [QUEUE_NAMES]);
		for (const { name, id } of rows as { name: string; id: string }[])
			await boss.fail(name, id, { reason: "the process that did this work ended" });
	}

	return {
		async enqueue(sql, tasks) {
			await enqueueTasks(boss, sql, tasks);
			if (database.exclusive) return;
			const due = new Set(tasks.filter((task) => waitMs(task) <= 0).map((task) => task.queue));
			if (due.size > 0) void sql.query("select pg_notify($1, $2)", [CHANNEL, [instance, ...due].join(" ")]);
		},
		enqueued(tasks) {
			for (const task of tasks) wake(task.queue, waitMs(task));
		},
		async start(handlers) {
			await boss.start();
			const made = new Set((await boss.getQueues([...QUEUE_NAMES])).map(({ name }) => name));
			for (const name of QUEUE_NAMES) if (!made.has(name)) await boss.createQueue(name, QUEUES[name]);
			if (database.exclusive) await release();
			for (const name of QUEUE_NAMES) resting.set(name, () => begin(name, handlers[name] as Handler<object>));
			await lookEverywhere();
			passAgain();
			if (database.exclusive) return;
			await listenIfNot();
			takeOverSoon();
		},
		async stop(graceMs) {
			stopping = true;
			clearTimeout(nextPass);
			clearTimeout(takeOver);
			await passing;
			await listening?.close();
			await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.stop(graceMs)));
			await boss.stop({ graceful: false });
		},
	};
}
