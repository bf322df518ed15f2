import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import { greetingKey } from "../../src/teams/routes.js";
import { BOT, type DoorStage, JOB_ID, openDoorStage, SERVICE_URL, TENANT } from "./door-stage.js";

const ANNA = {
	tenantId: TENANT,
	userId: "aaaaaaaa-0000-4000-8000-000000000001",
	name: "Anna",
	channelUserId: "29:anna",
};
const REQUEST_ID = "00000000-0000-4000-8000-00000000abcd";
const CHAT = {
	key: "chat",
	tenantId: TENANT,
	serviceUrl: SERVICE_URL,
	channelId: "msteams",
	botId: BOT.id,
	botName: BOT.name,
	conversationType: "personal",
};
const CARD_TYPE = "application/vnd.microsoft.card.adaptive";
const UNKNOWN = {
	status: 200,
	body: {
		statusCode: 400,
		type: "application/vnd.microsoft.error",
		value: { code: "unknown-action", message: "Unknown in undefined." },
	},
};

describe("the routes", () => {
	let stage: DoorStage;
	beforeAll(async () => {
		stage = await openDoorStage();
	});
	afterAll(() => stage.channel.stop());
	beforeEach(() => stage.reset());

	const pressOf = (verb: unknown, data: unknown, more: object = { trigger: "manual" }) => ({
		type: "invoke",
		name: "adaptiveCard/action",
		text: undefined,
		replyToId: "card-1",
		value: { action: { type: "Action.Execute", verb, data }, ...more },
	});

	describe("of a message", () => {
		it("ask nothing of a card that somebody sends without a word, as the search puts one into a message", async () => {
			const card = { contentType: CARD_TYPE, content: { type: "AdaptiveCard" } };
			await stage.deliver({ text: undefined, attachments: [card] });
			await stage.deliver({
				text: '\n<span class="inline-compose-card" itemid="0"><span content="0"></span></span>\n',
				attachments: [card],
			});
			expect(stage.asked).toEqual([]);
			await stage.deliver({ text: "jobs", attachments: [card] });
			expect(stage.asked).toMatchObject([{ what: "receive", of: { command: { kind: "jobs" } } }]);
			await stage.deliver({ text: "<at>Recovery Control</at>", attachments: [card] });
			expect(stage.asked).toHaveLength(2);
		});

		it("hand on what was asked, by whom and where", async () => {
			await stage.deliver({ text: `<at>Recovery Control</at> cancel job ${JOB_ID} because wrong` });
			expect(stage.asked).toEqual([
				{
					what: "receive",
					of: {
						dedupeKey: "chat activity-1",
						actor: ANNA,
						conversation: CHAT,
						command: { kind: "cancel", jobId: JOB_ID, reason: "wrong" },
						via: "message",
					},
				},
			]);
		});

		const submitted = { verb: "cancel-job", id: JOB_ID, version: 1, reason: "wrong" };
		it.each([undefined, null, ""])(
			"read an old client's button, which comes as a message with the text %j",
			async (text) => {
				expect(await stage.deliver({ text, value: submitted, replyToId: "card-1" })).toEqual({ status: 200 });
				expect(stage.asked).toMatchObject([
					{
						what: "receive",
						of: { command: { kind: "cancel", jobId: JOB_ID, reason: "wrong" }, via: "message" },
					},
				]);
			},
		);

		it.each([
			["text beside the value", { text: "whoami", value: submitted }, "whoami"],
			["a button of somebody else's", { text: undefined, value: { ...submitted, verb: "launch" } }, "help"],
			["a value without a verb", { text: undefined, value: { id: JOB_ID, version: 1 } }, "help"],
			["an empty value", { text: undefined, value: null }, "help"],
			["a value that is text", { text: undefined, value: "cancel-job" }, "help"],
			["neither text nor value", { text: undefined }, "help"],
		])("read the text of a message with %s", async (_what, more, kind) => {
			await stage.deliver(more);
			expect(stage.asked).toMatchObject([{ what: "receive", of: { command: { kind } } }]);
		});
	});

	describe("of a pressed button", () => {
		it("hand on whose it is, and which card it stands on", async () => {
			await stage.deliver(pressOf("cancel-job", { id: JOB_ID, version: 1, reason: "wrong" }));
			expect(stage.asked).toEqual([
				{
					what: "press",
					of: {
						dedupeKey: "chat activity-1",
						actor: ANNA,
						conversation: CHAT,
						command: { kind: "cancel", jobId: JOB_ID, reason: "wrong" },
						via: "press",
						pressedActivityId: "card-1",
					},
				},
			]);
		});

		it("say nothing of the card when Teams does not name it", async () => {
			await stage.deliver({ ...pressOf("cancel-job", { id: JOB_ID, version: 1 }), replyToId: undefined });
			expect(stage.asked[0]?.of).not.toHaveProperty("pressedActivityId");
		});

		it.each(["manual", undefined])(
			"answer with the card that takes its place (trigger %j)",
			async (trigger) => {
				const answer = await stage.deliver(pressOf("cancel-job", { id: JOB_ID, version: 1 }, { trigger }));
				expect(answer).toEqual({
					status: 200,
					body: { statusCode: 200, type: CARD_TYPE, value: { shows: "help" } },
				});
			},
		);

		it.each([
			["card", { type: CARD_TYPE, value: { shows: "refusal" } }],
			["words", { type: "application/vnd.microsoft.activity.message", value: "In words: refusal" }],
		] as const)("answer with %s where the bot says so", async (as, body) => {
			stage.press = async () => ({ as, view: { view: "refusal" } as View });
			expect(await stage.deliver(pressOf("cancel-listed-job", { id: JOB_ID, version: 1 }))).toEqual({
				status: 200,
				body: { statusCode: 200, ...body },
			});
			expect(stage.asked).toMatchObject([{ of: { via: "press-in-list" } }]);
		});

		it("draw the answer in the language of who pressed", async () => {
			await stage.deliver({ ...pressOf("show-help", { id: "help", version: 1 }), locale: "de-DE" });
			expect(stage.locales).toEqual(["de-DE"]);
		});

		it.each([
			["check-job", JOB_ID, "press", { kind: "status", jobId: JOB_ID }],
			["show-job", JOB_ID, "press-aside", { kind: "status", jobId: JOB_ID }],
			["refresh-jobs", "jobs", "press-in-list", { kind: "jobs" }],
			["show-jobs", "jobs", "press-aside", { kind: "jobs" }],
			["show-whoami", "me", "press-aside", { kind: "whoami" }],
			["show-help", "help", "press-aside", { kind: "help" }],
			["try-again", REQUEST_ID, "press", { kind: "again", requestId: REQUEST_ID }],
		])(
			"understand %s, also from an old client, whose press comes as a message",
			async (verb, id, via, command) => {
				await stage.deliver(pressOf(verb, { id, version: 1 }));
				await stage.deliver({ text: undefined, value: { verb, id, version: 1 } });
				expect(stage.asked).toMatchObject([
					{ what: "press", of: { via, command } },
					{ what: "receive", of: { via: "message", command } },
				]);
				expect(await stage.deliver(pressOf(verb, { id, version: 1 }, { trigger: "automatic" }))).toEqual(
					UNKNOWN,
				);
				expect(stage.asked).toHaveLength(2);
			},
		);

		it.each(["automatic", "manual"])(
			"draw a request again on its %s refresh, and ask for nothing",
			async (trigger) => {
				const answer = await stage.deliver(
					pressOf("refresh-approval", { id: JOB_ID, version: 1 }, { trigger }),
				);
				expect(answer).toEqual({
					status: 200,
					body: { statusCode: 200, type: CARD_TYPE, value: { shows: "help" } },
				});
				expect(stage.asked).toEqual([
					{ what: "refresh", of: { actor: ANNA, conversationKey: "chat", cancellationId: JOB_ID } },
				]);
			},
		);

		it("never take a card's own refresh for a press", async () => {
			const refresh = pressOf("cancel-job", { id: JOB_ID, version: 1 }, { trigger: "automatic" });
			expect(await stage.deliver(refresh)).toEqual(UNKNOWN);
			expect(stage.asked).toEqual([]);
		});

		it.each([
			["a verb that is not ours", pressOf("launch", { id: JOB_ID, version: 1 })],
			["an empty verb", pressOf("", { id: JOB_ID, version: 1 })],
			["data without an id", pressOf("cancel-job", { version: 1 })],
			["data without a version", pressOf("cancel-job", { id: JOB_ID })],
			["no data", pressOf("cancel-job", undefined)],
		])("answer that they do not know %s", async (_what, press) => {
			expect(await stage.deliver(press)).toEqual(UNKNOWN);
			expect(await stage.deliver({ ...press, locale: "de-DE" })).toMatchObject({
				body: { value: { message: "Unknown in de-DE." } },
			});
			expect(stage.asked).toEqual([]);
		});

		it.each([
			["nothing", undefined],
			["null", null],
			["text", "cancel-job"],
			["an action that is null", { action: null }],
			["an action that is text", { action: "cancel-job" }],
		])("do nothing when %s was pressed", async (_what, value) => {
			const { status } = await stage.deliver({ ...pressOf("", {}), value });
			expect(status).toBeGreaterThanOrEqual(200);
			expect(stage.asked).toEqual([]);
		});

		it("ask nobody whether the bot is there but before it posts a job of its own accord", async () => {
			const elsewhere = {
				conversation: { id: "elsewhere", conversationType: "groupChat", tenantId: TENANT },
			};
			await stage.deliver({ ...pressOf("check-job", { id: JOB_ID, version: 1 }), ...elsewhere });
			expect(stage.asked).toMatchObject([{ what: "press" }]);
		});

		it("hand on what was said to an offered file, and answer at once", async () => {
			const consent = (action: string) => ({
				...pressOf("", {}),
				name: "fileConsent/invoke",
				value: { type: "fileUpload", action, context: { id: REQUEST_ID } },
			});
			expect(await stage.deliver(consent("decline"))).toMatchObject({ status: 200 });
			expect(stage.asked).toMatchObject([
				{
					what: "receive",
					of: {
						actor: ANNA,
						command: { kind: "export-declined", requestId: REQUEST_ID },
						via: "consent",
						pressedActivityId: "card-1",
					},
				},
			]);
			expect(await stage.deliver(consent("accept"))).toMatchObject({ status: 200 });
			expect(stage.asked).toHaveLength(1);
		});

		it("leave other invokes alone", async () => {
			const { status } = await stage.deliver({
				...pressOf("cancel-job", { id: JOB_ID, version: 1 }),
				name: "task/fetch",
			});
			expect(status).not.toBe(500);
			expect(stage.asked).toEqual([]);
		});
	});

	describe("of an installation", () => {
		const greeting = {
			what: "greet",
			of: {
				dedupeKey: "greeting chat",
				actor: ANNA,
				conversation: CHAT,
				command: { kind: "greeting" },
				via: "message",
			},
		};

		it.each(["add", "add-upgrade", undefined])("greet once it was installed (%j)", async (action) => {
			expect(await stage.deliver({ type: "installationUpdate", text: undefined, action })).toEqual({
				status: 200,
			});
			expect(stage.asked).toEqual([greeting]);
		});

		it.each(["remove", "remove-upgrade"])(
			"tell that it was removed (%s), and greet when it is back",
			async (action) => {
				await stage.deliver({ type: "installationUpdate", text: undefined, action });
				expect(stage.asked).toEqual([{ what: "removed", of: "chat" }]);
				await stage.deliver({ type: "installationUpdate", text: undefined, action: "add", id: "activity-2" });
				expect(stage.asked).toEqual([{ what: "removed", of: "chat" }, greeting]);
			},
		);

		it("greet under the same key when the bot joins a conversation", async () => {
			const membersAdded = [{ id: "29:anna" }, { id: BOT.id }];
			await stage.deliver({ type: "conversationUpdate", text: undefined, membersAdded });
			expect(stage.asked).toEqual([greeting]);
			expect(greetingKey("chat")).toBe("greeting chat");
			expect(greetingKey("channel;messageid=1")).toBe("greeting channel");
		});

		it.each([
			["others join", { membersAdded: [{ id: "29:anna" }] }],
			["nobody joins", { membersAdded: [] }],
			["it says nothing of members", {}],
			["it leaves", { membersRemoved: [{ id: BOT.id }] }],
		])("greet nobody when %s", async (_what, more) => {
			expect(await stage.deliver({ type: "conversationUpdate", text: undefined, ...more })).toEqual({
				status: 200,
			});
			expect(stage.asked).toEqual([]);
		});
	});

	it("leave the text and the mentions to be read here, and never let the SDK type or speak on its own", async () => {
		const timers = jest.spyOn(globalThis, "setTimeout");
		const entities = [{ type: "mention", text: "<at>RC</at>", mentioned: { id: BOT.id, name: "RC" } }];
		const submitted = { verb: "cancel-job", id: JOB_ID, version: 1 };
		expect(await stage.deliver({ text: undefined, value: submitted, entities })).toEqual({ status: 200 });
		expect(stage.asked).toMatchObject([{ what: "receive", of: { command: { kind: "cancel" } } }]);
		expect(timers.mock.calls.filter(([, ms]) => ms === 1_000)).toEqual([]);
		timers.mockRestore();
	});

	it.each(["typing", "messageReaction", "event", "messageUpdate"])("take no notice of %s", async (type) => {
		expect(await stage.deliver({ type, text: `cancel job ${JOB_ID}` })).toEqual({ status: 200 });
		expect(stage.asked).toEqual([]);
	});
});
