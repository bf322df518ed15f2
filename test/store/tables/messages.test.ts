import { describe, expect, it } from "@jest/globals";
import { createStore } from "../../../src/store/create-store.js";
import { AT, itOnServer, message, oneAfterTheOther, useStore, uuid } from "../records.js";

const PENDING = { state: "pending", tries: 0, unclear: 0 } as const;

describe("messages", () => {
	const { inStore, database } = useStore();

	it("are marked before they leave, by one who tries the same time, and know then where they stand", async () => {
		const store = createStore(database(), { enqueue: async () => {} });
		const kept = await inStore((tx) => tx.ensureMessage({ ...message(90), cancellationId: uuid(91) }));
		expect(await store.startSending({ ...kept, unclear: 1 })).toBe(false);
		expect(await store.startSending(kept)).toBe(true);
		expect(await store.startSending(kept)).toBe(false);
		await store.sent(kept.id, "act-90");
		const standing = { ...kept, state: "sent", activityId: "act-90" };
		expect(await inStore((tx) => tx.lockMessage(kept.id))).toEqual(standing);
		expect(await store.startSending(kept)).toBe(false);
		await store.sent(kept.id, "act-91", "checking");
		expect(await inStore((tx) => tx.lockMessage(kept.id))).toMatchObject({
			state: "checking",
			activityId: "act-91",
		});
	});

	it("are kept until they are sent", async () => {
		expect(await inStore((tx) => tx.lockMessage(uuid(1)))).toBeUndefined();
		const kept = { ...message(1), ...PENDING };
		expect(await inStore((tx) => tx.ensureMessage(message(1)))).toEqual(kept);
		expect(await inStore((tx) => tx.lockMessage(uuid(1)))).toEqual(kept);
		expect(await inStore((tx) => tx.findMessage("live", uuid(1), "chat"))).toEqual(kept);
	});

	itOnServer("are locked for one at a time: the next one sees what became of them", async () => {
		const kept = await inStore((tx) => tx.ensureMessage({ ...message(2), cancellationId: uuid(92) }));
		const found = await oneAfterTheOther(
			database(),
			(secondIsThere) =>
				inStore(async (tx) => {
					await tx.lockMessage(kept.id);
					await secondIsThere();
					await tx.saveMessage({ ...kept, state: "unconfirmed", unclear: 1 });
				}),
			() => inStore((tx) => tx.lockMessage(kept.id)),
		);
		expect(found).toEqual({ ...kept, state: "unconfirmed", unclear: 1 });
	});

	it("are one for one subject, kind and conversation", async () => {
		const first = { ...message(10), cancellationId: uuid(5) };
		await inStore((tx) => tx.ensureMessage(first));
		const kept = { ...first, ...PENDING };
		expect(await inStore((tx) => tx.ensureMessage({ ...first, id: uuid(11) }))).toEqual(kept);
		const others = [
			{ ...first, id: uuid(12), kind: "warning" as const },
			{ ...first, id: uuid(13), conversationKey: "elsewhere" },
			{ ...first, id: uuid(14), cancellationId: uuid(6) },
		];
		for (const other of others)
			expect(await inStore((tx) => tx.ensureMessage(other))).toEqual({ ...other, ...PENDING });
	});

	it("are several of a kind where each has a name of its own", async () => {
		const card = { ...message(15), kind: "approval" as const, cancellationId: uuid(70) };
		const audience = { canDecide: 3, here: 1, viewers: [{ userId: "u", name: "U", channelUserId: "29:u" }] };
		const found = { ...card, id: uuid(16), copy: "act-1", activityId: "act-1", audience };
		await inStore((tx) => tx.ensureMessage(card));
		await inStore((tx) => tx.ensureMessage(found));
		await inStore((tx) => tx.ensureMessage({ ...found, id: uuid(17) }));
		await inStore((tx) => tx.ensureMessage({ ...card, id: uuid(18), kind: "follow-up" }));
		expect(await inStore((tx) => tx.findMessage("approval", uuid(70), "chat"))).toMatchObject({
			id: uuid(15),
		});
		expect(await inStore((tx) => tx.cards(uuid(70)))).toEqual([
			{ ...card, ...PENDING },
			{ ...found, ...PENDING, state: "sent" },
		]);
	});

	it("are told apart by what stands in Teams in their place", async () => {
		const card = { ...message(25), kind: "approval" as const, cancellationId: uuid(71), activityId: "act-2" };
		await inStore((tx) => tx.ensureMessage(card));
		await inStore((tx) =>
			tx.ensureMessage({ ...card, id: uuid(26), kind: "live", cancellationId: uuid(72) }),
		);
		expect([...(await inStore((tx) => tx.kindsAt("chat", "act-2")))].sort()).toEqual(["approval", "live"]);
		expect(await inStore((tx) => tx.kindsAt("elsewhere", "act-2"))).toEqual([]);
		expect(await inStore((tx) => tx.kindsAt("chat", "act-3"))).toEqual([]);
	});

	it("are found by their subject, kind and conversation, and otherwise not", async () => {
		await inStore((tx) => tx.ensureMessage({ ...message(20), cancellationId: uuid(7) }));
		expect(await inStore((tx) => tx.findMessage("live", uuid(7), "chat"))).toMatchObject({ id: uuid(20) });
		expect(await inStore((tx) => tx.findMessage("warning", uuid(7), "chat"))).toBeUndefined();
		expect(await inStore((tx) => tx.findMessage("live", uuid(8), "chat"))).toBeUndefined();
		expect(await inStore((tx) => tx.findMessage("live", uuid(7), "elsewhere"))).toBeUndefined();
	});

	it("count as sent when they stand in Teams already", async () => {
		const standing = { ...message(30), cancellationId: uuid(9), activityId: "activity" };
		expect(await inStore((tx) => tx.ensureMessage(standing))).toEqual({
			...standing,
			...PENDING,
			state: "sent",
		});
	});

	it("of an answer that turns out to be a cancellation become its live card, in whatever state", async () => {
		const answer = {
			id: uuid(60),
			kind: "answer",
			requestId: uuid(61),
			conversationKey: "chat",
			createdAt: AT,
		} as const;
		await inStore((tx) => tx.ensureMessage(answer));
		await inStore(async (tx) => {
			const told = await tx.lockMessage(uuid(60));
			if (told) await tx.saveMessage({ ...told, state: "checking", activityId: "activity" });
		});
		const { requestId: _request, ...rest } = answer;
		const live = {
			...rest,
			...PENDING,
			kind: "live",
			cancellationId: uuid(62),
			state: "checking",
			activityId: "activity",
		};
		expect(await inStore((tx) => tx.becomeLive(uuid(60), uuid(62)))).toEqual(live);
		expect(await inStore((tx) => tx.findMessage("live", uuid(62), "chat"))).toEqual(live);
		expect(await inStore((tx) => tx.findMessage("answer", uuid(61), "chat"))).toBeUndefined();
		await expect(inStore((tx) => tx.becomeLive(uuid(63), uuid(62)))).rejects.toThrow("vanished");
	});

	it("belong to a request when they are answers", async () => {
		const answer = {
			id: uuid(40),
			kind: "answer",
			requestId: uuid(41),
			conversationKey: "chat",
			createdAt: AT,
		} as const;
		expect(await inStore((tx) => tx.ensureMessage(answer))).toEqual({ ...answer, ...PENDING });
		expect(await inStore((tx) => tx.findMessage("answer", uuid(41), "chat"))).toEqual({
			...answer,
			...PENDING,
		});
	});

	it("keep what became of them", async () => {
		const sent = {
			...message(50),
			cancellationId: uuid(51),
			activityId: "activity",
			state: "sent",
			tries: 3,
			unclear: 2,
		} as const;
		await inStore((tx) => tx.ensureMessage({ ...message(50), cancellationId: uuid(51) }));
		await inStore((tx) => tx.saveMessage(sent));
		expect(await inStore((tx) => tx.lockMessage(uuid(50)))).toEqual(sent);
		const { activityId: _none, ...unsent } = sent;
		await inStore((tx) => tx.saveMessage({ ...unsent, state: "pending" }));
		expect(await inStore((tx) => tx.lockMessage(uuid(50)))).toEqual({ ...unsent, state: "pending" });
	});
});
