import { describe, expect, it } from "@jest/globals";
import { answerRequest, answerWithFailure } from "../../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../../src/app/requests/receive-request.js";
import type { Store, Tx, Via } from "../../../src/app/store.js";
import type { Actor } from "../../../src/core/person.js";
import type { Command } from "../../../src/core/requests/command.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, readSlowly, runningJob } from "../world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const cancel = { kind: "cancel", jobId: JOB_ID } as const;
const because = { ...cancel, reason: "wrong snapshot" } as const;
const status = { kind: "status", jobId: JOB_ID } as const;
const grant = { by: "role", roleId: ADMIN_ROLE.id, roleName: ADMIN_ROLE.name };

describe("answering a request", () => {
	function worldOfAdmins() {
		const world = createWorld(theDatabase());
		world.grant(anna, ADMIN_ROLE);
		world.grant(bernard, ADMIN_ROLE);
		return world;
	}
	type World = ReturnType<typeof worldOfAdmins>;

	let received = 0;
	/** Keeps a request, and leaves the answer to the test. */
	async function ask(
		world: World,
		command: Command,
		how: { readonly actor?: Actor; readonly where?: string; readonly via?: Via; readonly card?: string } = {},
	): Promise<string> {
		const { actor = anna, where = "chat", via = "message", card } = how;
		const { request } = await receiveRequest(
			{
				dedupeKey: `${where} ${++received}`,
				actor,
				conversation: conversation(where),
				command,
				via,
				...(card === undefined ? {} : { pressedActivityId: card }),
			},
			world.deps,
		);
		world.tasks.length = 0;
		return request.id;
	}
	const answerOf = async (world: World, id: string) =>
		(await world.deps.store.transaction((tx) => tx.request(id)))?.answer;
	/** The newest lines of the audit trail, oldest first. */
	async function audited(count: number) {
		const rows = await theDatabase().transaction((sql) =>
			sql.query<{ line: string; job_id: string | null; user_id: string | null }>(
				"select line, job_id, user_id from audit_events order by seq desc limit $1",
				[count],
			),
		);
		return rows.toReversed().map(({ line, job_id, user_id }) => {
			const { type, facts } = JSON.parse(line);
			return { type, job_id, user_id, facts };
		});
	}
	const plan = (world: World) => world.tasks.map(({ at, task }) => [task.queue, at - world.now().getTime()]);

	it("keeps the answer, its line in the audit trail and its message", async () => {
		const world = worldOfAdmins();
		const id = await ask(world, status);
		await answerRequest(id, world.deps);
		expect(await answerOf(world, id)).toMatchObject({ kind: "view", view: { view: "job" } });
		expect(await audited(1)).toEqual([
			{
				type: "request.answered",
				job_id: JOB_ID,
				user_id: anna.userId,
				facts: { requestId: id, answered: "job", status: "running", grant },
			},
		]);
		expect(plan(world)).toEqual([["post", 0]]);
		const [message] = await theDatabase().transaction((sql) =>
			sql.query<{ id: string }>("select id from messages"),
		);
		expect(world.tasks[0]?.task.data).toEqual({ messageId: message?.id });
	});

	it("mentions on a job that it is being cancelled, and whether this conversation will hear the end", async () => {
		const world = worldOfAdmins();
		await answerRequest(await ask(world, cancel), world.deps);
		await answerRequest(await ask(world, cancel, { actor: bernard, where: "other" }), world.deps);
		const openIn = async (where: string) => {
			const id = await ask(world, status, { where });
			await answerRequest(id, world.deps);
			return answerOf(world, id);
		};
		const receipt = expect.stringMatching(/^RC-/u);
		expect(await openIn("other")).toMatchObject({
			view: { open: { receipt, requesterName: "Anna", followed: true } },
		});
		expect(await openIn("third")).toMatchObject({ view: { open: { followed: false } } });
	});

	it("knows with one question which jobs of a list are being cancelled, by whom, and with which receipt", async () => {
		const world = worldOfAdmins();
		const other = runningJob({ id: "99999999-7c1e-4e7c-9c7b-13f8d44b20c4" });
		world.deps.jobs.list = async () => ({ kind: "listed", jobs: [runningJob(), other] });
		await answerRequest(await ask(world, cancel), world.deps);
		const id = await ask(world, { kind: "jobs" }, { actor: bernard });
		await answerRequest(id, world.deps);
		expect(await answerOf(world, id)).toMatchObject({
			view: {
				view: "jobs",
				running: [{ id: JOB_ID }, { id: other.id }],
				beingCancelled: [{ jobId: JOB_ID, receipt: expect.stringMatching(/^RC-/u), requesterName: "Anna" }],
			},
		});
	});

	it("keeps in which language somebody asked, for all that this conversation hears of it", async () => {
		const world = worldOfAdmins();
		await world.say(anna, cancel, "chat", "a-1", "de-DE");
		await world.say(bernard, { kind: "help" }, "chat", "a-2", "ja-JP");
		world.graph.job = runningJob({ status: "abandoned" });
		await world.advance(10_000);
		expect(world.sent.filter(({ view }) => view.view === "help").map(({ locale }) => locale)).toEqual([
			"ja-JP",
		]);
		const told = world.sent.filter(({ view }) => view.view === "live" || view.view === "follow-up");
		expect(new Set(told.map(({ locale }) => locale))).toEqual(new Set(["de-DE"]));
		expect(told.map(({ view }) => view.view)).toContain("follow-up");
	});

	describe("that means the same as an earlier one", () => {
		const again = (requestId: string) => ({ kind: "again", requestId }) as const;

		it("repeats it for the same person, with its reason, also when it was itself a repetition", async () => {
			const world = createWorld(theDatabase());
			const first = await ask(world, because);
			await answerRequest(first, world.deps);
			expect(await answerOf(world, first)).toMatchObject({ view: { view: "refusal" } });
			const second = await ask(world, again(first), { via: "press", card: "card-1" });
			await answerRequest(second, world.deps);
			world.grant(anna, ADMIN_ROLE);
			const third = await ask(world, again(second), { via: "press", card: "card-1" });
			await answerRequest(third, world.deps);
			expect(await answerOf(world, third)).toMatchObject({ kind: "cancellation" });
			expect((await audited(4)).slice(0, 1)).toMatchObject([
				{
					type: "cancel.opened",
					job_id: JOB_ID,
					user_id: anna.userId,
					facts: { requestId: third, reason: "wrong snapshot" },
				},
			]);
		});

		it.each([
			["somebody else's", "not-your-request"],
			["one that was never made", "request-not-found"],
		])("does nothing about %s, and says so", async (what, code) => {
			const world = worldOfAdmins();
			const first = what === "somebody else's" ? await ask(world, because) : JOB_ID;
			const id = await ask(world, again(first), { actor: bernard, via: "press" });
			await answerRequest(id, world.deps);
			expect(await answerOf(world, id)).toEqual({
				kind: "view",
				view: { view: "problem", code, requestId: id },
			});
			expect(world.standingReads).toEqual([]);
			expect(await records()).toEqual([]);
		});
	});

	it("mentions no cancellation on a job that nobody cancels", async () => {
		const world = worldOfAdmins();
		const id = await ask(world, status);
		await answerRequest(id, world.deps);
		expect(Object.keys(((await answerOf(world, id)) as { view: object }).view).sort()).toEqual([
			"job",
			"mayCancel",
			"readAt",
			"reasonRequired",
			"view",
		]);
	});

	it("names no job in the audit trail where none was asked for", async () => {
		const world = worldOfAdmins();
		await answerRequest(await ask(world, { kind: "help" }), world.deps);
		expect(await audited(1)).toMatchObject([{ type: "request.answered", job_id: null }]);
	});

	it("does nothing about a request that is not there", async () => {
		const world = worldOfAdmins();
		const before = await audited(1);
		await answerRequest("00000000-0000-4000-8000-00000000dead", world.deps);
		await answerWithFailure("00000000-0000-4000-8000-00000000dead", "x", world.deps);
		expect(await audited(1)).toEqual(before);
		expect(world.standingReads).toEqual([]);
	});

	it("answers once, however often it runs and whenever the other one was quicker", async () => {
		const world = worldOfAdmins();
		const id = await ask(world, status);
		const { standing } = world.deps.directory;
		world.deps.directory.standing = async (...asked) => {
			world.deps.directory.standing = standing;
			await answerRequest(id, world.deps);
			return standing(...asked);
		};
		await answerRequest(id, world.deps);
		expect(world.tasks).toHaveLength(1);
		const reads = world.standingReads.length;
		await answerRequest(id, world.deps);
		expect(world.standingReads).toHaveLength(reads);
		expect(world.tasks).toHaveLength(1);
	});

	it("tells the person after repeated failures, and never takes an answer back", async () => {
		const world = worldOfAdmins();
		const id = await ask(world, because);
		await answerWithFailure(id, "gave up after 3 failures", world.deps);
		const answer = {
			kind: "view",
			view: { view: "problem", code: "internal-error", requestId: id },
		};
		expect(await answerOf(world, id)).toEqual(answer);
		expect(await audited(1)).toEqual([
			{
				type: "request.failed",
				job_id: JOB_ID,
				user_id: anna.userId,
				facts: { requestId: id, code: "internal-error", detail: "gave up after 3 failures" },
			},
		]);
		expect(plan(world)).toEqual([["post", 0]]);
		await answerWithFailure(id, "again", world.deps);
		expect(world.tasks).toHaveLength(1);
	});

	it("posts the answer to a press only when it has had its time to be given in place", async () => {
		const world = worldOfAdmins();
		await answerRequest(await ask(world, status, { via: "press", card: "card-1" }), world.deps);
		expect(plan(world)).toEqual([["post", 5_000]]);
	});

	it("posts it at once when nobody waits for it any more", async () => {
		const world = worldOfAdmins();
		const id = await ask(world, status, { via: "press", card: "card-1" });
		await world.deps.store.transaction((tx) => tx.markRequestLate(id));
		await answerRequest(id, world.deps);
		expect(plan(world)).toEqual([["post", 0]]);
	});

	it("wakes whoever waits in this process", async () => {
		const world = worldOfAdmins();
		const id = await ask(world, status, { via: "press" });
		const started = Date.now();
		const waited = world.deps.waitingRoom.wait(id, 20_000);
		await answerRequest(id, world.deps);
		await waited;
		expect(Date.now() - started).toBeLessThan(15_000);
	});

	describe("that opens a cancellation", () => {
		it("writes the attempt down with the opening, asks Graph at once and plans the first poll", async () => {
			const world = worldOfAdmins();
			const id = await ask(world, because);
			let before: unknown;
			world.graph.onPost = async () => {
				[before] = await records();
			};
			await answerRequest(id, world.deps);
			const [clientRequestId] = world.graph.posts;
			const at = world.now().toISOString();
			expect(before).toMatchObject({
				state: "submitting",
				attempts: [{ clientRequestId, at, by: anna, grant }],
			});
			expect(await answerOf(world, id)).toMatchObject({ kind: "cancellation", submits: true });
			expect(plan(world)).toEqual([
				["post", 0],
				["watch", 2_000],
				["post", 0],
			]);
			expect((await audited(4)).map(({ type }) => type)).toEqual([
				"cancel.opened",
				"cancel.attempt-started",
				"cancel.attempt-answered",
				"cancel.stopping",
			]);
		});

		it("plans the submit and the live card, and keeps who asked and why, when reading took long", async () => {
			const world = worldOfAdmins();
			readSlowly(world);
			const id = await ask(world, because);
			await answerRequest(id, world.deps);
			const answer = await answerOf(world, id);
			expect(answer).toEqual({ kind: "cancellation", cancellationId: expect.any(String) });
			expect(plan(world)).toEqual([
				["submit", 0],
				["post", 0],
			]);
			expect(await audited(1)).toEqual([
				{
					type: "cancel.opened",
					job_id: JOB_ID,
					user_id: anna.userId,
					facts: { requestId: id, receipt: expect.stringMatching(/^RC-/u), grant, reason: "wrong snapshot" },
				},
			]);
		});

		it("leaves the reason out where none was given", async () => {
			const world = worldOfAdmins();
			const id = await ask(world, cancel);
			await answerRequest(id, world.deps);
			const [line] = await audited(4);
			expect(line?.facts).toEqual({ requestId: id, receipt: expect.any(String), grant });
			const [row] = await records();
			expect(row).not.toHaveProperty("reason");
		});

		it.each<[string, { via: Via; card?: string }, string | null]>([
			["a card of one job becomes the live card", { via: "press", card: "card-1" }, "card-1"],
			["a list stays a list", { via: "press-in-list", card: "card-1" }, null],
			["a press without a card posts one", { via: "press" }, null],
		])("%s", async (_what, how, activityId) => {
			const world = worldOfAdmins();
			await answerRequest(await ask(world, cancel, how), world.deps);
			const [message] = await theDatabase().transaction((sql) =>
				sql.query("select activity_id, state from messages where kind = 'live'"),
			);
			expect(message).toEqual({ activity_id: activityId, state: activityId === null ? "pending" : "sent" });
		});
	});

	describe("that joins a cancellation", () => {
		it("keeps who joined and why, and tells all live cards", async () => {
			const world = worldOfAdmins();
			await answerRequest(await ask(world, cancel), world.deps);
			const id = await ask(world, because, { actor: bernard, where: "other" });
			await answerRequest(id, world.deps);
			expect(await answerOf(world, id)).toEqual({
				kind: "cancellation",
				cancellationId: expect.any(String),
			});
			expect(plan(world)).toEqual([
				["post", 0],
				["post", 0],
			]);
			expect(await audited(1)).toEqual([
				{
					type: "cancel.joined",
					job_id: JOB_ID,
					user_id: bernard.userId,
					facts: { requestId: id, receipt: expect.stringMatching(/^RC-/u), grant, reason: "wrong snapshot" },
				},
			]);
			const [record] = await records();
			expect(record?.askers).toMatchObject([
				{ actor: anna, conversationKey: "chat" },
				{ actor: bernard, conversationKey: "other", reason: "wrong snapshot" },
			]);
		});

		it("joins the rival's when both looked before either had opened one", async () => {
			const world = worldOfAdmins();
			await answerRequest(await ask(world, cancel), world.deps);
			const id = await ask(world, cancel, { actor: bernard, where: "other" });
			await answerRequest(id, { ...world.deps, store: blindOnce(world.deps.store) });
			expect(await audited(1)).toMatchObject([{ type: "cancel.joined", user_id: bernard.userId }]);
			expect(await records()).toHaveLength(1);
		});

		it("answers with the live card where the pressed card is it, and with a copy of it elsewhere", async () => {
			const world = worldOfAdmins();
			await answerRequest(await ask(world, cancel, { via: "press", card: "card-1" }), world.deps);
			const pressed = async (card?: string) => {
				const how = { actor: bernard, via: "press", ...(card === undefined ? {} : { card }) } as const;
				const id = await ask(world, cancel, how);
				await answerRequest(id, world.deps);
				return answerOf(world, id);
			};
			expect(await pressed("card-1")).toMatchObject({ kind: "cancellation" });
			const copy = { kind: "cancellation", cancellationId: expect.any(String), copied: true };
			expect(await pressed("card-2")).toEqual(copy);
			expect(await pressed()).toEqual(copy);
		});

		it("keeps a reason that is given later, beside the name of who gives it", async () => {
			const world = worldOfAdmins();
			await answerRequest(await ask(world, cancel), world.deps);
			await answerRequest(await ask(world, cancel, { actor: bernard }), world.deps);
			await answerRequest(await ask(world, because, { actor: bernard }), world.deps);
			await answerRequest(await ask(world, cancel, { actor: bernard }), world.deps);
			const [record] = await records();
			expect(record?.askers).toMatchObject([{ actor: anna }, { actor: bernard, reason: "wrong snapshot" }]);
			expect(record?.askers).toHaveLength(2);
		});
	});

	async function records() {
		const rows = await theDatabase().transaction((sql) =>
			sql.query<{ record: { askers: object[]; reason?: string } }>("select record from cancellations"),
		);
		return rows.map(({ record }) => record);
	}

	/** A store in which the first look for an open cancellation sees none. */
	function blindOnce(store: Store): Store {
		let looked = false;
		return {
			...store,
			transaction: (work) =>
				store.transaction((tx: Tx) =>
					work({
						...tx,
						async lockOpenCancellation(...of) {
							if (looked) return tx.lockOpenCancellation(...of);
							looked = true;
							return undefined;
						},
					}),
				),
		};
	}
});
