import { describe, expect, it } from "@jest/globals";
import { AT, itOnServer, lockLast, oneAfterTheOther, request, TOO_LATE, useStore, uuid } from "../records.js";

describe("requests", () => {
	const { inStore, database } = useStore();
	const answer = { kind: "cancellation", cancellationId: uuid(9) } as const;

	it("are kept once for a key, however often they are delivered", async () => {
		const pressed = request(1, { dedupeKey: "same", pressedActivityId: "activity" });
		expect(await inStore((tx) => tx.addRequest(pressed))).toBe(true);
		expect(await inStore((tx) => tx.addRequest(request(2, { dedupeKey: "same" })))).toBe(false);
		const kept = { ...pressed, late: false };
		expect(await inStore((tx) => tx.requestByKey("same"))).toEqual(kept);
		expect(await inStore((tx) => tx.request(uuid(1)))).toEqual(kept);
		expect(await inStore((tx) => tx.lockRequest(uuid(1)))).toEqual(kept);
	});

	it("are not there until somebody asked", async () => {
		expect(await inStore((tx) => tx.request(uuid(2)))).toBeUndefined();
		expect(await inStore((tx) => tx.lockRequest(uuid(2)))).toBeUndefined();
		expect(await inStore((tx) => tx.requestByKey("nobody asked"))).toBeUndefined();
	});

	it("take one answer, and keep when it was given", async () => {
		await inStore((tx) => tx.addRequest(request(3)));
		await inStore((tx) => tx.answerRequest(uuid(3), answer, AT));
		expect(await inStore((tx) => tx.request(uuid(3)))).toEqual({ ...request(3), late: false, answer });
		const again = inStore((tx) => tx.answerRequest(uuid(3), answer, AT));
		await expect(again).rejects.toThrow(`request ${uuid(3)} was answered meanwhile`);
		const [row] = await database().transaction((sql) =>
			sql.query("select answered_at from requests where id = $1", [uuid(3)]),
		);
		expect(row).toEqual({ answered_at: AT });
	});

	it("are late once nobody waits any more, unless they were answered before", async () => {
		await inStore((tx) => tx.addRequest(request(4)));
		expect(await inStore((tx) => tx.markRequestLate(uuid(4)))).toBe(true);
		expect(await inStore((tx) => tx.request(uuid(4)))).toMatchObject({ late: true });
		await inStore((tx) => tx.answerRequest(uuid(4), answer, AT));
		expect(await inStore((tx) => tx.request(uuid(4)))).toMatchObject({ late: true, answer });
		expect(await inStore((tx) => tx.markRequestLate(uuid(4)))).toBe(false);
	});

	it("can be forgotten by their key, so that they can be made again", async () => {
		await inStore((tx) => tx.addRequest(request(5)));
		await inStore((tx) => tx.addRequest(request(6)));
		await inStore((tx) => tx.forgetRequest("key 5"));
		expect(await inStore((tx) => tx.requestByKey("key 5"))).toBeUndefined();
		expect(await inStore((tx) => tx.requestByKey("key 6"))).toBeDefined();
		expect(await inStore((tx) => tx.addRequest(request(7, { dedupeKey: "key 5" })))).toBe(true);
	});

	itOnServer("are locked for one at a time: the next one sees the answer", async () => {
		await inStore((tx) => tx.addRequest(request(9)));
		const found = await oneAfterTheOther(
			database(),
			(secondIsThere) =>
				inStore(async (tx) => {
					await tx.lockRequest(uuid(9));
					await secondIsThere();
					await tx.answerRequest(uuid(9), answer, AT);
				}),
			() => inStore((tx) => tx.lockRequest(uuid(9))),
		);
		expect(found).toMatchObject({ answer });
	});

	it("are locked before messages, each on its own", async () => {
		await inStore((tx) => tx.addRequest(request(8)));
		const held = inStore(async (tx) => {
			await tx.lockRequest(uuid(8));
			await lockLast(tx);
			return tx.markRequestLate(uuid(8));
		});
		expect(await held).toBe(true);
		const another = inStore(async (tx) => {
			await tx.lockRequest(uuid(8));
			await lockLast(tx);
			await tx.lockRequest(uuid(6));
		});
		await expect(another).rejects.toThrow(TOO_LATE);
	});
});
