import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Fault } from "../../sandbox/cloud/faults.js";
import type { View } from "../../src/app/views.js";
import { type ConnectorStage, openConnectorStage } from "./connector-stage.js";

const HELP: View = {
	view: "help",
	greeting: false,
	conversationType: "personal",
	botName: "Recovery Control",
};
const PATH = "/teams/v3/conversations/19:team@thread.tacv2;messageid=17/activities";

describe("the messenger", () => {
	let stage: ConnectorStage;
	beforeAll(async () => {
		stage = await openConnectorStage();
	});
	afterAll(() => stage.cloud.stop());
	beforeEach(() => stage.reset());
	afterEach(() => void jest.restoreAllMocks());

	const post = (view: View = HELP, more: object = {}) =>
		stage.messenger.post({ ...stage.conversation, ...more }, view);
	const update = () => stage.messenger.update(stage.conversation, "sent-before", HELP);
	const spoil = (how: Fault["do"]) =>
		stage.cloud.faults.add({ match: ({ path }) => path.startsWith("/teams/"), do: how });

	it("posts one card into the thread, with a summary and no text, and gives its id back", async () => {
		expect(await post()).toEqual({ kind: "sent", activityId: expect.stringMatching(/^sent-\d+$/u) });
		expect(stage.sent()).toEqual([
			{
				how: "create",
				conversationId: stage.conversation.key,
				id: expect.any(String),
				activity: {
					type: "message",
					channelId: "msteams",
					serviceUrl: stage.conversation.serviceUrl,
					from: { id: "28:bot", name: "Recovery Control" },
					conversation: {
						id: stage.conversation.key,
						name: "",
						isGroup: true,
						conversationType: "channel",
						tenantId: stage.cloud.tenantId,
					},
					summary: "A help card",
					attachments: [
						{ contentType: "application/vnd.microsoft.card.adaptive", content: { shows: "help" } },
					],
				},
			},
		]);
	});

	it("draws a card in the language of whom it is for", async () => {
		await post(HELP, { locale: "de-DE" });
		expect(stage.sent()).toMatchObject([{ activity: { summary: "A help card in de-DE" } }]);
	});

	it("shows that it types with one call, which is no message", async () => {
		await stage.messenger.typing(stage.conversation);
		expect(stage.onTheWire()).toEqual([`POST ${PATH}`]);
		expect(stage.cloud.connector.typing).toEqual([stage.conversation.key]);
		expect(stage.sent()).toEqual([]);
		expect(stage.timeouts).toEqual([3_000]);
	});

	it("makes no second attempt to show it, and gives no token to a host that is not on the list", async () => {
		spoil({ status: 503 });
		await expect(stage.messenger.typing(stage.conversation)).rejects.toThrow();
		expect(stage.onTheWire()).toHaveLength(1);
		const elsewhere = { ...stage.conversation, serviceUrl: "https://evil.example/" };
		await expect(stage.messenger.typing(elsewhere)).rejects.toThrow("SERVICE_URL_HOSTS");
		expect(stage.onTheWire()).toHaveLength(1);
	});

	it("reaches a conversation unless Teams refuses even that it types there", async () => {
		expect(await stage.messenger.reaches(stage.conversation)).toBe(true);
		for (const [status, reaches] of [
			[403, false],
			[404, false],
			[503, true],
			[500, true],
		] as const) {
			stage.reset();
			spoil({ status, body: {} });
			expect([status, await stage.messenger.reaches(stage.conversation)]).toEqual([status, reaches]);
			expect(stage.onTheWire()).toHaveLength(1);
		}
	});

	it("updates a message in place, and gives the same id back", async () => {
		expect(await update()).toEqual({ kind: "sent", activityId: "sent-before" });
		expect(stage.sent()).toMatchObject([
			{
				how: "update",
				conversationId: stage.conversation.key,
				id: "sent-before",
				activity: { id: "sent-before", type: "message", summary: "A help card" },
			},
		]);
	});

	it.each([
		["personal", false],
		["groupChat", true],
		["channel", true],
	])("says of a %s conversation whether it is a group", async (conversationType, isGroup) => {
		await post(HELP, { conversationType });
		expect(stage.sent()[0]?.activity.conversation).toMatchObject({ conversationType, isGroup });
	});

	it.each(["follow-up", "approval", "reminder", "review", "alert", "news"] as const)(
		"alerts people to what somebody should see soon: %s",
		async (view) => {
			await post({ view } as View);
			expect(stage.sent()[0]?.activity.channelData).toEqual({ notification: { alert: true } });
		},
	);

	it("alerts nobody to an answer", async () => {
		await post();
		expect(stage.sent()[0]?.activity).not.toHaveProperty("channelData");
	});

	it("tells who is in a conversation, also of a thread, by their object ids", async () => {
		const ada = {
			key: "ada",
			userId: "AAAAAAAA-0000-4000-8000-000000000001",
			name: "Ada",
			channelUserId: "29:ada",
		};
		const person = { ...ada, userType: "Member", accountEnabled: true } as const;
		const nameless = { ...person, userId: `${ada.userId.slice(0, -1)}2`, name: null as unknown as string };
		stage.cloud.connector.members.set("19:team@thread.tacv2", [person, nameless]);
		expect(await stage.messenger.members(stage.conversation)).toEqual({
			kind: "listed",
			members: [
				{ userId: ada.userId.toLowerCase(), name: "Ada", channelUserId: "29:ada" },
				{ userId: nameless.userId.toLowerCase(), name: "", channelUserId: "29:ada" },
			],
		});
	});

	const page = (more: object = {}) => ({
		status: 200,
		body: { members: [{ id: "29:bot" }, { id: "29:bea", name: "Bea", objectId: "B" }], ...more },
	});
	const isPage = ({ path }: { path: string }) => path.endsWith("/pagedmembers");

	it("reads as many pages as there are, and leaves out whoever has no account", async () => {
		stage.cloud.connector.members.set("19:team@thread.tacv2", []);
		stage.cloud.faults.add({ match: isPage, do: page({ continuationToken: "next" }), times: 1 });
		expect(await stage.messenger.members(stage.conversation)).toEqual({
			kind: "listed",
			members: [{ userId: "b", name: "Bea", channelUserId: "29:bea" }],
		});
		expect(stage.onTheWire()).toHaveLength(2);
	});

	it("does not read for ever, and then does not say who is not there", async () => {
		stage.cloud.faults.add({ match: isPage, do: page({ continuationToken: "next" }) });
		expect(await stage.messenger.members(stage.conversation)).toEqual({ kind: "problem" });
		expect(stage.onTheWire()).toHaveLength(10);
	});

	it("says that members cannot be read, rather than that nobody is there", async () => {
		const release = stage.cloud.faults.add({
			match: ({ path }) => path.endsWith("/pagedmembers"),
			do: { status: 403, body: {} },
		});
		expect(await stage.messenger.members(stage.conversation)).toEqual({ kind: "problem" });
		release();
		const elsewhere = { ...stage.conversation, serviceUrl: "https://evil.example/teams/" };
		expect(await stage.messenger.members(elsewhere)).toEqual({ kind: "problem" });
	});

	it("asks for the connector's token, and sends it to the connector", async () => {
		await post();
		expect(stage.scopes).toEqual(["https://api.botframework.com/.default"]);
		const { authorization } = stage.cloud.requests.at(-1)?.headers ?? {};
		expect(await stage.cloud.isForConnector(authorization)).toBe(true);
	});

	it("gives each request 15 seconds", async () => {
		await post();
		await update();
		expect(stage.timeouts).toEqual([15_000, 15_000]);
	});

	it("keeps one client, and so its connections, for each service URL", async () => {
		const again = await openConnectorStage();
		const here = again.conversation;
		const there = { ...here, serviceUrl: `${again.cloud.origin}/teams` };
		for (const place of [here, there, here, there])
			expect(await again.messenger.post(place, HELP)).toMatchObject({ kind: "sent" });
		expect(again.clients).toEqual([here.serviceUrl, there.serviceUrl]);
		await again.cloud.stop();
	});

	describe("sends one request and no second one, and tells what is known, when the connector", () => {
		const error = { error: { code: "SomeCode", message: "no" } };
		const retryAfter = (value: string) => ({ status: 429, body: error, headers: { "retry-after": value } });
		const cases: readonly (readonly [string, Fault["do"], object])[] = [
			["answers 400", { status: 400, body: error }, { kind: "rejected" }],
			["answers 401", { status: 401, body: error }, { kind: "retry" }],
			["answers 403", { status: 403, body: error }, { kind: "rejected" }],
			["answers 404", { status: 404, body: error }, { kind: "gone" }],
			["answers 408", { status: 408, body: error }, { kind: "unconfirmed" }],
			["answers 412", { status: 412, body: error }, { kind: "retry" }],
			["answers 413", { status: 413, body: error }, { kind: "rejected" }],
			["answers 429", { status: 429, body: error }, { kind: "retry" }],
			["answers 429 with seconds", retryAfter("2.5"), { kind: "retry", retryAfterMs: 2_500 }],
			[
				"answers 429 with a date long past",
				retryAfter("Mon, 23 Nov 2020 03:00:00 GMT"),
				{ kind: "retry", retryAfterMs: 0 },
			],
			[
				"answers 429 with a date far off",
				retryAfter("Fri, 23 Nov 2096 03:00:00 GMT"),
				{ kind: "retry", retryAfterMs: 3_600_000 },
			],
			["answers 500", { status: 500, body: error }, { kind: "unconfirmed" }],
			["answers 502", { status: 502, body: "<html>" }, { kind: "unconfirmed" }],
			["answers 503", { status: 503, body: error }, { kind: "retry" }],
			["answers 504", { status: 504 }, { kind: "unconfirmed" }],
			["breaks the connection", "reset", { kind: "unconfirmed" }],
			["acts, and then breaks the connection", { after: "reset" }, { kind: "unconfirmed" }],
		];

		it.each(cases)("%s", async (_what, how, problem) => {
			spoil(how);
			expect(await post()).toEqual({ detail: expect.stringMatching(/^create: /u), ...problem });
			expect(stage.onTheWire()).toEqual([`POST ${PATH}`]);
			expect(await update()).toEqual({ detail: expect.stringMatching(/^update: /u), ...problem });
			expect(stage.onTheWire()).toEqual([`POST ${PATH}`, `PUT ${PATH}/sent-before`]);
		});

		it("answers nothing in time", async () => {
			stage.waitMs = 50;
			spoil("hang");
			expect(await post()).toMatchObject({ kind: "unconfirmed" });
			expect(stage.onTheWire()).toEqual([`POST ${PATH}`]);
		});
	});

	it("tells nobody what its token is when a send fails", async () => {
		spoil({ status: 500 });
		stage.entra.getToken = async () => "s3cret";
		spoil({ status: 500 });
		expect(JSON.stringify(await post())).not.toContain("s3cret");
		expect(stage.cloud.requests.at(-1)?.headers.authorization).toBe("Bearer s3cret");
	});

	it("sends nothing, and no token, to a host that is not on the list", async () => {
		const other = { serviceUrl: "https://evil.example/teams/" };
		const refused = {
			kind: "rejected",
			detail: expect.stringContaining("evil.example is not in SERVICE_URL_HOSTS"),
		};
		expect(await post(HELP, other)).toEqual(refused);
		expect(await stage.messenger.prepare({ ...stage.conversation, ...other })).toEqual(refused);
		expect(stage.scopes).toEqual([]);
		expect(stage.onTheWire()).toEqual([]);
	});

	describe("before a send", () => {
		const prepare = () => stage.messenger.prepare(stage.conversation);

		it("has the token ready, and asks for it within ten seconds", async () => {
			const timeout = jest.spyOn(AbortSignal, "timeout");
			let given: AbortSignal | undefined;
			stage.entra.getToken = async (_scope, signal) => {
				given = signal;
				return "token";
			};
			expect(await prepare()).toEqual({ kind: "ready" });
			expect(stage.scopes).toEqual(["https://api.botframework.com/.default"]);
			expect(timeout.mock.calls).toEqual([[10_000]]);
			expect(given).toBe(timeout.mock.results[0]?.value);
			expect(stage.onTheWire()).toEqual([]);
		});

		it.each([
			[new Error("Entra is away"), "Entra is away"],
			["Entra is odd", "Entra is odd"],
		])("says that it may be tried again when there is no token: %p", async (thrown, detail) => {
			stage.entra.getToken = () => Promise.reject(thrown);
			expect(await prepare()).toEqual({ kind: "retry", detail });
		});
	});

	it("may try again when there is nobody to connect to", async () => {
		const nobody = await openConnectorStage();
		await nobody.cloud.stop();
		nobody.entra.getToken = async () => "token";
		expect(await nobody.messenger.post(nobody.conversation, HELP)).toMatchObject({
			kind: "retry",
			detail: expect.stringContaining("ECONNREFUSED"),
		});
	});

	it("sends nothing without a token", async () => {
		stage.entra.getToken = async () => undefined;
		expect(await post()).toMatchObject({
			kind: "unconfirmed",
			detail: expect.stringContaining("the Entra credential gave no token for the Bot connector"),
		});
		expect(stage.onTheWire()).toEqual([]);
	});
});
