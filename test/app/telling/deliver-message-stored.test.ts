import { describe, expect, it } from "@jest/globals";
import type { ConversationRef, SendProblem } from "../../../src/app/ports.js";
import { answerRequest } from "../../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../../src/app/requests/receive-request.js";
import type { Message } from "../../../src/app/store.js";
import { deliverMessage } from "../../../src/app/telling/deliver-message.js";
import { theDatabase, useDatabase } from "../database.js";
import { auditTrail, putCancellation } from "../stored-cancellation.js";
import { putMessage } from "../stored-message.js";
import { conversation, createWorld, person } from "../world.js";

useDatabase();

const anna = person("Anna");
const HOUR = 3_600_000;
const MINUTE = 60_000;
const unconfirmed: SendProblem = { kind: "unconfirmed", detail: "502" };
const retry: SendProblem = { kind: "retry", detail: "503" };
const rejected: SendProblem = { kind: "rejected", detail: "403" };
const ended = {
	state: "abandoned",
	outcome: { state: "abandoned" },
	endedAt: "2026-11-23T03:00:00Z",
} as const;

describe("delivering a stored message", () => {
	/** A bot, and how often and for where it got ready to send. */
	function emptyWorld() {
		const world = createWorld(theDatabase());
		const prepared: ConversationRef[] = [];
		const { prepare } = world.deps.messenger;
		world.deps.messenger.prepare = (where) => {
			prepared.push(where);
			return prepare(where);
		};
		const deliver = (id: string) => deliverMessage(id, world.deps);
		/** How long after now the deliveries that are planned follow, in milliseconds. */
		const planned = (id?: string) =>
			world.tasks
				.filter(({ task }) => id === undefined || (task.queue === "post" && task.data.messageId === id))
				.map(({ at }) => at - world.now().getTime());
		return { world, prepared, deliver, planned };
	}
	type World = ReturnType<typeof createWorld>;

	/** An answer that waits for its delivery. */
	async function withAnswer() {
		const made = emptyWorld();
		const { deps } = made.world;
		const { request } = await receiveRequest(
			{
				dedupeKey: "chat m-1",
				actor: anna,
				conversation: conversation("chat"),
				command: { kind: "help" },
				via: "message",
			},
			deps,
		);
		await answerRequest(request.id, deps);
		const message = await deps.store.transaction((tx) => tx.findMessage("answer", request.id, "chat"));
		made.world.tasks.length = 0;
		return { ...made, id: message?.id ?? "" };
	}

	/** A cancellation, and a way to put messages about it as they would stand at some moment. */
	async function withCancellation(changed: Parameters<typeof putCancellation>[1] = {}) {
		const made = emptyWorld();
		const record = await putCancellation(made.world, changed);
		const put = async (kind: "live" | "warning" | "follow-up", state: Partial<Message> = {}) =>
			(await putMessage(made.world, { kind, cancellationId: record.id }, state)).id;
		return { ...made, record, put };
	}
	const standing = { state: "sent", activityId: "card-1" } as const;

	async function messageOf(world: World, id: string) {
		const message = await world.deps.store.transaction((tx) => tx.lockMessage(id));
		return { state: message?.state, activityId: message?.activityId, unclear: message?.unclear };
	}
	const views = (world: World) => world.sent.map(({ how, view }) => `${how} ${view.view}`);
	const newestLine = async () => {
		const [row] = await theDatabase().transaction((sql) =>
			sql.query<{ line: string }>("select line from audit_events order by seq desc limit 1"),
		);
		return JSON.parse(row?.line ?? "{}");
	};

	it("gets ready for its conversation, sends it once, and keeps where it stands", async () => {
		const { world, prepared, deliver, planned, id } = await withAnswer();
		await deliver(id);
		await deliver(id);
		expect(prepared).toEqual([conversation("chat")]);
		expect(views(world)).toEqual(["post help"]);
		expect(await messageOf(world, id)).toMatchObject({
			state: "sent",
			activityId: world.sent[0]?.activityId,
		});
		expect(planned()).toEqual([]);
	});

	it("does nothing about a message that is not there", async () => {
		const { world, prepared, deliver } = emptyWorld();
		await deliver("00000000-0000-4000-8000-00000000dead");
		expect(prepared).toEqual([]);
		expect(world.sent).toEqual([]);
	});

	it("sends nothing when it cannot get ready, and tries again", async () => {
		const { world, deliver, planned, id } = await withAnswer();
		world.deps.messenger.prepare = async () => ({ ...retry, retryAfterMs: 7_000 });
		await deliver(id);
		expect(world.sent).toEqual([]);
		expect(await messageOf(world, id)).toMatchObject({ state: "pending", unclear: 0 });
		expect(planned()).toEqual([7_000]);
	});

	it("sends nothing when another one delivered it while this one got ready", async () => {
		const { world, deliver, id } = await withAnswer();
		world.deps.messenger.prepare = async () => {
			world.deps.messenger.prepare = async () => ({ kind: "ready" });
			await deliver(id);
			return { kind: "ready" };
		};
		await deliver(id);
		expect(views(world)).toEqual(["post help"]);
	});

	it("sends no greeting that was forgotten since, because the bot was removed", async () => {
		const { world, deliver, id } = await withAnswer();
		await world.deps.store.transaction((tx) => tx.forgetRequest("chat m-1"));
		await deliver(id);
		expect(world.sent).toEqual([]);
	});

	it("marks a new message before it is sent, and one that stands already not", async () => {
		const { world, deliver, put } = await withCancellation();
		const states: unknown[] = [];
		const [live, warning] = [await put("live", standing), await put("warning")];
		for (const id of [live, warning]) {
			world.onSend = async () => void states.push((await messageOf(world, id)).state);
			await deliver(id);
		}
		expect(views(world)).toEqual(["update live", "post warning"]);
		expect(states).toEqual(["sent", "sending"]);
	});

	it("updates the live card however often, and posts none anew that was given up", async () => {
		const { world, deliver, put } = await withCancellation();
		const live = await put("live", standing);
		await deliver(live);
		await deliver(live);
		expect(world.sent).toMatchObject([
			{ how: "update", activityId: "card-1" },
			{ how: "update", activityId: "card-1" },
		]);
		await put("live", { state: "failed", activityId: undefined } as object);
		await deliver(live);
		expect(world.sent).toHaveLength(2);
	});

	it("shows on the live card nothing but the cancellation while all goes well", async () => {
		const { world, record, deliver, put } = await withCancellation();
		await put("follow-up");
		await deliver(await put("live", standing));
		expect(world.sent[0]?.view).toEqual({ view: "live", cancellation: record, conversationKey: "chat" });
	});

	it.each(["unconfirmed", "failed"] as const)(
		"says on the live card that the announcement is missing when that is %s",
		async (state) => {
			const { world, deliver, put } = await withCancellation(ended);
			await put("follow-up", { state });
			await deliver(await put("live", standing));
			expect(world.sent[0]?.view).toHaveProperty("announcementMissed", true);
		},
	);

	it.each<[string, object, string[]]>([
		["warns of a cancellation that is open", {}, ["post warning"]],
		["warns of nothing whose end is known", ended, []],
	])("%s", async (_what, state, sent) => {
		const { world, deliver, put } = await withCancellation(state);
		await deliver(await put("warning"));
		expect(views(world)).toEqual(sent);
	});

	it("announces an end that is known", async () => {
		const { world, record, deliver, put } = await withCancellation(ended);
		await put("live", standing);
		await deliver(await put("follow-up"));
		expect(world.sent[0]?.view).toEqual({
			view: "follow-up",
			cancellation: record,
			conversationKey: "chat",
		});
	});

	describe("that a process left behind while it was being sent", () => {
		it("sends a live card again and says that this one counts", async () => {
			const { world, deliver, put } = await withCancellation();
			const live = await put("live", { state: "sending" });
			await deliver(live);
			expect(world.sent).toMatchObject([{ how: "post", view: { view: "live", supersedes: true } }]);
			expect(await messageOf(world, live)).toMatchObject({ state: "sent", unclear: 1 });
		});

		it("sends an announcement once more when no live card tells the same", async () => {
			const { world, record, deliver, put } = await withCancellation(ended);
			const followUp = await put("follow-up", { state: "sending" });
			await deliver(followUp);
			expect(world.sent[0]?.view).toEqual({
				view: "follow-up",
				cancellation: record,
				conversationKey: "chat",
			});
			expect(await messageOf(world, followUp)).toMatchObject({ state: "sent", unclear: 1 });
		});

		it("sends it no third time", async () => {
			const { world, deliver, put, planned } = await withCancellation(ended);
			const followUp = await put("follow-up", { state: "sending", unclear: 1 });
			await deliver(followUp);
			expect(world.sent).toEqual([]);
			expect(await messageOf(world, followUp)).toMatchObject({ state: "unconfirmed", unclear: 2 });
			expect(planned()).toEqual([]);
		});

		it("leaves it to the live card that tells the same, and says why in the audit trail", async () => {
			const { world, record, deliver, put, planned } = await withCancellation(ended);
			const live = await put("live", standing);
			const followUp = await put("follow-up", { state: "sending" });
			await deliver(followUp);
			expect(world.sent).toEqual([]);
			expect(await messageOf(world, followUp)).toMatchObject({ state: "unconfirmed", unclear: 1 });
			expect(await auditTrail(record)).toEqual([
				{
					at: world.now().toISOString(),
					type: "message.unconfirmed",
					facts: {
						messageId: followUp,
						receipt: record.receipt,
						message: "follow-up",
						conversation: "chat",
						detail: "the process stopped while the message was being sent",
					},
				},
			]);
			expect(planned(live)).toEqual([0]);
		});
	});

	it("leaves an announcement alone whose doubtful sending was the last word, also with no live card", async () => {
		const { world, record, prepared, deliver, put, planned } = await withCancellation(ended);
		const followUp = await put("follow-up", { state: "unconfirmed", unclear: 1 });
		await deliver(followUp);
		expect(prepared).toEqual([]);
		expect(world.sent).toEqual([]);
		expect(await messageOf(world, followUp)).toMatchObject({ state: "unconfirmed", unclear: 1 });
		expect(await auditTrail(record)).toEqual([]);
		expect(planned()).toEqual([]);
	});

	describe("when nobody knows whether it arrived", () => {
		it("sends a live card again soon", async () => {
			const { world, deliver, put, planned } = await withCancellation();
			world.sendProblems.push(unconfirmed);
			const live = await put("live");
			await deliver(live);
			expect(await messageOf(world, live)).toMatchObject({ state: "pending", unclear: 1 });
			expect(planned()).toEqual([1_000]);
		});

		it("repeats an update without a doubt about the card", async () => {
			const { world, deliver, put, planned } = await withCancellation();
			world.sendProblems.push(unconfirmed);
			const live = await put("live", standing);
			await deliver(live);
			expect(await messageOf(world, live)).toEqual({ ...standing, unclear: 0 });
			expect(planned()).toEqual([1_000]);
		});

		it("lets the live card go first that could tell the end, too", async () => {
			const { world, deliver, put, planned } = await withCancellation(ended);
			world.sendProblems.push(unconfirmed);
			await put("live");
			const followUp = await put("follow-up");
			await deliver(followUp);
			expect(await messageOf(world, followUp)).toMatchObject({ state: "pending", unclear: 1 });
			expect(planned()).toEqual([5_000]);
		});

		it("leaves an announcement at once to the live card that tells the same", async () => {
			const { world, record, deliver, put, planned } = await withCancellation(ended);
			world.sendProblems.push(unconfirmed);
			const live = await put("live", standing);
			const followUp = await put("follow-up");
			await deliver(followUp);
			expect(await messageOf(world, followUp)).toMatchObject({ state: "unconfirmed", unclear: 1 });
			expect(planned(followUp)).toEqual([]);
			expect(planned(live)).toEqual([0]);
			expect(await auditTrail(record)).toMatchObject([{ facts: { detail: "502" } }]);
		});
	});

	it("announces the end after all when the live card to which that was left can be updated no more", async () => {
		const { world, deliver, put, planned } = await withCancellation(ended);
		const live = await put("live", standing);
		const followUp = await put("follow-up", { state: "unconfirmed", unclear: 1 });
		world.sendProblems.push(rejected);
		await deliver(live);
		expect(await messageOf(world, live)).toMatchObject({ state: "failed" });
		expect(planned(followUp)).toEqual([0]);
		await deliver(followUp);
		expect(views(world).at(-1)).toBe("post follow-up");
		expect(await messageOf(world, followUp)).toMatchObject({ state: "sent" });
	});

	it.each([
		{ state: "unconfirmed", unclear: 2 },
		{ state: "sent", activityId: "card-2" },
		{ state: "failed" },
	] as const)("announces it no more often for that: %j", async (stood) => {
		const { world, deliver, put, planned } = await withCancellation(ended);
		const live = await put("live", standing);
		const followUp = await put("follow-up", stood);
		world.sendProblems.push(rejected);
		await deliver(live);
		expect(planned(followUp)).toEqual([]);
		expect(await messageOf(world, followUp)).toMatchObject(stood);
	});

	it("still counts a live card that could not be updated for one that stands", async () => {
		const { world, deliver, put, planned } = await withCancellation();
		world.sendProblems.push(retry);
		const live = await put("live", standing);
		await deliver(live);
		expect(await messageOf(world, live)).toMatchObject(standing);
		expect(planned()).toEqual([1_000]);
	});

	it("gives a conversation up that is not found for the third time", async () => {
		const { world, deliver, id } = await withAnswer();
		world.sendProblems.push(...Array.from({ length: 3 }, () => ({ kind: "gone", detail: "404" }) as const));
		await deliver(id);
		await deliver(id);
		expect(await messageOf(world, id)).toMatchObject({ state: "pending" });
		await deliver(id);
		expect(await messageOf(world, id)).toMatchObject({ state: "failed" });
	});

	it("writes down what was turned down, of an answer without a cancellation", async () => {
		const { world, deliver, planned, id } = await withAnswer();
		world.sendProblems.push(rejected);
		await deliver(id);
		expect(await newestLine()).toEqual({
			seq: expect.any(Number),
			at: world.now().toISOString(),
			type: "message.failed",
			facts: { messageId: id, message: "answer", conversation: "chat", detail: "403" },
		});
		expect(planned()).toEqual([]);
	});

	it("tells the live card of an announcement that was turned down, and of no other message", async () => {
		const { world, record, deliver, put, planned } = await withCancellation();
		const live = await put("live", standing);
		world.sendProblems.push(rejected, rejected);
		await deliver(await put("warning"));
		expect(await auditTrail(record)).toMatchObject([
			{ type: "message.failed", facts: { message: "warning", receipt: record.receipt } },
		]);
		expect(planned()).toEqual([]);
		await deliver(await put("follow-up"));
		expect(planned(live)).toEqual([0]);
	});

	it("plans nothing for a live card that was never there", async () => {
		const { world, deliver, put, planned } = await withCancellation(ended);
		world.sendProblems.push(rejected);
		await deliver(await put("follow-up"));
		expect(planned()).toEqual([]);
	});

	it("gives the cards of a cancellation up two days after its end", async () => {
		const { world, deliver, put, planned } = await withCancellation(ended);
		const [live, followUp] = [await put("live"), await put("follow-up")];
		world.turn(48 * HOUR);
		world.sendProblems.push(retry);
		await deliver(live);
		expect(planned(live)).toHaveLength(1);
		world.turn(MINUTE);
		world.sendProblems.push(retry, retry);
		await deliver(live);
		await deliver(followUp);
		expect(await messageOf(world, live)).toMatchObject({ state: "failed" });
		expect(await messageOf(world, followUp)).toMatchObject({ state: "failed" });
		expect(planned(followUp)).toEqual([]);
	});
});
