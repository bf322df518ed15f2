import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { answerRequest } from "../../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../../src/app/requests/receive-request.js";
import type { Message } from "../../../src/app/store.js";
import { deliverMessage } from "../../../src/app/telling/deliver-message.js";
import { openIncident } from "../../../src/core/on-call/incident.js";
import type { News } from "../../../src/core/on-call/news.js";
import { theDatabase, useDatabase } from "../database.js";
import { putMessage } from "../stored-message.js";
import { conversation, createWorld, person, runningJob, TENANT } from "../world.js";

useDatabase();

const CHANNEL = "19:ops@thread.tacv2";
const CHAT = "chat";
const BELOW = `${CHANNEL};messageid=card-1`;
const anna = person("Anna");
const stands = { state: "sent", activityId: "card-1" } as const;

describe("where news of a job goes", () => {
	/** News on its way, beside the card of its job as it stands, and what was sent for it to where. */
	async function delivered(
		place: News["place"],
		card: Partial<Message> | undefined,
		{ where = CHANNEL, alerts = true, about = true, kind = "page" as "page" | "news" } = {},
	) {
		const world = createWorld(theDatabase());
		const { store, clock } = world.deps;
		const at = clock.now().toISOString();
		const [incidentId, newsId] = [randomUUID(), randomUUID()];
		const news: News & { id: string } = {
			id: newsId,
			conversationKey: where,
			...(about ? { incidentId } : {}),
			place,
			tells: { what: "sum", running: [], others: 0, at },
		};
		await store.transaction(async (tx) => {
			await tx.rememberConversation(conversation(where));
			await tx.saveIncidents([openIncident(incidentId, TENANT, runningJob({ id: incidentId }), clock.now())]);
			if (alerts)
				await tx.putSubscription({
					id: randomUUID(),
					tenantId: TENANT,
					conversationKey: where,
					by: anna,
					at,
					kind: "alerts",
					filters: {},
				});
			await tx.addNews([news], clock.now());
		});
		if (card) await putMessage(world, { kind: "alert", incidentId }, card, where);
		const { id } = await putMessage(world, { kind, newsId }, {}, where);
		await deliverMessage(id, world.deps);
		const planned = world.tasks.map(({ task, at }) => ({ ...task.data, in: at - world.now().getTime() }));
		return {
			sent: world.sent.map(({ how, conversation: to }) => `${how} ${to}`),
			planned: planned.map((one) => ("messageId" in one && one.messageId === id ? one.in : one)),
		};
	}
	const nothingYet = { sent: [], planned: [2_000] };
	const below = { sent: [`post ${BELOW}`], planned: [] };
	const byItself = { sent: [`post ${CHANNEL}`], planned: [] };

	it.each(["reply", "record"] as const)("is below the card of the job: %s", async (place) => {
		expect(await delivered(place, stands)).toEqual(below);
		// Also where that has to be tried again just now.
		expect(await delivered(place, { ...stands, state: "pending" })).toEqual(below);
	});

	it("is by itself when it is meant to be, or about no job", async () => {
		expect(await delivered("post", stands)).toEqual(byItself);
		expect(await delivered("reply", stands, { about: false })).toEqual(byItself);
	});

	it("is by itself where there are no threads", async () => {
		expect(await delivered("reply", stands, { where: CHAT })).toEqual({
			sent: [`post ${CHAT}`],
			planned: [],
		});
	});

	it.each(["pending", "sending"] as const)("waits for a card that is on its way: %s", async (state) => {
		expect(await delivered("reply", { state })).toEqual(nothingYet);
	});

	it.each(["unconfirmed", "failed"] as const)("waits for no card that will never be: %s", async (state) => {
		expect(await delivered("reply", { state })).toEqual(byItself);
		expect(await delivered("reply", undefined)).toEqual(byItself);
	});

	it("waits for no card that stays away because alerts were turned off", async () => {
		expect(await delivered("reply", { state: "pending" }, { alerts: false })).toEqual(byItself);
	});

	it("is nowhere when alerts were turned off, but for a call for somebody", async () => {
		expect(await delivered("reply", stands, { alerts: false, kind: "news" })).toEqual({
			sent: [],
			planned: [],
		});
		expect(await delivered("reply", stands, { alerts: false })).toEqual(below);
	});
});

describe("a message whose turn has not come", () => {
	it("waits for it, and is neither drawn nor marked before", async () => {
		const { world, id, deliver } = await asked();
		const { store } = world.deps;
		world.deps.store = {
			...store,
			read: {
				...store.read,
				delivery: async (asked) => {
					const found = await store.read.delivery(asked);
					return found && { ...found, waitMs: 1_500 };
				},
			},
		};
		await deliver();
		expect(world.sent).toEqual([]);
		expect(world.tasks.map(({ task, at }) => [task, at - world.now().getTime()])).toEqual([
			[{ queue: "post", data: { messageId: id }, afterMs: 1_500 }, 1_500],
		]);
	});
});

describe("an answer that stands as what is being checked", () => {
	it("is sent once, says its language, and becomes the answer once that is there", async () => {
		const { world, deliver, answer, state } = await asked();
		await deliver();
		await deliver();
		expect(world.sent.map(({ how, view, locale }) => [how, view.view, locale])).toEqual([
			["post", "working", "de-DE"],
		]);
		expect(await state()).toBe("checking");
		await answer();
		await deliver();
		expect(world.sent.map(({ how, view }) => [how, view.view])).toEqual([
			["post", "working"],
			["update", "help"],
		]);
		expect(await state()).toBe("sent");
		await deliver();
		expect(world.sent).toHaveLength(2);
	});
});

describe("an update that went well", () => {
	it("is saved only when an earlier one had not", async () => {
		const { world, deliver, answer, saved } = await asked({ activityId: "a-1", state: "checking" });
		await answer();
		await deliver();
		expect(saved).toEqual(["sent"]);
		expect(world.sent.map(({ how }) => how)).toEqual(["update"]);
	});

	it.each([
		[{ tries: 0 }, []],
		[{ tries: 1 }, ["sent"]],
		[{ tries: 0, state: "unconfirmed" }, ["sent"]],
	] as const)("of a card that is kept up to date, that is %j", async (changed, expected) => {
		const { world, saved, deliver } = await withIncident();
		await deliver("follow", changed);
		expect(world.sent.map(({ how, activityId }) => `${how} ${activityId}`)).toEqual(["update card-1"]);
		expect(saved).toEqual(expected);
	});

	it("is none for a card that was only found there and is gone again", async () => {
		const { world, deliver } = await withIncident();
		await deliver("alert", { copy: "card-1", state: "failed" });
		expect(world.sent).toEqual([]);
		await deliver("follow", { copy: "card-1" });
		await deliver("follow", { state: "failed" });
		expect(world.sent.map(({ how }) => how)).toEqual(["update", "update"]);
	});
});

/** A job, and a way to deliver a card of it that stands there. */
async function withIncident() {
	const world = createWorld(theDatabase());
	const saved = savedBy(world);
	const incidentId = randomUUID();
	await world.deps.store.transaction(async (tx) => {
		await tx.rememberConversation(conversation(CHAT));
		await tx.saveIncidents([openIncident(incidentId, TENANT, runningJob(), world.now())]);
	});
	const deliver = async (kind: "alert" | "follow", { copy, ...state }: Partial<Message>) => {
		const about = { kind, incidentId, ...(copy === undefined ? {} : { copy }) };
		await deliverMessage((await putMessage(world, about, { ...stands, ...state })).id, world.deps);
	};
	return { world, saved, deliver };
}

/** Which state each answer of Teams was saved as. */
function savedBy(world: ReturnType<typeof createWorld>): string[] {
	const saved: string[] = [];
	const { store } = world.deps;
	world.deps.store = {
		...store,
		sent(id, activityId, as = "sent") {
			saved.push(as);
			return store.sent(id, activityId, as);
		},
	};
	return saved;
}

/** Somebody who writes German has asked for help; what the answer stands as is told. */
async function asked(stood: Partial<Message> = {}) {
	const world = createWorld(theDatabase());
	const saved = savedBy(world);
	const { store } = world.deps;
	const { request } = await receiveRequest(
		{
			dedupeKey: "chat m-1",
			actor: anna,
			conversation: { ...conversation(CHAT), locale: "de-DE" },
			command: { kind: "help" },
			via: "message",
		},
		world.deps,
	);
	const message = await putMessage(world, { kind: "answer", requestId: request.id }, stood);
	world.tasks.length = 0;
	return {
		world,
		saved,
		id: message.id,
		deliver: () => deliverMessage(message.id, world.deps),
		answer: () => answerRequest(request.id, world.deps),
		state: async () => (await store.transaction((tx) => tx.lockMessage(message.id)))?.state,
	};
}
