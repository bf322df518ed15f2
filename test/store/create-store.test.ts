import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Store, Task } from "../../src/app/store.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { findBrokenLink } from "./broken-link.js";
import { openTestDatabase } from "./open-test-database.js";
import { AT, anna, request, uuid } from "./records.js";

describe("a transaction of the store", () => {
	let database: Database;
	let store: Store;
	const order: string[] = [];
	beforeAll(async () => {
		database = await openTestDatabase();
		await migrate(database);
		store = createStore(database, {
			enqueue: async (sql, tasks) => {
				const lines = await sql.query("select seq from audit_events where type = 'first'");
				order.push(...tasks.map((task) => `${nameOf(task)}, ${lines.length} audited`));
			},
			enqueued: (tasks) => order.push(...tasks.map((task) => `there may be ${nameOf(task)}`)),
			audited: (event) => order.push(`told of ${event.type}`),
		});
	}, 30_000);
	beforeEach(() => {
		order.length = 0;
	});
	afterAll(() => database.close());

	const nameOf = (task: Task) => (task.queue === "post" ? `post ${task.data.messageId}` : task.queue);
	const post = (messageId: string) => ({ queue: "post", data: { messageId }, afterMs: 0 }) as const;
	const note = (type: string, on = store) =>
		on.transaction(async (tx) => tx.audit({ at: AT, type, actor: anna, facts: {} }));

	it("gives what its work gave", async () => {
		expect(await store.transaction(async () => "done")).toBe("done");
		expect(order).toEqual([]);
	});

	it("asks neither the queues nor the audit trail when it has nothing for them", async () => {
		const rename = (from: string, to: string) =>
			database.transaction((sql) => sql.query(`alter table ${from} rename to ${to}`));
		const asked = async () => void order.push("asked the queues");
		await rename("audit_head", "elsewhere");
		await createStore(database, { enqueue: asked }).transaction(async () => {});
		await rename("elsewhere", "audit_head");
		expect(order).toEqual([]);
	});

	it("puts the work in at the end, deliveries in one order, and the audit trail last of all", async () => {
		await store.transaction(async (tx) => {
			tx.audit({ at: AT, type: "first", facts: {} });
			for (const id of ["c", "b", "d", "a"]) tx.enqueue(post(id));
			tx.enqueue({ queue: "watch", data: { cancellationId: uuid(1), seq: 1 }, afterMs: 0 });
			tx.audit({ at: AT, type: "second", facts: {} });
			order.push("worked");
		});
		expect(order).toEqual([
			"worked",
			...["watch", "post a", "post b", "post c", "post d"].map((what) => `${what}, 0 audited`),
			...["post c", "post b", "post d", "post a", "watch"].map((what) => `there may be ${what}`),
			"told of first",
			"told of second",
		]);
		const kept = await database.transaction((sql) => sql.query("select type from audit_events order by seq"));
		expect(kept).toEqual([{ type: "first" }, { type: "second" }]);
	});

	it("puts the work for whoever is on call in by what it is about, since two may be about the same", async () => {
		const escalate = (id: string) =>
			({ queue: "on-call", data: { work: "escalate", id, step: 1 }, afterMs: 0 }) as const;
		const about: string[] = [];
		const tidy = createStore(database, {
			enqueue: async (_sql, tasks) =>
				void about.push(...tasks.map(({ data }) => ("id" in data ? data.id : ""))),
		});
		await tidy.transaction(async (tx) => {
			for (const id of ["c", "a", "b"]) tx.enqueue(escalate(id));
		});
		expect(about).toEqual(["a", "b", "c"]);
	});

	it("tells of its work also when it failed, since a broken connection leaves open whether it is there", async () => {
		const failing = store.transaction(async (tx) => {
			tx.enqueue(post("a"));
			throw new Error("broken");
		});
		await expect(failing).rejects.toThrow("broken");
		expect(order).toEqual(["there may be post a"]);
	});

	it("leaves nothing behind when it failed, and tells nobody of its audit events", async () => {
		const failing = store.transaction(async (tx) => {
			await tx.addRequest(request(1));
			tx.audit({ at: AT, type: "lost", facts: {} });
			throw new Error("rolled back");
		});
		await expect(failing).rejects.toThrow("rolled back");
		expect(await store.transaction((tx) => tx.requestByKey("key 1"))).toBeUndefined();
		expect(order).toEqual([]);
	});

	it("audits also when nobody wants to hear of it", async () => {
		await note("unheard", createStore(database, { enqueue: async () => {} }));
		const kept = await database.transaction((sql) =>
			sql.query("select type from audit_events where type = 'unheard'"),
		);
		expect(kept).toHaveLength(1);
	});

	it("keeps the audit trail one unbroken chain, also when many write at once", async () => {
		await Promise.all(Array.from({ length: 20 }, (_, n) => note(`event-${n}`)));
		expect(await database.transaction(findBrokenLink)).toBeUndefined();
	});
});
