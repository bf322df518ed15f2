import { beforeEach, describe, expect, it } from "@jest/globals";
import type { NewMessage } from "../../../src/app/store.js";
import { appLimits } from "../../../src/core/send-limits.js";
import { createStore } from "../../../src/store/create-store.js";
import { AT, conversation, useStore, uuid } from "../records.js";

describe("the turns that messages take", () => {
	const { inStore, database } = useStore();
	let count = 0;
	beforeEach(() => database().sql.query("delete from sending_lines"));

	/** Messages in a conversation, and instances of the bot whose clock is turned by hand. */
	function gate(perSecond = 50) {
		let now = AT.getTime();
		const stores = [0, 1].map(() =>
			createStore(database(), {
				enqueue: async () => {},
				gate: { app: appLimits(perSecond), now: () => new Date(now) },
			}),
		);
		return {
			turn(ms: number) {
				now += ms;
			},
			async add(
				key: string,
				kind: "live" | "approval" | "alert" | "page",
				changed: Partial<NewMessage> = {},
			) {
				const id = uuid(++count + 1_000);
				const subject =
					kind === "live" || kind === "approval"
						? { cancellationId: id }
						: kind === "alert"
							? { incidentId: id }
							: { newsId: id };
				await inStore(async (tx) => {
					await tx.rememberConversation(conversation(key));
					await tx.ensureMessage({
						id,
						kind,
						conversationKey: key,
						createdAt: AT,
						...subject,
						...changed,
					} as NewMessage);
				});
				return id;
			},
			async wait(id: string, instance = 0) {
				return (await stores[instance]?.read.delivery(id))?.waitMs;
			},
		};
	}

	it("are taken by all instances together, the threads of a channel as one", async () => {
		const { add, wait } = gate();
		const waits: (number | undefined)[] = [];
		for (let n = 0; n < 6; n++)
			waits.push(await wait(await add(n % 2 ? "one;messageid=1" : "one;messageid=2", "approval"), n % 2));
		expect(waits).toEqual([0, 0, 0, 0, 600, 1_200]);
	});

	it("come at once to what somebody waits for, and the others wait for it", async () => {
		const { add, wait } = gate();
		for (let n = 0; n < 8; n++) expect(await wait(await add("awaited", "live"))).toBe(0);
		expect(await wait(await add("awaited", "approval"))).toBe(8 * 600 - 3 * 600);
	});

	it("keep the way free for what must be heard at once", async () => {
		const { add, wait } = gate();
		const later = [await add("two", "alert"), await add("two", "alert"), await add("two", "alert")];
		expect([await wait(later[0] ?? ""), await wait(later[1] ?? ""), await wait(later[2] ?? "")]).toEqual([
			0, 1_000, 2_000,
		]);
		expect(await wait(await add("two", "page"))).toBe(0);
		expect(await wait(await add("two", "approval"))).toBe(0);
	});

	it("count for all, also of what may wait", async () => {
		const { add, wait, turn } = gate();
		for (let n = 0; n < 3; n++) {
			expect(await wait(await add("three", "alert"))).toBe(0);
			turn(1_000);
		}
		turn(-1_000);
		for (let n = 0; n < 3; n++) expect(await wait(await add("three", "approval"))).toBe(0);
		expect(await wait(await add("three", "approval"))).toBe(600);
	});

	it("of one busy conversation hold up no other", async () => {
		const { add, wait } = gate();
		for (let n = 0; n < 20; n++) await wait(await add("busy", "alert"));
		expect(await wait(await add("calm", "alert"))).toBe(0);
	});

	it("are kept by a message until they come, however often it is looked at, and then spent", async () => {
		const { add, wait, turn } = gate();
		await wait(await add("four", "alert"));
		const id = await add("four", "alert");
		expect([await wait(id), await wait(id, 1)]).toEqual([1_000, 1_000]);
		turn(400);
		expect(await wait(id)).toBe(600);
		turn(600);
		expect(await wait(id)).toBe(0);
		// One more update takes one more turn.
		expect(await wait(id)).toBe(1_000);
	});

	it("come back with time", async () => {
		const { add, wait, turn } = gate();
		for (let n = 0; n < 9; n++) await wait(await add("five", "approval"));
		turn(10_000);
		expect(await wait(await add("five", "approval"))).toBe(0);
	});

	it("are few for all conversations together, too", async () => {
		const { add, wait, turn } = gate(10);
		const waiting: string[] = [];
		for (let n = 0; n < 6; n++) waiting.push(await add(`place ${n}`, "approval"));
		const waits: (number | undefined)[] = [];
		for (const id of waiting) waits.push(await wait(id));
		expect(waits).toEqual([0, 170, 340, 510, 680, 850]);
		turn(170);
		expect(await wait(waiting[1] ?? "")).toBe(0);
		expect(await wait(waiting[2] ?? "")).toBe(170);
	});

	it("are not taken by a message that has nothing to send any more", async () => {
		const { add, wait } = gate();
		const id = await add("six", "alert");
		await database().sql.query("update messages set state = 'failed' where id = $1", [id]);
		expect(await wait(id)).toBe(0);
		expect(await database().sql.query("select 1 from sending_lines where key like 'six%'")).toEqual([]);
	});

	it("go by the database's clock, since those of the instances may differ", async () => {
		const store = createStore(database(), { enqueue: async () => {} });
		const { add } = gate();
		await store.read.delivery(await add("seven", "alert"));
		const [row] = await database().sql.query<{ off: number }>(
			"select extract(epoch from free_at[1] - now())::float8 as off from sending_lines where key = 'seven later'",
		);
		expect(row?.off).toBeGreaterThan(0);
		expect(row?.off).toBeLessThanOrEqual(1);
	});
});
