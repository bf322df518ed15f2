import { describe, expect, it } from "@jest/globals";
import type { SendProblem } from "../../../src/app/ports.js";
import type { Message } from "../../../src/app/store.js";
import { leaveIfRemoved, mayBeSentAgain, settleSend } from "../../../src/app/telling/settle-send.js";
import { openIncident } from "../../../src/core/on-call/incident.js";
import { theDatabase, useDatabase } from "../database.js";
import { putCancellation } from "../stored-cancellation.js";
import { type About, putMessage } from "../stored-message.js";
import { conversation, createWorld, person, runningJob, TENANT } from "../world.js";

useDatabase();

const HOUR = 3_600_000;
const CHANNEL = "19:ops@thread.tacv2";
const THREAD = `${CHANNEL};messageid=1`;
const anna = person("Anna");
const gone: SendProblem = { kind: "gone", detail: "404" };
const retry: SendProblem = { kind: "retry", detail: "503" };
const unconfirmed: SendProblem = { kind: "unconfirmed", detail: "502" };
const stands = { state: "sent", activityId: "card-1" } as const;

async function worldWithRecords(ended: { endedAt?: string; overAt?: string } = {}) {
	const world = createWorld(theDatabase());
	const { deps } = world;
	const { endedAt, overAt } = ended;
	const { id: cancellationId, receipt } = await putCancellation(
		world,
		endedAt === undefined ? {} : { state: "abandoned", outcome: { state: "abandoned" }, endedAt },
	);
	const incidentId = deps.ids.uuid();
	const incident = openIncident(incidentId, TENANT, runningJob(), deps.clock.now());
	await deps.store.transaction((tx) =>
		tx.saveIncidents([{ ...incident, ...(overAt === undefined ? {} : { overAt }) }]),
	);
	const put = (about: About, state: Partial<Message> = {}, where = "chat") =>
		putMessage(world, about, state, where);
	/** Where a message stands after this answer of Teams, and when it is tried again, in milliseconds. */
	const settled = async ({ id }: Message, sent: Parameters<typeof settleSend>[1]) => {
		world.tasks.length = 0;
		await settleSend(id, sent, deps);
		const message = await deps.store.transaction((tx) => tx.lockMessage(id));
		const again = world.tasks.map(({ task, at }) => [task.queue, task.data, at - world.now().getTime()]);
		for (const [queue, data] of again) expect([queue, data]).toEqual(["post", { messageId: id }]);
		return { ...message, again: again.map(([, , afterMs]) => afterMs) };
	};
	return { world, deps, cancellationId, receipt, incidentId, put, settled };
}

describe("what Teams answered", () => {
	it("is of no use for a message that is not there any more", async () => {
		const { world, deps } = await worldWithRecords();
		await settleSend("00000000-0000-4000-8000-00000000dead", retry, deps);
		expect(world.tasks).toEqual([]);
	});

	it("is kept: it stands there, or tells so far what is being checked", async () => {
		const { deps, cancellationId, put, settled } = await worldWithRecords();
		const live = await put({ kind: "live", cancellationId });
		expect(await settled(live, { kind: "sent", activityId: "a-1" })).toMatchObject({
			state: "sent",
			activityId: "a-1",
			again: [],
		});
		await settleSend(live.id, { kind: "sent", activityId: "a-1" }, deps, true);
		expect(await deps.store.transaction((tx) => tx.lockMessage(live.id))).toMatchObject({
			state: "checking",
		});
	});

	it.each(["approval", "reminder", "review", "alert", "follow"] as const)(
		"has a card that stood there made anew only when it is not found three times: %s",
		async (kind) => {
			const { cancellationId, incidentId, put, settled } = await worldWithRecords();
			const about = (
				kind === "alert" || kind === "follow" ? { kind, incidentId } : { kind, cancellationId }
			) as About;
			const card = await put(about, stands);
			expect(await settled(card, gone)).toMatchObject({ ...stands, tries: 1, again: [1_000] });
			expect(await settled(card, gone)).toMatchObject({ ...stands, tries: 2, again: [2_000] });
			const anew = await settled(card, gone);
			expect(anew).toMatchObject({ state: "pending", tries: 0, again: [0] });
			expect(anew).not.toHaveProperty("activityId");
		},
	);

	it.each(["live", "answer"] as const)("has whoever asks told anew at once: %s", async (kind) => {
		const { deps, cancellationId, put, settled } = await worldWithRecords();
		const about = kind === "live" ? { kind, cancellationId } : { kind, requestId: deps.ids.uuid() };
		const anew = await settled(await put(about, stands), gone);
		expect(anew).toMatchObject({ state: "pending", tries: 0, again: [0] });
		expect(anew).not.toHaveProperty("activityId");
	});

	it("lets go of an approval that was only found there, and of no other card", async () => {
		const { cancellationId, put, settled } = await worldWithRecords();
		const tried = { ...stands, tries: 2 };
		const found = await put({ kind: "approval", cancellationId, copy: "card-1" }, tried);
		expect(await settled(found, gone)).toMatchObject({ ...stands, state: "failed", again: [] });
		const second = await put({ kind: "reminder", cancellationId, copy: "2" }, tried);
		expect(await settled(second, gone)).toMatchObject({ state: "pending", again: [0] });
	});

	it("is waited for no longer than two days after the end of what a card is about", async () => {
		const endedAt = "2026-11-23T02:00:00Z";
		const { world, cancellationId, incidentId, put, settled } = await worldWithRecords({
			endedAt,
			overAt: endedAt,
		});
		const cards = [
			await put({ kind: "alert", incidentId }, stands),
			await put({ kind: "warning", cancellationId }),
			await put({ kind: "live", cancellationId }, stands),
		];
		await world.advance(47 * HOUR - 1_000);
		for (const card of cards.slice(0, 2))
			expect(await settled(card, retry)).toMatchObject({ state: card.state, again: [1_000] });
		await world.advance(HOUR + 2_000);
		for (const card of cards)
			expect(await settled(card, retry)).toMatchObject({ state: "failed", again: [] });
	});

	it("is waited for however long while the job runs", async () => {
		const { world, cancellationId, incidentId, put, settled } = await worldWithRecords();
		const alert = await put({ kind: "alert", incidentId }, stands);
		const live = await put({ kind: "live", cancellationId }, stands);
		const forgotten = await put({ kind: "follow", incidentId: world.deps.ids.uuid() }, stands);
		await world.advance(100 * HOUR);
		for (const card of [alert, live, forgotten])
			expect(await settled(card, retry)).toMatchObject({ ...stands, again: [1_000] });
	});

	it("is waited for two days from when a review was asked for, which is after the end", async () => {
		const { world, cancellationId, put, settled } = await worldWithRecords({
			endedAt: "2026-11-20T02:00:00Z",
		});
		const review = await put({ kind: "review", cancellationId });
		await world.advance(47 * HOUR);
		expect(await settled(review, retry)).toMatchObject({ state: "pending", again: [1_000] });
	});

	it("is waited for two days for what is about no cancellation and no job", async () => {
		const { world, deps, put, settled } = await worldWithRecords();
		const news = await put({ kind: "news", newsId: deps.ids.uuid() });
		await world.advance(48 * HOUR);
		expect(await settled(news, retry)).toMatchObject({ state: "pending", again: [1_000] });
		await world.advance(1);
		expect(await settled(news, retry)).toMatchObject({ state: "failed", again: [] });
	});

	it("lets only what a live card may tell, too, wait for that when nobody knows whether it arrived", async () => {
		const { deps, cancellationId, incidentId, put, settled } = await worldWithRecords();
		const soon = { state: "pending", unclear: 1, again: [1_000] };
		for (const about of [
			{ kind: "live", cancellationId },
			{ kind: "answer", requestId: deps.ids.uuid() },
			{ kind: "follow", incidentId },
			{ kind: "news", newsId: deps.ids.uuid() },
		] as const)
			expect(await settled(await put(about), unconfirmed)).toMatchObject(soon);
		expect(await settled(await put({ kind: "approval", cancellationId }), unconfirmed)).toMatchObject({
			...soon,
			again: [5_000],
		});
	});
});

describe("what is told of a message that was not delivered", () => {
	it.each([retry, unconfirmed, gone, { kind: "rejected", detail: "403" }] as const)(
		"names the receipt of the cancellation that it is about: %j",
		async (problem) => {
			const { world, cancellationId, receipt, put, settled } = await worldWithRecords();
			const live = await put({ kind: "live", cancellationId });
			await settled(live, problem);
			expect(world.log.map(({ facts }) => facts)).toEqual([
				{
					code: `send-${problem.kind}`,
					messageId: live.id,
					message: "live",
					receipt,
					cancellationId,
					tries: 1,
					detail: problem.detail,
				},
			]);
		},
	);

	it("names none where it is about none", async () => {
		const { world, deps, incidentId, put, settled } = await worldWithRecords();
		await settled(await put({ kind: "alert", incidentId }), retry);
		await settled(await put({ kind: "news", newsId: deps.ids.uuid() }), retry);
		expect(world.log.map(({ facts }) => Object.keys(facts))).toEqual(
			Array(2).fill(["code", "messageId", "message", "tries", "detail"]),
		);
	});
});

describe("a message that may stand in the chat already", () => {
	it("is sent again however often when it is a card that is kept up to date, or an answer", async () => {
		const { deps, cancellationId, incidentId, put } = await worldWithRecords();
		const again = async (about: About, unclear: number) => {
			const message = await put(about, { unclear });
			return deps.store.transaction((tx) => mayBeSentAgain(tx, message));
		};
		for (const kind of ["live", "approval"] as const)
			expect(await again({ kind, cancellationId }, 9)).toBe(true);
		expect(await again({ kind: "follow", incidentId }, 9)).toBe(true);
		expect(await again({ kind: "answer", requestId: deps.ids.uuid() }, 9)).toBe(true);
		// A call for somebody, too, but not one a minute.
		for (const kind of ["news", "page"] as const) {
			expect(await again({ kind, newsId: deps.ids.uuid() }, 1)).toBe(true);
			expect(await again({ kind, newsId: deps.ids.uuid() }, 2)).toBe(false);
		}
		expect(await again({ kind: "alert", incidentId }, 1)).toBe(true);
		expect(await again({ kind: "alert", incidentId }, 2)).toBe(false);
	});
});

describe("a conversation that the bot is not in any more", () => {
	async function left(
		{ world, deps, put }: Awaited<ReturnType<typeof worldWithRecords>>,
		sent: SendProblem,
		state: Partial<Message> = {},
		where = CHANNEL,
	) {
		await deps.store.transaction((tx) =>
			tx.putSubscription({
				id: deps.ids.uuid(),
				tenantId: TENANT,
				conversationKey: CHANNEL,
				by: anna,
				at: world.now().toISOString(),
				kind: "alerts",
				filters: {},
			}),
		);
		const message = await put({ kind: "news", newsId: deps.ids.uuid() }, state, where);
		const leave = () => leaveIfRemoved(message, conversation(where), sent, deps);
		const before = await trail();
		await leave();
		const lines = (await trail()).slice(before.length);
		// Nothing is left to leave.
		await leave();
		expect((await trail()).length).toBe(before.length + lines.length);
		const told = await deps.store.read.subscriptionsIn(CHANNEL);
		expect(told.length).toBe(lines.length > 0 ? 0 : 1);
		return lines.map(({ at: _, ...line }) => line);
	}
	async function trail() {
		const rows = await theDatabase().transaction((sql) =>
			sql.query<{ line: string }>("select line from audit_events order by seq"),
		);
		return rows.map(({ line }) => {
			const { seq: _, ...said } = JSON.parse(line);
			return said;
		});
	}
	const noted = [{ type: "conversation.left", facts: { conversation: CHANNEL } }];

	it("is watched no longer once Teams says so, with all its threads", async () => {
		const records = await worldWithRecords();
		expect(await left(records, { kind: "rejected", detail: "403", removed: true })).toEqual(noted);
		expect(await left(records, { kind: "rejected", detail: "403", removed: true }, {}, THREAD)).toEqual(
			noted,
		);
	});

	it("is still watched when Teams turns one message down, or has no time for it", async () => {
		const records = await worldWithRecords();
		for (const sent of [{ kind: "rejected", detail: "413" }, retry, unconfirmed] as const)
			expect(await left(records, sent, { tries: 2 })).toEqual([]);
	});

	it("is watched no longer when it is not found for the third time", async () => {
		const records = await worldWithRecords();
		expect(await left(records, gone, { tries: 1 })).toEqual([]);
		expect(await left(records, gone, { tries: 2 })).toEqual(noted);
	});

	it("is still watched when only a thread or a message in it is not found", async () => {
		const records = await worldWithRecords();
		expect(await left(records, gone, { tries: 2 }, THREAD)).toEqual([]);
		expect(await left(records, gone, { ...stands, tries: 2 })).toEqual([]);
	});
});
