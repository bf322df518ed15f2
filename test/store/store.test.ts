import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { NewRequest, Store } from "../../src/app/store.js";
import { openCancellation } from "../../src/core/cancelling/submitting.js";
import { findBrokenLink } from "../../src/store/audit.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { openTestDatabase } from "./open-test-database.js";

const anna = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

describe("the store", () => {
	let database: Database;
	let store: Store;
	beforeAll(async () => {
		database = await openTestDatabase();
		await migrate(database);
		store = createStore(database, { enqueue: async () => {} });
	}, 30_000);
	afterAll(() => database?.close());

	const request = (n: number, dedupeKey: string): NewRequest => ({
		id: uuid(n),
		dedupeKey,
		actor: anna,
		conversationKey: "chat",
		command: { kind: "help" },
		via: "press",
		receivedAt: new Date("2026-11-23T03:00:00Z"),
	});
	const cancellation = (n: number, jobId: string) =>
		openCancellation(
			{
				id: uuid(n),
				receipt: `RC-${n}`,
				job: { id: jobId, kind: "recovery", status: "running", counts: {} },
				requester: anna,
				grant: { by: "group", groupId: "g" },
				conversationKey: "chat",
			},
			new Date("2026-11-23T03:00:00Z"),
		).record;

	it("brings an up-to-date database up to date without doing anything", async () => {
		await migrate(database);
	});

	it("takes writes, and says why when it does not", async () => {
		await database.probe();
		await database.transaction((sql) => sql.query("alter table schema_version rename to elsewhere"));
		await expect(database.probe()).rejects.toThrow(/schema_version/u);
		await database.transaction((sql) => sql.query("alter table elsewhere rename to schema_version"));
		await database.probe();
	});

	it("takes nothing for committed after a failure that its user swallowed", async () => {
		const swallowed = database.transaction(async (sql) => {
			await sql.query("select nonsense").catch(() => {});
			return "done";
		});
		await expect(swallowed).rejects.toMatchObject({ code: "not-committed" });
	});

	it("keeps one request for a key, however often it is delivered", async () => {
		expect(await store.transaction((tx) => tx.addRequest(request(1, "same")))).toBe(true);
		expect(await store.transaction((tx) => tx.addRequest(request(2, "same")))).toBe(false);
		const kept = await store.transaction((tx) => tx.requestByKey("same"));
		expect(kept).toEqual({ ...request(1, "same"), late: false });
	});

	it("takes one answer, and nobody can give up waiting for it afterwards", async () => {
		await store.transaction((tx) => tx.addRequest(request(3, "late")));
		expect(await store.transaction((tx) => tx.markRequestLate(uuid(3)))).toBe(true);
		const answer = { kind: "cancellation", cancellationId: uuid(9) } as const;
		await store.transaction((tx) => tx.answerRequest(uuid(3), answer, new Date()));
		expect(await store.transaction((tx) => tx.request(uuid(3)))).toMatchObject({ late: true, answer });
		await expect(store.transaction((tx) => tx.answerRequest(uuid(3), answer, new Date()))).rejects.toThrow(
			"answered",
		);
		expect(await store.transaction((tx) => tx.markRequestLate(uuid(3)))).toBe(false);
	});

	it("has at most one open cancellation of a job, even when two are opened at the same moment", async () => {
		const opened = await Promise.all(
			[10, 11, 12].map((n) => store.transaction((tx) => tx.insertCancellation(cancellation(n, "job-1")))),
		);
		expect(opened.filter(Boolean)).toHaveLength(1);
	});

	it("allows a new one once the first has ended", async () => {
		const first = cancellation(20, "job-2");
		await store.transaction((tx) => tx.insertCancellation(first));
		await store.transaction((tx) => tx.saveCancellation({ ...first, state: "refused", version: 2 }));
		expect(await store.transaction((tx) => tx.lockOpenCancellation("t", "job-2"))).toBeUndefined();
		expect(await store.transaction((tx) => tx.insertCancellation(cancellation(21, "job-2")))).toBe(true);
	});

	it("never saves over a newer version", async () => {
		const record = cancellation(30, "job-3");
		await store.transaction((tx) => tx.insertCancellation(record));
		await store.transaction((tx) => tx.saveCancellation({ ...record, version: 2 }));
		await expect(store.transaction((tx) => tx.saveCancellation({ ...record, version: 2 }))).rejects.toThrow(
			"version",
		);
	});

	it("keeps nothing of a transaction that failed", async () => {
		const failing = store.transaction(async (tx) => {
			await tx.addRequest(request(40, "rolled-back"));
			throw new Error("no");
		});
		await expect(failing).rejects.toThrow("no");
		expect(await store.transaction((tx) => tx.requestByKey("rolled-back"))).toBeUndefined();
	});

	it("has one message for one subject, kind and conversation", async () => {
		const message = (n: number) => ({
			id: uuid(n),
			kind: "follow-up" as const,
			cancellationId: uuid(50),
			conversationKey: "chat",
			createdAt: new Date(),
		});
		const first = await store.transaction((tx) => tx.ensureMessage(message(51)));
		const second = await store.transaction((tx) => tx.ensureMessage(message(52)));
		expect(second).toEqual(first);
	});

	it("refreshes a conversation's address", async () => {
		const reference = {
			key: "19:x",
			tenantId: "t",
			serviceUrl: "https://old/",
			channelId: "msteams",
			botId: "28:b",
			botName: "Bot",
			conversationType: "channel" as const,
		};
		await store.transaction((tx) => tx.rememberConversation(reference));
		await store.transaction((tx) => tx.rememberConversation({ ...reference, serviceUrl: "https://new/" }));
		expect(await store.transaction((tx) => tx.conversation("19:x"))).toMatchObject({
			serviceUrl: "https://new/",
		});
	});

	describe("the audit trail", () => {
		const note = (type: string) =>
			store.transaction(async (tx) =>
				tx.audit({ at: new Date("2026-11-23T03:00:00Z"), type, actor: anna, facts: { why: "ü" } }),
			);

		it("is one unbroken chain, also when many write at once", async () => {
			await Promise.all(Array.from({ length: 20 }, (_, n) => note(`event-${n}`)));
			expect(await database.transaction(findBrokenLink)).toBeUndefined();
		});

		it.each(["update audit_events set type = 'x'", "delete from audit_events", "truncate audit_events"])(
			"refuses %s",
			async (statement) => {
				await note("kept");
				await expect(database.transaction((sql) => sql.query(statement))).rejects.toThrow("append-only");
			},
		);

		it("shows where somebody with the keys to the database changed it all the same", async () => {
			await note("genuine");
			await note("last");
			const broken = database.transaction(async (sql) => {
				await sql.query("alter table audit_events disable trigger audit_events_are_append_only");
				await sql.query(
					"update audit_events set line = replace(line, 'genuine', 'invented') where type = 'genuine'",
				);
				throw new Found(await findBrokenLink(sql));
			});
			await expect(broken).rejects.toMatchObject({ seq: expect.any(Number) });
		});
	});
});

class Found extends Error {
	readonly seq: number | undefined;
	constructor(seq: number | undefined) {
		super("rolled back on purpose");
		this.seq = seq;
	}
}
