import { randomUUID } from "node:crypto";
import type { Log } from "../app/ports.js";
import type { Task } from "../app/store.js";
import type { Database, Sql } from "../store/database.js";
import { Dispatcher, type DispatcherDeps, type Handler, type Pace } from "./dispatcher.js";
import {
	createBoss,
	enqueueTasks,
	HEARTBEAT_SECONDS,
	ON_DEMAND,
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
 * After a start, which mostly follows an end, and after a failure of the database, which may have swallowed a
 * claim: what nobody keeps alive any more is missed just after this, in milliseconds.
 */
const TAKE_OVER_MS = (HEARTBEAT_SECONDS + 2) * 1_000;

/**
 * Work on pg-boss. `suspect` hears what goes wrong with the queues themselves: mostly that the database is
 * away, and then again and again.
 */
export function createWork(
	database: Database,
	deps: {
		readonly log: Pick<Log, "warn" | "error">;
		readonly suspect: (error: unknown, facts: object, message: string) => void;
	},
): Work {
	const { log } = deps;
	const boss = createBoss(database);
	const instance = randomUUID();
	const dispatchers = new Map<string, Pick<Dispatcher<object>, "wake" | "look" | "stop">>();
	/** Queues that nobody works off here yet: nothing has been put into them. */
	const resting = new Map<string, () => void>();
	let stopping = false;
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

	/** Begins with the queues that have something in them, whoever put it there. */
	async function beginResting(): Promise<void> {
		if (resting.size === 0) return;
		const { rows } = await boss
			.getDb()
			.executeSql("select distinct name from pgboss.job where name = any($1) and state < 'completed'", [
				[...resting.keys()],
			]);
		for (const { name } of rows as { name: string }[]) wake(name, 0);
	}

	function lookEverywhere(): void {
		for (const dispatcher of dispatchers.values()) dispatcher.look();
		void beginResting().catch((error) => suspect(error));
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
			lookEverywhere,
		);
	}

	/** Without it, what others put in is seen by looking; so that keeps no bot from starting. */
	async function listenIfNot(): Promise<void> {
		if (!listening && !database.exclusive) await listen().catch((error) => suspect(error));
	}

	/** Has what was claimed and lost handed out again, without waiting for the next pass over all queues. */
	function takeOverSoon(): void {
		clearTimeout(takeOver);
		if (!stopping)
			takeOver = setTimeout(
				() => void boss.supervise().then(listenIfNot).then(lookEverywhere, suspect),
				TAKE_OVER_MS,
			);
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
			// In a database of our own nobody else puts tasks in; on a server others may put some off, and end.
			if (!database.exclusive) for (const name of QUEUE_NAMES) if (!ON_DEMAND.has(name)) wake(name, 0);
			await beginResting();
			if (database.exclusive) return;
			await listenIfNot();
			takeOverSoon();
		},
		async stop(graceMs) {
			stopping = true;
			clearTimeout(takeOver);
			await listening?.close();
			await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.stop(graceMs)));
			await boss.stop({ graceful: false });
		},
	};
}
