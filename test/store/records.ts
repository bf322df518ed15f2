import { afterAll, beforeAll, it } from "@jest/globals";
import type { ConversationRef } from "../../src/app/ports.js";
import type { NewRequest, Store, Tx } from "../../src/app/store.js";
import type { Cancellation } from "../../src/core/cancelling/cancellation.js";
import { openCancellation } from "../../src/core/cancelling/submitting.js";
import { createStore } from "../../src/store/create-store.js";
import type { Database } from "../../src/store/database.js";
import { migrate } from "../../src/store/schema.js";
import { waitFor } from "../wait-for.js";
import { openTestDatabase } from "./open-test-database.js";

/** An embedded database has one transaction at a time. */
export const itOnServer = process.env.DATABASE_URL === undefined ? it.skip : it;

export const AT = new Date("2026-11-23T03:00:00.125Z");
export const anna = { tenantId: "t", userId: "anna", name: "Anna", channelUserId: "29:anna" };
export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** A store on a database of its own for the tests of one file: `inStore` does something in one transaction. */
export function useStore(): { inStore: Store["transaction"]; database(): Database } {
	let database: Database | undefined;
	let store: Store | undefined;
	beforeAll(async () => {
		database = await openTestDatabase();
		await migrate(database);
		store = createStore(database, { enqueue: async () => {} });
	}, 30_000);
	afterAll(() => database?.close());
	return {
		inStore(work) {
			if (!store) throw new Error("the store is not open yet");
			return store.transaction(work);
		},
		database() {
			if (!database) throw new Error("the database is not open yet");
			return database;
		},
	};
}

/** What a lock says that is taken too late. */
export const TOO_LATE =
	"the order is conversation, request, watch, deciders, cancellation, incident, subscription, message";

/** Locks what comes last, so that no lock of another kind may follow. */
export const lockLast = (tx: Tx) => tx.lockMessage(uuid(999));

export const request = (n: number, overrides: Partial<NewRequest> = {}): NewRequest => ({
	id: uuid(n),
	dedupeKey: `key ${n}`,
	actor: anna,
	conversationKey: "chat",
	command: { kind: "help" },
	via: "press",
	receivedAt: AT,
	...overrides,
});

/** A cancellation just opened, of the job of the same number. */
export const cancellation = (n: number, jobId = `job-${n}`): Cancellation =>
	openCancellation(
		{
			id: uuid(n),
			receipt: `RC-${n}`,
			job: { id: jobId, kind: "recovery", status: "running", counts: {} },
			requester: anna,
			grant: { by: "group", groupId: "g" },
			conversationKey: "chat",
		},
		AT,
	).record;

export const message = (n: number) =>
	({ id: uuid(n), kind: "live", cancellationId: uuid(1), conversationKey: "chat", createdAt: AT }) as const;

export const conversation = (key: string): ConversationRef => ({
	key,
	tenantId: "t",
	serviceUrl: "https://smba.trafficmanager.net/teams/",
	channelId: "msteams",
	botId: "28:b",
	botName: "Bot",
	conversationType: "personal",
});

/** Whether a transaction waits for what another one has locked: only a server has two at a time. */
export async function someoneWaits(database: Database): Promise<boolean> {
	const rows = await database.sql.query(
		"select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
	);
	return rows.length > 0;
}

/**
 * What `second` finds that begins while `first` has locked the same, and does what is left to do once the second waits,
 * or has not waited.
 */
export async function oneAfterTheOther<Found>(
	database: Database,
	first: (secondIsThere: () => Promise<unknown>) => Promise<unknown>,
	second: () => Promise<Found>,
): Promise<Found> {
	let found: Promise<Found> | undefined;
	let over = false;
	await first(async () => {
		found = second().finally(() => {
			over = true;
		});
		await waitFor(
			"the second transaction, which waits or ends",
			async () => over || (await someoneWaits(database)),
			(there) => there,
		);
	});
	if (!found) throw new Error("the first transaction did not call for the second");
	return found;
}
