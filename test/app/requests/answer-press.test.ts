import { describe, expect, it } from "@jest/globals";
import { answerPress } from "../../../src/app/requests/answer-press.js";
import { waitFor } from "../../wait-for.js";
import { theDatabase } from "../database.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, READER_ROLE, runningJob } from "../world.js";

const anna = person("Anna");
const bernard = person("Bernard");
const cancel = { kind: "cancel", jobId: JOB_ID, reason: "wrong snapshot" } as const;
const status = { kind: "status", jobId: JOB_ID } as const;

describe("pressing the button", () => {
	function worldOfAdmins() {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		world.grant(bernard, ADMIN_ROLE);
		return world;
	}
	const answerMessages = () =>
		theDatabase().transaction((sql) =>
			sql.query("select state, activity_id from messages where kind = 'answer' order by id"),
		);
	const created = (world: ReturnType<typeof worldOfAdmins>) => world.sent.filter((m) => m.how === "post");

	it("answers with the live card and takes the pressed card over", async () => {
		const world = worldOfAdmins();
		expect(await world.pressed(anna, cancel)).toMatchObject({ view: "live" });
		expect(world.sent.map((m) => `${m.how} ${m.activityId}`)).toContain("update card-1");
		expect(created(world)).toHaveLength(0);
	});

	it("leaves a list of jobs where it is and posts a live card", async () => {
		const world = worldOfAdmins();
		expect(await world.pressed(anna, cancel, { via: "press-in-list" })).toMatchObject({ view: "live" });
		expect(created(world)).toMatchObject([{ view: { view: "live" } }]);
	});

	it("posts nothing beside an answer that was given in place", async () => {
		const world = worldOfAdmins();
		expect(await world.pressed(anna, status)).toMatchObject({ view: "job" });
		await world.advance(60_000);
		expect(world.sent).toHaveLength(0);
	});

	it("says that it is recorded while Graph hangs, and posts the answer once it is found", async () => {
		const world = createWorld(theDatabase());
		world.grant(bernard, READER_ROLE);
		expect(await world.press(bernard, cancel, { budgetMs: 1 })).toMatchObject({
			view: "working",
			jobId: JOB_ID,
		});
		await world.settle();
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "refusal" }]);
	});

	it("posts the answer when the process that was to give it in place is gone", async () => {
		const world = createWorld(theDatabase());
		const dies = world.press(bernard, cancel, { budgetMs: 30 });
		world.deps.store = { ...world.deps.store, transaction: () => new Promise(() => {}) };
		const other = createWorld(theDatabase());
		other.grant(bernard, READER_ROLE);
		await waitFor(
			"the request to be kept",
			() => world.tasks.length,
			(kept) => kept > 0,
		);
		other.tasks.push(...world.tasks);
		await other.settle();
		expect(other.sent).toHaveLength(0);
		await other.advance(5_000);
		expect(other.sent.map((m) => m.view)).toMatchObject([{ view: "refusal" }]);
		await dies.catch(() => {});
	});

	it("waits two seconds for the answer, unless told otherwise", async () => {
		const world = worldOfAdmins();
		const { waitingRoom } = world.deps;
		const waits: number[] = [];
		world.deps.waitingRoom = {
			...waitingRoom,
			wait(id, limitMs) {
				waits.push(limitMs);
				return waitingRoom.wait(id, 1);
			},
		};
		const press = {
			dedupeKey: "chat i-1",
			actor: anna,
			conversation: conversation("chat"),
			command: status,
			via: "press",
		} as const;
		await answerPress(press, world.deps);
		await answerPress(press, { ...world.deps, budgetMs: 500 });
		expect(waits).toEqual([2_000, 500]);
	});

	it("does not wait for an answer that is there already", async () => {
		const world = worldOfAdmins();
		await world.press(anna, status, { activityId: "i-1", budgetMs: 1 });
		await world.settle();
		const answer = world.press(anna, status, { activityId: "i-1", budgetMs: 20_000 });
		expect(await answer).toMatchObject({ view: "job" });
	});

	it("keeps that an answer was shown in place", async () => {
		const world = worldOfAdmins();
		await world.pressed(anna, status);
		expect(await answerMessages()).toEqual([{ state: "shown", activity_id: null }]);
	});

	it("keeps that an answer was posted, also when it is then shown in place, too", async () => {
		const world = worldOfAdmins();
		await world.press(anna, status, { activityId: "i-1", budgetMs: 1 });
		await world.settle();
		const posted = [{ state: "sent", activity_id: world.sent[0]?.activityId }];
		expect(await answerMessages()).toEqual(posted);
		expect(await world.press(anna, status, { activityId: "i-1" })).toMatchObject({ view: "job" });
		expect(await answerMessages()).toEqual(posted);
	});

	it("keeps that the answer was sent when it was posted at the very moment of showing it", async () => {
		const world = worldOfAdmins();
		await world.press(anna, status, { activityId: "i-1", budgetMs: 1 });
		const [answering] = world.tasks.splice(0);
		if (answering) await world.run(answering.task);
		const { store } = world.deps;
		// As when a delivery commits between the look for the message and its lock.
		world.deps.store = {
			...store,
			transaction: (work) =>
				store.transaction((tx) =>
					work({
						...tx,
						async findMessage(...of) {
							const found = await tx.findMessage(...of);
							if (found) await tx.saveMessage({ ...found, state: "sent", activityId: "activity-9" });
							return found;
						},
					}),
				),
		};
		expect(await world.press(anna, status, { activityId: "i-1" })).toMatchObject({ view: "job" });
		expect(await answerMessages()).toEqual([{ state: "sent", activity_id: "activity-9" }]);
	});

	it("answers a redelivered press from the stored outcome", async () => {
		const world = worldOfAdmins();
		const again = { activityId: "i-1", budgetMs: 1 };
		await world.press(anna, cancel, again);
		await world.settle();
		expect(await world.press(anna, cancel, again)).toMatchObject({
			view: "live",
			cancellation: { state: "stopping" },
		});
		expect(world.graph.posts).toHaveLength(1);
	});

	describe("of a job that is being cancelled already", () => {
		it("in another conversation makes the pressed card the live card there, and no second one", async () => {
			const world = worldOfAdmins();
			await world.say(anna, cancel, "first");
			const answer = await world.pressed(bernard, cancel, { where: "second", card: "card-2" });
			expect(answer).toMatchObject({ view: "live", conversationKey: "second" });
			world.graph.job = runningJob({ status: "abandoned" });
			await world.advance(10_000);
			const there = world.sent.filter((m) => m.conversation === "second");
			expect(there.filter((m) => m.view.view === "live" && m.how === "post")).toEqual([]);
			expect(there.filter((m) => m.how === "update").at(-1)).toMatchObject({
				activityId: "card-2",
				view: { cancellation: { state: "abandoned" } },
			});
		});

		it("on the live card itself answers with the live card", async () => {
			const world = worldOfAdmins();
			await world.pressed(anna, cancel);
			const answer = await world.pressed(bernard, cancel);
			expect(answer).toMatchObject({ view: "live", cancellation: { askers: [{}, { actor: bernard }] } });
			await world.advance(60_000);
			expect(created(world)).toHaveLength(0);
		});

		it("on another card of the same conversation tells who cancels it, in place", async () => {
			const world = worldOfAdmins();
			await world.pressed(anna, cancel);
			expect(await world.pressed(bernard, cancel, { card: "card-2" })).toMatchObject({
				view: "job",
				open: { requesterName: "Anna" },
			});
			expect(world.sent.filter((m) => m.activityId === "card-2")).toEqual([]);
		});
	});
});
