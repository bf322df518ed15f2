import { describe, expect, it } from "@jest/globals";
import type { Tx } from "../../src/app/store.js";
import { openIncident } from "../../src/core/on-call/incident.js";
import { LockOrder } from "../../src/store/lock-order.js";
import { AT, anna, cancellation, conversation, message, request, useStore, uuid } from "./records.js";

describe("the order of locks", () => {
	const { inStore } = useStore();
	const record = cancellation(1, "job");
	const incident = openIncident(
		uuid(5),
		"t",
		{ id: "job", kind: "recovery", status: "running", counts: {} },
		AT,
	);
	const alerts = {
		kind: "alerts",
		id: uuid(6),
		tenantId: "t",
		conversationKey: "chat",
		by: anna,
		at: AT.toISOString(),
		filters: {},
	} as const;

	/** Everything that locks a row, by the kind of row. */
	const steps: readonly (readonly [kind: number, name: string, step: (tx: Tx) => Promise<unknown>])[] = [
		[0, "rememberConversation", (tx) => tx.rememberConversation(conversation("chat"))],
		[1, "addRequest", (tx) => tx.addRequest(request(2))],
		[1, "lockRequest", (tx) => tx.lockRequest(uuid(2))],
		[1, "markRequestLate", (tx) => tx.markRequestLate(uuid(2))],
		[
			1,
			"answerRequest",
			(tx) => tx.answerRequest(uuid(2), { kind: "cancellation", cancellationId: uuid(1) }, AT),
		],
		[1, "forgetRequest", (tx) => tx.forgetRequest("other key")],
		[2, "lockWatch", (tx) => tx.lockWatch("t")],
		[2, "saveWatch", (tx) => tx.saveWatch("t", {})],
		[3, "addApprovalConversation", (tx) => tx.addApprovalConversation("chat", anna, AT)],
		[3, "dropApprovalConversation", (tx) => tx.dropApprovalConversation("chat")],
		[4, "insertCancellation", (tx) => tx.insertCancellation(record)],
		[4, "lockCancellation", (tx) => tx.lockCancellation(uuid(1))],
		[4, "lockOpenCancellation", (tx) => tx.lockOpenCancellation("t", "job")],
		[4, "saveCancellation", (tx) => tx.saveCancellation({ ...record, version: 2 })],
		[5, "ensureIncident", (tx) => tx.ensureIncident(incident)],
		[5, "lockIncident", (tx) => tx.lockIncident(incident.id)],
		[5, "lockOpenIncidents", (tx) => tx.lockOpenIncidents("t", new Date())],
		[5, "saveIncidents", (tx) => tx.saveIncidents([{ ...incident, version: 2 }])],
		[6, "putSubscription", (tx) => tx.putSubscription(alerts)],
		[6, "lockSubscription", (tx) => tx.lockSubscription(alerts.id)],
		[6, "summedUp", (tx) => tx.summedUp(alerts.id, AT.toISOString())],
		[6, "dropSubscription", (tx) => tx.dropSubscription("alerts", "chat")],
		[7, "ensureMessages", (tx) => tx.ensureMessages([message(4)])],
		[7, "ensureMessage", (tx) => tx.ensureMessage(message(3))],
		[7, "lockMessage", (tx) => tx.lockMessage(uuid(3))],
		[7, "saveMessage", (tx) => tx.saveMessage({ ...message(3), state: "sent", tries: 0, unclear: 0 })],
	];

	it("is kept by doing everything in it", async () => {
		await inStore(async (tx) => {
			for (const [, , step] of steps) await step(tx);
		});
	});

	const backwards = steps.flatMap(([later, name, step]) =>
		steps.filter(([kind]) => kind < later).map(([, earlier, back]) => [name, earlier, step, back] as const),
	);
	it("lets nothing be locked after what comes later", async () => {
		for (const [name, earlier, step, back] of backwards) {
			const outcome = await inStore(async (tx) => {
				await step(tx).catch(() => undefined);
				await back(tx);
			}).then(
				() => "went through",
				(error: Error) => error.message,
			);
			expect(`${earlier} after ${name}: ${outcome}`).toMatch(/the order is conversation, request/u);
		}
	});

	it("allows what is held already to be touched again", async () => {
		await inStore(async (tx) => {
			await tx.lockRequest(uuid(2));
			await tx.lockOpenCancellation("t", "job");
			await tx.markRequestLate(uuid(2));
		});
	});

	it("says what was to be locked after what", () => {
		const locks = new LockOrder();
		locks.take("conversation", "a");
		locks.take("cancellation", "a");
		expect(() => locks.take("request", "a")).toThrow(
			"a request was to be locked after a cancellation; the order is conversation, request, watch, deciders, cancellation, incident, subscription, message",
		);
	});

	it("allows several locks of one kind, and tells them apart by their kind and key", () => {
		const locks = new LockOrder();
		locks.take("request", "a");
		locks.take("request", "b");
		locks.take("message", "c");
		locks.take("request", "a");
		expect(() => locks.take("request", "c")).toThrow("a request was to be locked after a message");
	});
});
