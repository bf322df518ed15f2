import { describe, expect, it } from "@jest/globals";
import { carryOut } from "../../../src/app/cancelling/carry-out.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import type { Effect } from "../../../src/core/cancelling/events.js";
import { theDatabase, useDatabase } from "../database.js";
import { putCancellation } from "../stored-cancellation.js";
import { createWorld } from "../world.js";

useDatabase();

describe("the work that a move calls for", () => {
	const post = (message: "live" | "warning" | "follow-up", conversationKey = "chat"): Effect => ({
		kind: "post",
		message,
		conversationKey,
	});

	async function worldWithCancellation() {
		const world = createWorld(theDatabase());
		return { world, record: await putCancellation(world) };
	}
	type World = Awaited<ReturnType<typeof worldWithCancellation>>["world"];

	/** Carries the effects out; gives the tasks that are planned then. */
	async function planned(
		world: World,
		record: Cancellation,
		effects: Effect[],
		pressed?: { conversationKey: string; activityId: string },
	) {
		world.tasks.length = 0;
		await world.deps.store.transaction((tx) => carryOut(tx, record, effects, world.deps, pressed));
		return world.tasks.map(({ task }) => task);
	}
	const messages = () =>
		theDatabase().transaction((sql) =>
			sql.query<{ id: string; kind: string; activity_id: string | null; created_at: Date }>(
				"select id, kind, subject_id, conversation_key, activity_id, state, created_at from messages order by id",
			),
		);

	it.each(["submit", "watch"] as const)("plans a %s by its number, for when it is due", async (kind) => {
		const { world, record } = await worldWithCancellation();
		expect(await planned(world, record, [{ kind, seq: 3, afterMs: 4_500 }])).toEqual([
			{ queue: kind, data: { cancellationId: record.id, seq: 3 }, afterMs: 4_500 },
		]);
		expect(await messages()).toEqual([]);
	});

	it("adds a message and delivers it at once", async () => {
		const { world, record } = await worldWithCancellation();
		const tasks = await planned(world, record, [post("follow-up")]);
		const [message, ...others] = await messages();
		expect(others).toEqual([]);
		expect(message).toEqual({
			id: expect.any(String),
			kind: "follow-up",
			subject_id: record.id,
			conversation_key: "chat",
			activity_id: null,
			state: "pending",
			created_at: world.now(),
		});
		expect(tasks).toEqual([{ queue: "post", data: { messageId: message?.id }, afterMs: 0 }]);
	});

	it("delivers the first live card of a conversation before what nobody has just asked for", async () => {
		const { world, record } = await worldWithCancellation();
		const tasks = await planned(world, record, [post("live"), post("follow-up")]);
		expect(tasks.map((task) => "awaited" in task && task.awaited)).toEqual([true, false]);
	});

	it("delivers the message that stands already rather than add a second one", async () => {
		const { world, record } = await worldWithCancellation();
		const first = await planned(world, record, [post("live")]);
		expect(await planned(world, record, [post("live")])).toEqual(first);
		expect(await messages()).toHaveLength(1);
	});

	it("makes the pressed card the live card, and nothing else that is posted", async () => {
		const { world, record } = await worldWithCancellation();
		const pressed = { conversationKey: "chat", activityId: "card-1" };
		await planned(world, record, [post("live"), post("warning")], pressed);
		expect((await messages()).map(({ kind, activity_id }) => [kind, activity_id])).toEqual([
			["live", "card-1"],
			["warning", null],
		]);
	});

	it("posts live cards of their own in the conversations in which nothing was pressed", async () => {
		const { world, record } = await worldWithCancellation();
		const pressed = { conversationKey: "chat", activityId: "card-1" };
		await planned(world, record, [post("live", "other"), post("live")], pressed);
		expect((await messages()).map(({ activity_id }) => activity_id)).toEqual([null, "card-1"]);
	});
});
