import { describe, expect, it } from "@jest/globals";
import { type Incident, openIncident } from "../../../src/core/on-call/incident.js";
import type { Subscription } from "../../../src/core/on-call/subscription.js";
import { createStore } from "../../../src/store/create-store.js";
import { AT, anna, cancellation, conversation, useStore, uuid } from "../records.js";

const incident = (n: number, changed: Partial<Incident> = {}): Incident => ({
	...openIncident(uuid(n), "t", { id: `job-${n}`, kind: "recovery", status: "running", counts: {} }, AT),
	...changed,
});
const alerts = (n: number, changed: object = {}): Subscription => ({
	kind: "alerts",
	id: uuid(n),
	tenantId: "t",
	conversationKey: `chat-${n}`,
	by: anna,
	at: AT.toISOString(),
	filters: {},
	...changed,
});

describe("what whoever is on call is told", () => {
	const { inStore, database } = useStore();
	const read = () => createStore(database(), { enqueue: async () => {} }).read;

	it("is one subscription of a kind, conversation and job, the latest", async () => {
		await inStore(async (tx) => {
			await tx.putSubscription(alerts(1));
			await tx.putSubscription(alerts(2, { conversationKey: "chat-1", filters: { failedOnly: true } }));
			await tx.putSubscription(alerts(3, { conversationKey: "chat-1", kind: "follow", jobId: "job-1" }));
		});
		const kept = await inStore((tx) => tx.subscriptionsIn("chat-1"));
		expect(kept.map(({ id, kind }) => [id, kind])).toEqual([
			[uuid(2), "alerts"],
			[uuid(3), "follow"],
		]);
		expect(await read().subscription(uuid(1))).toBeUndefined();
		expect(await inStore((tx) => tx.dropSubscription("follow", "chat-1", "job-2"))).toBe(false);
		expect(await inStore((tx) => tx.dropSubscription("follow", "chat-1", "job-1"))).toBe(true);
		await inStore((tx) => tx.summedUp(uuid(2), "2026-11-23T03:00:00.000Z"));
		expect(await inStore((tx) => tx.lockSubscription(uuid(2)))).toMatchObject({
			summedAt: "2026-11-23T03:00:00.000Z",
		});
		await inStore((tx) => tx.dropSubscription("alerts", "chat-1"));
	});

	it("is found by its id, and by what it is, in the order of where", async () => {
		const [one, two, other] = [
			alerts(41, { conversationKey: "z", kind: "escalations" }),
			alerts(42, { conversationKey: "a", kind: "escalations" }),
			alerts(43, { conversationKey: "a", kind: "escalations", tenantId: "other" }),
		];
		await inStore(async (tx) => {
			for (const each of [one, two, other]) await tx.putSubscription(each);
		});
		expect(await read().subscription(uuid(41))).toEqual(one);
		expect(await read().subscriptions("t", "escalations")).toEqual([two, one]);
		expect(await read().subscriptions("t", "digest")).toEqual([]);
		await inStore(async (tx) => {
			for (const key of ["a", "z"]) await tx.dropSubscription("escalations", key);
		});
	});

	it("ends where the bot is removed, in a channel with its threads, and so does deciding there", async () => {
		await inStore(async (tx) => {
			await tx.rememberConversation(conversation("left"));
			await tx.addApprovalConversation("left", anna, AT);
			await tx.putSubscription(alerts(44, { conversationKey: "left;messageid=1" }));
			await tx.putSubscription(alerts(45, { conversationKey: "left-not" }));
		});
		expect(await inStore((tx) => tx.leaveConversation("left"))).toBe(true);
		expect(await inStore((tx) => tx.leaveConversation("left"))).toBe(false);
		expect(await inStore((tx) => tx.subscriptionsIn("left;messageid=1"))).toEqual([]);
		expect(await inStore((tx) => tx.addApprovalConversation("left", anna, AT))).toBe(true);
		expect(await inStore((tx) => tx.leaveConversation("left"))).toBe(true);
		expect(await inStore((tx) => tx.leaveConversation("left-not"))).toBe(true);
		await inStore((tx) => tx.addApprovalConversation("left", anna, AT));
		expect(await inStore((tx) => tx.leaveConversation("left;messageid=9"))).toBe(true);
	});

	it("goes by all that is stored, read in one question", async () => {
		expect(await read().watched("t", AT)).toEqual({
			tenantId: "t",
			watch: {},
			subscriptions: [],
			incidents: [],
			overJobIds: [],
			cancellations: [],
		});
		const seen = incident(12, { overAt: AT.toISOString() });
		const over = { ...seen, job: { ...seen.job, status: "successful" } };
		const lost = incident(14, { overAt: AT.toISOString() });
		await inStore(async (tx) => {
			await tx.saveWatch("t", { seenAt: AT.toISOString() });
			await tx.insertCancellation(cancellation(20, "job-11"));
			await tx.insertCancellation(cancellation(21, "job-12"));
			await tx.saveIncidents([
				incident(11),
				over,
				lost,
				incident(13, { overAt: "2026-11-01T00:00:00.000Z" }),
			]);
			await tx.putSubscription(alerts(4));
		});
		const watched = await read().watched("t", AT);
		expect(watched).toMatchObject({
			watch: { seenAt: AT.toISOString() },
			subscriptions: [{ id: uuid(4) }],
			incidents: [{ id: uuid(11) }, { id: uuid(14) }],
			// Graph lists no job any more that ended so long ago as the third.
			overJobIds: ["job-12", "job-14"],
			cancellations: [{ id: uuid(20) }],
		});
		expect((await read().watched("other", AT)).subscriptions).toEqual([]);
		expect(await read().latestCancellation("t", "job-11")).toMatchObject({ id: uuid(20) });
	});

	it("does not overwrite an incident that changed meanwhile", async () => {
		const first = incident(30);
		await inStore((tx) => tx.saveIncidents([first]));
		const next = { ...first, version: 2, turn: 1 };
		await inStore((tx) => tx.saveIncidents([next]));
		await expect(inStore((tx) => tx.saveIncidents([next, incident(31)]))).rejects.toThrow(
			"1 incidents have changed meanwhile",
		);
		expect(await read().incident(uuid(30))).toEqual(next);
		expect(await read().incident(uuid(31))).toBeUndefined();
		expect(await inStore((tx) => tx.ensureIncident({ ...first, id: uuid(32) }))).toEqual(next);
		expect(await inStore((tx) => tx.lockIncident(uuid(30)))).toEqual(next);
		const open = await inStore((tx) => tx.lockOpenIncidents("t", AT));
		expect(open.map(({ id }) => id)).toEqual([uuid(11), uuid(14), uuid(30)]);
	});

	it("is news that stay as they were told, and many messages at once, each once", async () => {
		const tells = { what: "blind", since: AT.toISOString(), code: "throttled" } as const;
		const news = { id: uuid(40), conversationKey: "chat", place: "post", tells } as const;
		await inStore((tx) => tx.addNews([news], AT));
		expect(await read().news(uuid(40))).toEqual(news);
		expect(await read().news(uuid(41))).toBeUndefined();
		const message = {
			id: uuid(50),
			kind: "alert",
			incidentId: uuid(11),
			conversationKey: "chat",
			createdAt: AT,
		} as const;
		const page = {
			id: uuid(51),
			kind: "page",
			newsId: uuid(40),
			conversationKey: "chat",
			createdAt: AT,
		} as const;
		expect(await inStore((tx) => tx.ensureMessages([message, page]))).toEqual([uuid(50), uuid(51)]);
		expect(await inStore((tx) => tx.ensureMessages([{ ...message, id: uuid(52) }]))).toEqual([uuid(50)]);
		expect(await inStore((tx) => tx.ensureMessages([]))).toEqual([]);
		expect(await inStore((tx) => tx.findMessage("alert", uuid(11), "chat"))).toMatchObject({
			id: uuid(50),
			incidentId: uuid(11),
		});
		expect(await inStore((tx) => tx.lockMessage(uuid(51)))).toMatchObject({ kind: "page", newsId: uuid(40) });
	});

	it("tells channels, which have threads, from other conversations", async () => {
		await inStore(async (tx) => {
			await tx.rememberConversation(conversation("chat"));
			await tx.rememberConversation({ ...conversation("channel"), conversationType: "channel" });
		});
		expect(await inStore((tx) => tx.channelsAmong(["chat", "channel", "elsewhere"]))).toEqual(["channel"]);
		expect(await inStore((tx) => tx.channelsAmong([]))).toEqual([]);
	});

	it("is summed up from what began or ended since then, or is open", async () => {
		const ended = { ...cancellation(60), endedAt: "2026-11-22T00:00:00Z" };
		await inStore((tx) => tx.insertCancellation(ended));
		const { incidents, cancellations } = await read().since("t", AT);
		expect(incidents.map(({ id }) => id).sort()).toEqual([uuid(11), uuid(12), uuid(14), uuid(30)]);
		expect(cancellations.map(({ id }) => id)).not.toContain(uuid(60));
		expect((await read().since("t", new Date("2026-11-21"))).cancellations.map(({ id }) => id)).toContain(
			uuid(60),
		);
		expect(await read().auditHead()).toEqual({ seq: 0, hash: "" });
	});

	it("lets one look at a tenant's jobs be saved at a time", async () => {
		const order: string[] = [];
		let go = () => {};
		const held = new Promise<void>((resolve) => (go = resolve));
		const first = inStore(async (tx) => {
			await tx.lockWatch("t");
			order.push("first");
			await held;
			await tx.saveWatch("t", {});
		});
		const second = inStore(async (tx) => {
			await tx.lockWatch("t");
			order.push("second");
		});
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(order).toEqual(["first"]);
		go();
		await Promise.all([first, second]);
		expect(order).toEqual(["first", "second"]);
	});

	it("is forgotten nine days after its end, with its news and with lines that have been free for long", async () => {
		const days = (count: number) => new Date(AT.getTime() + count * 86_400_000);
		const { sql } = database();
		await inStore((tx) => tx.saveIncidents([incident(70, { overAt: AT.toISOString() }), incident(71)]));
		const tells = { what: "blind", since: AT.toISOString(), code: "throttled" } as const;
		await inStore((tx) => tx.addNews([{ id: uuid(72), conversationKey: "chat", place: "post", tells }], AT));
		await sql.query("insert into sending_lines values ('rests', $1), ('moves', $2), ('new', '{}')", [
			[days(8.9).toISOString(), days(8).toISOString()],
			[days(9.1).toISOString(), days(8).toISOString()],
		]);
		await inStore((tx) => tx.forgetOld(days(8.9)));
		expect(await read().incident(uuid(70))).toBeDefined();
		expect(await read().news(uuid(72))).toBeDefined();
		await inStore((tx) => tx.forgetOld(days(9.1)));
		expect(await read().incident(uuid(70))).toBeUndefined();
		expect(await read().incident(uuid(71))).toBeDefined();
		expect(await read().news(uuid(72))).toBeUndefined();
		const lines = await sql.query<{ key: string }>(
			"select key from sending_lines where key in ('rests', 'moves')",
		);
		expect(lines.map(({ key }) => key)).toEqual(["moves"]);
	});
});
