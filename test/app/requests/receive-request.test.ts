import { describe, expect, it } from "@jest/globals";
import { receiveRequest } from "../../../src/app/requests/receive-request.js";
import { theDatabase, useDatabase } from "../database.js";
import { conversation, createWorld, JOB_ID, person } from "../world.js";

useDatabase();

const anna = person("Anna");

describe("keeping a request", () => {
	const incoming = (dedupeKey: string, command: object = { kind: "cancel", jobId: JOB_ID }) =>
		({
			dedupeKey,
			actor: anna,
			conversation: conversation("chat"),
			command,
			via: "press",
			pressedActivityId: "card-1",
		}) as Parameters<typeof receiveRequest>[0];
	const lastAudit = async () => {
		const [row] = await theDatabase().transaction((sql) =>
			sql.query<{ line: string; job_id: string | null }>(
				"select line, job_id from audit_events order by seq desc limit 1",
			),
		);
		return { ...JSON.parse(row?.line ?? "{}"), job_id: row?.job_id };
	};

	it("keeps it whole, with its conversation, its line in the audit trail and the work of answering it", async () => {
		const world = createWorld(theDatabase());
		const { request, repeated } = await receiveRequest(incoming("key"), world.deps);
		expect(repeated).toBe(false);
		const kept = await world.deps.store.transaction(async (tx) => ({
			request: await tx.request(request.id),
			conversation: await tx.conversation("chat"),
		}));
		expect(kept).toEqual({ request, conversation: conversation("chat") });
		expect(request).toEqual({
			id: expect.any(String),
			dedupeKey: "key",
			actor: anna,
			conversationKey: "chat",
			conversationType: "groupChat",
			botName: "Recovery Control",
			command: { kind: "cancel", jobId: JOB_ID },
			via: "press",
			pressedActivityId: "card-1",
			receivedAt: world.now(),
			late: false,
		});
		expect(world.tasks.map(({ task }) => task)).toEqual([
			{ queue: "answer", data: { requestId: request.id } },
		]);
		expect(await lastAudit()).toMatchObject({
			type: "request.received",
			at: world.now().toISOString(),
			actor: { userId: anna.userId },
			job_id: JOB_ID,
			facts: {
				requestId: request.id,
				command: { kind: "cancel", jobId: JOB_ID },
				via: "press",
				conversation: "chat",
			},
		});
	});

	it("names no job where none was asked for", async () => {
		await receiveRequest(incoming("key", { kind: "help" }), createWorld(theDatabase()).deps);
		expect(await lastAudit()).toMatchObject({ type: "request.received", job_id: null });
	});

	it("finds the first one when it is delivered again, and causes nothing new", async () => {
		const world = createWorld(theDatabase());
		const first = await receiveRequest(incoming("key"), world.deps);
		const before = await lastAudit();
		expect(await receiveRequest(incoming("key", { kind: "help" }), world.deps)).toEqual({
			request: first.request,
			repeated: true,
		});
		expect(world.tasks).toHaveLength(1);
		expect(await lastAudit()).toEqual(before);
	});

	it("says so when the database contradicts itself", async () => {
		const world = createWorld(theDatabase());
		await receiveRequest(incoming("key"), world.deps);
		const { store } = world.deps;
		world.deps.store = {
			...store,
			transaction: (work) => store.transaction((tx) => work({ ...tx, requestByKey: async () => undefined })),
		};
		await expect(receiveRequest(incoming("key"), world.deps)).rejects.toThrow("key is neither new nor known");
	});
});
