import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Store, Task, Tx } from "../../src/app/store.js";
import { openCancellation } from "../../src/core/cancelling/submitting.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { openTestDatabase } from "./open-test-database.js";

const anna = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const nameOf = (task: Task) => (task.queue === "post" ? `post ${task.data.messageId}` : task.queue);
const AT = new Date("2026-11-23T03:00:00Z");

describe("the order of locks", () => {
	let database: Database;
	let store: Store;
	const order: string[] = [];
	beforeAll(async () => {
		database = await openTestDatabase();
		await migrate(database);
		store = createStore(database, {
			enqueue: async (_sql, tasks) => {
				order.push(...tasks.map(nameOf));
			},
			enqueued: (tasks) => order.push(...tasks.map((task) => `told of ${nameOf(task)}`)),
			audited: (event) => order.push(`audited ${event.type}`),
		});
	}, 30_000);
	afterAll(() => database.close());

	const record = openCancellation(
		{
			id: uuid(1),
			receipt: "RC-1",
			job: { id: "job", kind: "recovery", status: "running", counts: {} },
			requester: anna,
			grant: { by: "group", groupId: "g" },
			conversationKey: "chat",
		},
		AT,
	).record;
	const reference = {
		key: "chat",
		tenantId: "t",
		serviceUrl: "https://smba.trafficmanager.net/teams/",
		channelId: "msteams",
		botId: "28:b",
		botName: "Bot",
		conversationType: "personal",
	} as const;
	const request = {
		id: uuid(2),
		dedupeKey: "key",
		actor: anna,
		conversationKey: "chat",
		command: { kind: "help" },
		via: "message",
		receivedAt: AT,
	} as const;
	const message = {
		id: uuid(3),
		kind: "live",
		cancellationId: uuid(1),
		conversationKey: "chat",
		createdAt: AT,
	} as const;

	/** Everything that locks a row, by the kind of row. */
	const steps: readonly (readonly [kind: number, name: string, step: (tx: Tx) => Promise<unknown>])[] = [
		[0, "rememberConversation", (tx) => tx.rememberConversation(reference)],
		[1, "addRequest", (tx) => tx.addRequest(request)],
		[1, "lockRequest", (tx) => tx.lockRequest(uuid(2))],
		[1, "markRequestLate", (tx) => tx.markRequestLate(uuid(2))],
		[
			1,
			"answerRequest",
			(tx) => tx.answerRequest(uuid(2), { kind: "cancellation", cancellationId: uuid(1) }, AT),
		],
		[1, "forgetRequest", (tx) => tx.forgetRequest("other key")],
		[2, "insertCancellation", (tx) => tx.insertCancellation(record)],
		[2, "lockCancellation", (tx) => tx.lockCancellation(uuid(1))],
		[2, "lockOpenCancellation", (tx) => tx.lockOpenCancellation("t", "job")],
		[2, "saveCancellation", (tx) => tx.saveCancellation({ ...record, version: 2 })],
		[3, "ensureMessage", (tx) => tx.ensureMessage(message)],
		[3, "lockMessage", (tx) => tx.lockMessage(uuid(3))],
		[3, "saveMessage", (tx) => tx.saveMessage({ ...message, state: "sent", tries: 0, unclear: 0 })],
	];

	it("is kept by doing everything in it", async () => {
		await store.transaction(async (tx) => {
			for (const [, , step] of steps) await step(tx);
		});
	});

	const backwards = steps.flatMap(([later, name, step]) =>
		steps.filter(([kind]) => kind < later).map(([, earlier, back]) => [name, earlier, step, back] as const),
	);
	it("lets nothing be locked after what comes later", async () => {
		for (const [name, earlier, step, back] of backwards) {
			const outcome = await store
				.transaction(async (tx) => {
					await step(tx).catch(() => undefined);
					await back(tx);
				})
				.then(
					() => "went through",
					(error: Error) => error.message,
				);
			expect(`${earlier} after ${name}: ${outcome}`).toMatch(/the order is conversation, request/u);
		}
	});

	it("allows what is held already to be touched again", async () => {
		await store.transaction(async (tx) => {
			await tx.lockRequest(uuid(2));
			await tx.lockOpenCancellation("t", "job");
			await tx.markRequestLate(uuid(2));
		});
	});

	it("puts the work in at the end, deliveries in one order, and the audit trail last of all", async () => {
		order.length = 0;
		await store.transaction(async (tx) => {
			tx.audit({ at: AT, type: "first", facts: {} });
			tx.enqueue({ queue: "post", data: { messageId: "b" }, afterMs: 0 });
			tx.enqueue({ queue: "post", data: { messageId: "a" }, afterMs: 0 });
			tx.enqueue({ queue: "watch", data: { cancellationId: uuid(1), seq: 1 }, afterMs: 0 });
			order.push("worked");
		});
		expect(order.slice(0, 4)).toEqual(["worked", "watch", "post a", "post b"]);
		expect(order.slice(4)).toEqual([
			...["told of post b", "told of post a", "told of watch"],
			"audited first",
		]);
	});

	it("tells nobody of audit events that were rolled back", async () => {
		order.length = 0;
		const failing = store.transaction(async (tx) => {
			tx.audit({ at: AT, type: "lost", facts: {} });
			throw new Error("rolled back");
		});
		await expect(failing).rejects.toThrow("rolled back");
		expect(order).toEqual([]);
	});
});
