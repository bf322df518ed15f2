import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { waitFor } from "../wait-for.js";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin, admin2, nobody } = PEOPLE;
const FOLLOW_UP = /"alert":true/u;

/** It is tried three times, with pauses of up to 2, 4 and 8 seconds after that; on a busy machine. */
const GIVEN_UP_MS = 30_000;
/** A fault of the bot's own: no history can be kept as the answer to a request. */
const FAULT = `const { stringify } = JSON;
	JSON.stringify = (value, ...how) => {
		if (value?.kind === "view" && value.view?.view === "history") throw new Error("planted fault");
		return stringify(value, ...how);
	};`;

let stage: Stage;
beforeAll(async () => {
	stage = await openStage({
		GRAPH_API_VERSION: "v1.0",
		NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(FAULT)}`,
	});
});
afterAll(() => stage?.close());

describe("a connector that fails", () => {
	const inChat = (id: string) => ({
		conversation: { id, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
	});
	const sentTo = (chat: string) => stage.cloud.connector.sent.filter((s) => s.conversationId === chat);
	const announcements = (chat: string) =>
		sentTo(chat).filter((s) => FOLLOW_UP.test(JSON.stringify(s.activity)));
	/** Spoils new messages to a chat whose body fits. */
	const spoil = (
		chat: string,
		fault: Parameters<Stage["cloud"]["faults"]["add"]>[0]["do"],
		times: number,
		// Not the call that shows that the bot types.
		body = /"attachments"/u,
	) =>
		stage.cloud.faults.add({
			match: (request) =>
				request.method === "POST" && request.path.includes(`/${chat}/activities`) && body.test(request.body),
			times,
			do: fault,
		});

	const refused = (name: string) => `refused-${name.replace(" ", "-")}`;
	const spoilt: [name: string, fault: Parameters<typeof spoil>[1]][] = [
		["500", { status: 500 }],
		["502", { status: 502 }],
		["503", { status: 503 }],
		["504", { status: 504 }],
		["429", { status: 429, headers: { "retry-after": "1" } }],
		["a reset", "reset"],
	];
	// All at once, since each waits a while before it is sent again.
	beforeAll(async () => {
		const job = stage.cloud.addJob({});
		for (const [name, fault] of spoilt) spoil(refused(name), fault, 1);
		await Promise.all(
			spoilt.map(([name]) => stage.say(nobody, `cancel job ${job.id}`, inChat(refused(name)))),
		);
	});

	it.concurrent.each(spoilt)("does not make a refusal silent with %s", async (name) => {
		await stage.card(refused(name), /you may not cancel jobs/u);
		// On a busy machine it says before that it is still checking, in the same message.
		expect(new Set(sentTo(refused(name)).map(({ id }) => id)).size).toBe(1);
	});

	it.concurrent("that takes a live card and answers 502 gets one that can be updated, which tells the end", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 2_000 });
		const chat = `live-${job.id}`;
		spoil(chat, { after: { status: 502 } }, 1);
		await stage.say(admin, `cancel job ${job.id}`, inChat(chat));
		await stage.card(chat, FOLLOW_UP);
		const [inDoubt, live] = sentTo(chat).filter((s) => s.how === "create");
		expect(JSON.stringify(live?.activity)).toContain("An earlier one");
		const last = await stage.card(chat, /Graph shows it as abandoned/u, "update");
		expect(last.id).toBe(live?.id);
		expect(last.id).not.toBe(inDoubt?.id);
		expect(announcements(chat)).toHaveLength(1);
	});

	it.concurrent("that loses live card and announcement alike is told the end all the same", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `both-${job.id}`;
		spoil(chat, { status: 502 }, 1, FOLLOW_UP);
		spoil(chat, { status: 502 }, 2);
		await stage.say(admin, `cancel job ${job.id}`, inChat(chat));
		await stage.card(chat, /Graph shows it as abandoned/u);
	});

	it.concurrent("that takes the announcement and answers 504 is not told twice while the live card can say it", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 500 });
		const chat = `once-${job.id}`;
		spoil(chat, { after: { status: 504 } }, 1, FOLLOW_UP);
		await stage.say(admin, `cancel job ${job.id}`, inChat(chat));
		await stage.card(chat, /may not have reached/u, "update");
		expect(announcements(chat)).toHaveLength(1);
	});

	it("is given no new message on a connection that has been idle for long, since that may just be closing", async () => {
		await setTimeout(1_500);
		await stage.say(nobody, "whoami", { conversation: { id: "idle" } });
		await stage.card("idle", new RegExp(nobody.name, "u"));
		const created = stage.cloud.requests.filter(
			(request) => request.method === "POST" && request.path.startsWith("/teams/"),
		);
		expect(created.length).toBeGreaterThan(10);
		const first = created.findIndex(({ path }) => path.includes("/idle/"));
		const before = created.slice(0, first);
		expect(before.map(({ port }) => port)).not.toContain(created[first]?.port);
		// Others follow each other closely enough.
		expect(new Set(before.map(({ port }) => port)).size).toBeLessThan(before.length);
	});

	it("is logged, each failed send with a code, and never with what was said", async () => {
		const lines = stage.bot.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
		const failed = lines.filter((line) => String(line.code).startsWith("send-"));
		expect(failed.length).toBeGreaterThanOrEqual(10);
		for (const line of failed) expect(line).toMatchObject({ level: "warn", messageId: expect.any(String) });
		expect(JSON.stringify(lines)).not.toContain(nobody.name);
	});
});

describe("an answer that fails again and again by a fault of the bot", () => {
	it("ends with a card that says so, once, and says in the log how often it was tried", async () => {
		const where = { id: "faulty", conversationType: "groupChat", tenantId: stage.cloud.tenantId };
		await stage.say(admin, "history", { conversation: where });
		const card = await stage.cloud.connector.find(
			"the card that says so",
			({ conversationId }) => conversationId === "faulty",
			GIVEN_UP_MS,
		);
		expect(JSON.stringify(card.activity)).toContain("Something went wrong on my side");
		expect(stage.cloud.connector.sent.filter(({ conversationId }) => conversationId === "faulty")).toEqual([
			card,
		]);
		const failures = stage.bot.lines
			.filter((line) => line.includes("planted fault"))
			.map((line) => JSON.parse(line));
		expect(failures).toMatchObject(
			[0, 1, 2].map((failed) => ({ level: "error", code: "work-failed", queue: "answer", failures: failed })),
		);
	});
});

describe("what the log tells", () => {
	const events = (jobId: string) =>
		stage.bot.lines
			.map((line) => JSON.parse(line) as Record<string, unknown>)
			.filter((line) => line.jobId === jobId);
	// A card may be there before the line has come through the pipe.
	const toldOf = (jobId: string, last: string) =>
		waitFor(
			`a line ${last}`,
			() => events(jobId),
			(told) => told.some((line) => line.event === last),
		);

	it("of a cancellation is one line for each step, with receipt, ids and codes, without names or reasons", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 300 });
		const chat = `log-${job.id}`;
		await stage.say(admin, `cancel job ${job.id} because of the private reason`, {
			conversation: { id: chat, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
		});
		await stage.card(chat, FOLLOW_UP);
		const told = await toldOf(job.id, "cancel.abandoned");
		expect(told.map((line) => line.event).filter((event) => event !== "cancel.job-seen")).toEqual([
			"request.received",
			"cancel.opened",
			"cancel.attempt-started",
			"cancel.attempt-answered",
			"cancel.stopping",
			"cancel.abandoned",
		]);
		expect(told.at(-1)).toMatchObject({ receipt: expect.stringMatching(/^RC-/u), userId: admin.userId });
		expect(told[3]).toMatchObject({ kind: "accepted", httpStatus: 202, graphRequestId: expect.any(String) });
		expect(stage.bot.lines.join()).not.toMatch(new RegExp(`private reason|${admin.name}`, "u"));
	});

	it("of Graph's 403 is its status and ids", async () => {
		const job = stage.cloud.addJob({});
		stage.cloud.faults.add({
			match: ({ path }) => path.includes(job.id) && path.endsWith("cancel"),
			do: { status: 403, body: { error: { code: "Forbidden", message: "no" } } },
		});
		const chat = `denied-${job.id}`;
		await stage.say(admin2, `cancel job ${job.id}`, {
			conversation: { id: chat, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
		});
		await stage.card(chat, FOLLOW_UP);
		expect((await toldOf(job.id, "cancel.refused")).at(-1)).toMatchObject({
			level: "warn",
			event: "cancel.refused",
			code: "forbidden",
			httpStatus: 403,
		});
	});
});

describe("a Graph as others have measured it: v1.0, short control names, no flat GET, small pages", () => {
	beforeAll(() => {
		Object.assign(stage.cloud.shape, { controlPrefix: "@", flatGet: false, pageSize: 2 });
	});

	it("cancels a job that is still loading data, and sees its end", async () => {
		const job = stage.cloud.addJob({
			kind: "preview",
			phaseMs: 60_000,
			startedAt: new Date(Date.now() - 70_000),
			stopLagMs: 300,
		});
		await stage.say(PEOPLE.admin, `cancel job ${job.id}`);
		const live = await stage.card(`chat-${PEOPLE.admin.key}`, /Stopping, not stopped yet/u);
		expect(JSON.stringify(live.activity)).toContain("Loading data");
		const followUp = await stage.card(`chat-${PEOPLE.admin.key}`, /"alert":true/u);
		expect(JSON.stringify(followUp.activity)).toContain("Preview job stopped");
		const path = `/v1.0/directory/recovery/jobs/${job.id}/microsoft.graph.entraRecoveryServices.cancel`;
		expect(stage.cloud.requests.filter((request) => request.path === path)).toHaveLength(1);
	});

	it("says that a job is unknown only when the list does not hold it either", async () => {
		await stage.say(PEOPLE.admin, "cancel job 99999999-9999-4999-8999-999999999999", {
			conversation: { id: "unknown-job", tenantId: stage.cloud.tenantId },
		});
		await stage.card("unknown-job", /No such job/u);
	});

	it("lists jobs over several pages", async () => {
		for (let i = 0; i < 5; i++) stage.cloud.addJob({ endsAfterMs: 0 });
		await stage.say(PEOPLE.reader, "jobs");
		const card = JSON.stringify((await stage.card(`chat-${PEOPLE.reader.key}`, /Ended lately/u)).activity);
		const [, more] = /and (\d+) more/u.exec(card) ?? [];
		const shown = card.match(/(?:Recovery|Preview) job [0-9a-f]{8}…/gu) ?? [];
		expect(shown.length + Number(more)).toBe(stage.cloud.jobs().length);
	});
});
