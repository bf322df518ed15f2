import { describe, expect, it } from "@jest/globals";
import { answerPress } from "../../../src/app/requests/answer-press.js";
import { waitFor } from "../../wait-for.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, READER_ROLE, runningJob } from "../world.js";

useDatabase();

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
		expect(await world.pressed(anna, cancel)).toMatchObject({ as: "card", view: { view: "live" } });
		expect(world.sent.map((m) => `${m.how} ${m.activityId}`)).toContain("update card-1");
		expect(created(world)).toHaveLength(0);
	});

	it("posts nothing beside an answer that was given in place", async () => {
		const world = worldOfAdmins();
		expect(await world.pressed(anna, status)).toMatchObject({ as: "card", view: { view: "job" } });
		await world.advance(60_000);
		expect(world.sent).toHaveLength(0);
	});

	it("says that it is recorded while Graph hangs, and posts the answer once it is found", async () => {
		const world = createWorld(theDatabase());
		world.grant(bernard, READER_ROLE);
		expect(await world.press(bernard, cancel, { budgetMs: 1 })).toMatchObject({
			as: "card",
			view: { view: "working", asked: "cancel", jobId: JOB_ID },
		});
		expect(world.sent).toEqual([]);
		await world.settle();
		expect(world.sent.map((m) => m.view)).toMatchObject([{ view: "refusal" }]);
	});

	it("posts the answer when the process that was to give it in place is gone", async () => {
		const world = createWorld(theDatabase());
		const { transaction } = world.deps.store;
		world.deps.store = {
			...world.deps.store,
			// The first one keeps the request; the process ends before the next.
			transaction: async (work) => (world.tasks.length === 0 ? transaction(work) : new Promise(() => {})),
		};
		void world.press(bernard, cancel, { budgetMs: 1 });
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
		expect(await answer).toMatchObject({ view: { view: "job" } });
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
		expect(await world.press(anna, status, { activityId: "i-1" })).toMatchObject({ view: { view: "job" } });
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
		expect(await world.press(anna, status, { activityId: "i-1" })).toMatchObject({ view: { view: "job" } });
		expect(await answerMessages()).toEqual([{ state: "sent", activity_id: "activity-9" }]);
	});

	it("answers a redelivered press from the stored outcome", async () => {
		const world = worldOfAdmins();
		const again = { activityId: "i-1", budgetMs: 1 };
		await world.press(anna, cancel, again);
		await world.settle();
		expect(await world.press(anna, cancel, again)).toMatchObject({
			view: { view: "live", cancellation: { state: "stopping" } },
		});
		expect(world.graph.posts).toHaveLength(1);
	});

	describe("of a job that is being cancelled already", () => {
		it("in another conversation makes the pressed card the live card there, and no second one", async () => {
			const world = worldOfAdmins();
			await world.say(anna, cancel, "first");
			const answer = await world.pressed(bernard, cancel, { where: "second", card: "card-2" });
			expect(answer).toMatchObject({ as: "card", view: { view: "live", conversationKey: "second" } });
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
			expect(answer).toMatchObject({
				as: "card",
				view: { view: "live", cancellation: { askers: [{}, { actor: bernard }] } },
			});
			expect(answer.view).not.toHaveProperty("copiedAt");
			await world.advance(60_000);
			expect(created(world)).toHaveLength(0);
		});

		it("on another card of the same conversation shows a copy of the live card, in place", async () => {
			const world = worldOfAdmins();
			await world.pressed(anna, cancel);
			world.turn(1_000);
			expect(await world.pressed(bernard, cancel, { card: "card-2" })).toMatchObject({
				as: "card",
				view: {
					view: "live",
					copiedAt: "2026-11-23T03:00:01.000Z",
					cancellation: { state: "stopping", askers: [{}, { actor: bernard, reason: "wrong snapshot" }] },
				},
			});
			await world.advance(60_000);
			expect(world.sent.filter((m) => m.activityId === "card-2")).toEqual([]);
			expect(created(world)).toEqual([]);
		});
	});

	describe("in a list of jobs", () => {
		const inList = { via: "press-in-list", card: "list-1" } as const;
		const jobs = { kind: "jobs" } as const;

		it("leaves the list a list, which then knows of the cancellation, and posts the live card", async () => {
			const world = worldOfAdmins();
			const before = world.standingReads.length;
			expect(await world.pressed(anna, cancel, inList)).toMatchObject({
				as: "card",
				view: {
					view: "jobs",
					running: [{ id: JOB_ID }],
					beingCancelled: [{ jobId: JOB_ID, requesterName: "Anna", receipt: expect.stringMatching(/^RC-/u) }],
				},
			});
			expect(created(world)).toMatchObject([{ view: { view: "live" } }]);
			// Others see it, too.
			expect(world.sent.filter((m) => m.activityId === "list-1")).toMatchObject([
				{ how: "update", view: { view: "jobs", beingCancelled: [{ jobId: JOB_ID }] } },
			]);
			// Whoever may cancel may look; the role is not read once more for the list.
			expect(world.standingReads.length - before).toBe(1);
		});

		it("tells a refusal in a message of its own, and answers with the list to whoever may see it", async () => {
			const world = createWorld(theDatabase());
			world.grant(bernard, READER_ROLE);
			expect(await world.pressed(bernard, cancel, inList)).toMatchObject({
				as: "card",
				view: { view: "jobs", running: [{ id: JOB_ID }], beingCancelled: [] },
			});
			expect(created(world)).toMatchObject([{ view: { view: "refusal" } }]);
		});

		it("shows no fresh list to somebody who may not look: it says in words what was refused", async () => {
			const world = createWorld(theDatabase());
			expect(await world.pressed(bernard, cancel, inList)).toMatchObject({
				as: "words",
				view: { view: "refusal" },
			});
			expect(world.sent).toMatchObject([{ how: "post", view: { view: "refusal" } }]);
		});

		it("shows on a job that has ended that it has, and says so in a message of its own", async () => {
			const world = worldOfAdmins();
			world.graph.job = runningJob({ status: "successful" });
			expect(await world.pressed(anna, cancel, inList)).toMatchObject({
				as: "card",
				view: { view: "jobs", running: [], ended: [{ id: JOB_ID }] },
			});
			expect(created(world)).toMatchObject([{ view: { view: "already-ended" } }]);
		});

		it("keeps the list when a compulsory reason is missing, and says what is, with the job's own id", async () => {
			const world = worldOfAdmins();
			Object.assign(world.deps, { policy: { ...world.deps.policy, reasonRequired: true } });
			const without = { kind: "cancel", jobId: JOB_ID } as const;
			expect(await world.pressed(anna, without, inList)).toMatchObject({
				as: "card",
				view: { view: "jobs", reasonRequired: true, beingCancelled: [] },
			});
			expect(created(world)).toMatchObject([
				{ view: { view: "malformed", problem: "no-reason", jobId: JOB_ID } },
			]);
			expect(world.graph.posts).toEqual([]);
		});

		it("answers from the present when Teams delivers the press again, and posts nothing twice", async () => {
			const world = worldOfAdmins();
			const same = { ...inList, activityId: "i-1" };
			await world.pressed(anna, cancel, same);
			world.graph.job = runningJob({ status: "abandoned" });
			await world.advance(10_000);
			const posted = created(world).length;
			expect(await world.press(anna, cancel, same)).toMatchObject({
				as: "card",
				view: { view: "jobs", running: [], ended: [{ status: "abandoned" }] },
			});
			await world.advance(10_000);
			expect(created(world)).toHaveLength(posted);
			expect(world.graph.posts).toHaveLength(1);
		});

		it("says in words what became of it when the list cannot be read, or not in time", async () => {
			const world = worldOfAdmins();
			world.deps.jobs.list = async () => ({ kind: "problem", code: "throttled", detail: "429" });
			expect(await world.pressed(anna, cancel, inList)).toMatchObject({
				as: "words",
				view: { view: "live" },
			});
			const { jobs: read } = world.deps;
			for (const list of [() => new Promise<never>(() => {}), () => Promise.reject(new Error("a bug"))]) {
				Object.assign(world.deps, { jobs: { ...read, list }, listBudgetMs: 5 });
				const answer = await world.pressed(anna, cancel, inList);
				expect(answer).toMatchObject({ as: "words", view: { view: "live" } });
				expect(world.log.at(-1)).toMatchObject({ level: "warn", facts: { code: "list-not-refreshed" } });
			}
		});

		it("refreshes it in place, and posts nothing", async () => {
			const world = worldOfAdmins();
			expect(await world.pressed(anna, jobs, inList)).toMatchObject({ as: "card", view: { view: "jobs" } });
			await world.advance(60_000);
			expect(world.sent).toMatchObject([{ how: "update", activityId: "list-1", view: { view: "jobs" } }]);
		});

		it("answers all the same when Teams does not show it to others, and when it names no list", async () => {
			const world = worldOfAdmins();
			world.sendProblems.push({ kind: "gone", detail: "404" });
			expect(await world.pressed(anna, jobs, inList)).toMatchObject({ as: "card", view: { view: "jobs" } });
			expect(world.log).toMatchObject([{ level: "warn", facts: { code: "list-not-refreshed", why: "404" } }]);
			world.deps.messenger.update = () => Promise.reject(new Error("a bug"));
			expect(await world.pressed(anna, jobs, inList)).toMatchObject({ as: "card", view: { view: "jobs" } });
			expect(world.log.at(-1)).toMatchObject({ facts: { code: "list-not-refreshed", why: "a bug" } });
			const press = {
				dedupeKey: "nameless",
				actor: anna,
				conversation: conversation("chat"),
				command: jobs,
				via: "press-in-list",
			} as const;
			await answerPress(press, { ...world.deps, budgetMs: 1 });
			await world.settle();
			expect(await answerPress(press, world.deps)).toMatchObject({ as: "card", view: { view: "jobs" } });
			expect(world.sent).toMatchObject([{ how: "post", view: { view: "jobs" } }]);
		});

		it("refuses a refresh in a message of its own, and leaves the list as it is", async () => {
			const world = createWorld(theDatabase());
			expect(await world.pressed(bernard, jobs, inList)).toMatchObject({
				as: "words",
				view: { view: "refusal", asked: "jobs" },
			});
			expect(world.sent).toMatchObject([{ how: "post", view: { view: "refusal" } }]);
		});

		it("says in words that it is recorded while Graph hangs", async () => {
			const world = worldOfAdmins();
			const answer = await world.press(anna, cancel, { ...inList, budgetMs: 1 });
			expect(answer).toMatchObject({ as: "words", view: { view: "working", jobId: JOB_ID } });
		});
	});

	it("leaves a form without its compulsory reason as it is, and says what is missing", async () => {
		const world = worldOfAdmins();
		Object.assign(world.deps, { policy: { ...world.deps.policy, reasonRequired: true } });
		expect(await world.pressed(anna, { kind: "cancel", jobId: JOB_ID })).toMatchObject({
			as: "words",
			view: { view: "malformed", problem: "no-reason", jobId: JOB_ID },
		});
		expect(world.sent).toMatchObject([{ how: "post", view: { view: "malformed" } }]);
		expect(world.graph.posts).toEqual([]);
	});

	it.each([status, { kind: "jobs" }, { kind: "whoami" }, { kind: "help" }] as const)(
		"answers a wish for a new message with one, and in words: %j",
		async (command) => {
			const world = worldOfAdmins();
			const answer = await world.pressed(anna, command, { via: "press-aside", card: "live-1" });
			expect(answer.as).toBe("words");
			expect(world.sent).toMatchObject([{ how: "post", view: answer.view }]);
			expect(world.sent[0]?.activityId).not.toBe("live-1");
			await world.advance(60_000);
			expect(world.sent).toHaveLength(1);
		},
	);

	it("checks a job in place, and finds a card that has become the live card still that", async () => {
		const world = worldOfAdmins();
		await world.pressed(anna, cancel);
		expect(await world.pressed(bernard, status)).toMatchObject({ as: "card", view: { view: "live" } });
		expect(await world.pressed(bernard, status, { card: "card-2" })).toMatchObject({
			as: "card",
			view: { view: "job", open: { requesterName: "Anna" } },
		});
		await world.advance(60_000);
		expect(created(world)).toEqual([]);
	});

	it("tries again in place, and the card of the problem becomes the live card", async () => {
		const world = worldOfAdmins();
		const out = { kind: "unreadable", at: "", why: "timeout", detail: "" } as const;
		world.setStanding(anna, out);
		await world.say(anna, cancel);
		const [told] = world.sent;
		if (told?.view.view !== "unchecked") throw new Error("the outage was not told");
		const again = { kind: "again", requestId: told.view.requestId } as const;
		const pressed = { card: told.activityId };
		expect(await world.pressed(anna, again, pressed)).toMatchObject({
			as: "card",
			view: { view: "unchecked" },
		});
		expect(await world.pressed(bernard, again, pressed)).toMatchObject({
			view: { view: "problem", code: "not-your-request" },
		});
		expect(world.graph.posts).toEqual([]);
		world.grant(anna, ADMIN_ROLE);
		expect(await world.pressed(anna, again, pressed)).toMatchObject({ as: "card", view: { view: "live" } });
		expect(world.graph.posts).toHaveLength(1);
		expect(world.sent.at(-1)).toMatchObject({ how: "update", activityId: told.activityId });
	});
});
