import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type DoorStage, message, openDoorStage, SERVICE_URL } from "./door-stage.js";

describe("the front door", () => {
	let stage: DoorStage;
	beforeAll(async () => {
		stage = await openDoorStage();
	});
	afterAll(() => stage.channel.stop());
	/** A door whose SDK has not fetched the channel's keys yet. */
	let other: DoorStage;
	beforeEach(async () => {
		stage.reset();
		other = await openDoorStage();
	});
	afterEach(() => other.channel.stop());

	describe("judges the token before anything else", () => {
		it("lets a genuine request in", async () => {
			expect(await stage.door.admit(await stage.channel.bearer())).toBeUndefined();
			expect(stage.logged).toEqual([]);
		});

		it("answers 401 to a forged one, and says why to the operator alone", async () => {
			expect(await stage.door.admit("Bearer x")).toEqual({ status: 401 });
			expect(await stage.door.admit(undefined)).toEqual({ status: 401 });
			expect(stage.logged).toEqual([
				{ level: "warn", facts: { code: "token-refused", why: expect.stringMatching(/\w/u) } },
				{ level: "warn", facts: { code: "token-refused", why: "no bearer token" } },
			]);
		});

		it("answers 503, not 401, while the channel's keys are out of reach", async () => {
			other.channel.broken.keys = { status: 500, body: "{}" };
			expect(await other.door.admit(await stage.channel.bearer())).toEqual({ status: 503 });
			expect(other.logged).toEqual([
				{ level: "error", facts: { code: "channel-keys-unreachable", why: expect.any(String) } },
			]);
		});
	});

	describe("takes only activities of Teams, with an address that it may answer to", () => {
		it("hands a good one on and answers 200", async () => {
			expect(await stage.deliver({})).toEqual({ status: 200 });
			expect(stage.asked).toMatchObject([{ what: "receive", of: { command: { kind: "jobs" } } }]);
			expect(stage.logged).toEqual([]);
		});

		it.each([
			["no type", { type: undefined }, ["type"]],
			["an empty type", { type: "" }, ["type"]],
			["no channel", { channelId: undefined }, ["channelId"]],
			["no service URL", { serviceUrl: undefined }, ["serviceUrl"]],
			["an empty id", { id: "" }, ["id"]],
			["nobody who wrote it", { from: undefined }, ["from"]],
			["somebody without an id", { from: {} }, ["from.id"]],
			["somebody with an empty id", { from: { id: "" } }, ["from.id"]],
			["nobody to read it", { recipient: undefined }, ["recipient"]],
			["a reader with an empty id", { recipient: { id: "" } }, ["recipient.id"]],
			["no conversation", { conversation: undefined }, ["conversation"]],
			["a conversation with an empty id", { conversation: { id: "" } }, ["conversation.id"]],
			["a text that is no text", { text: 7, name: 8 }, ["name", "text"]],
		])(
			"answers 400 to one with %s, and logs where it is wrong, not what it says",
			async (_what, more, problems) => {
				expect(await stage.deliver(more)).toEqual({ status: 400 });
				expect(stage.logged).toEqual([{ level: "warn", facts: { code: "not-an-activity", problems } }]);
				expect(stage.asked).toEqual([]);
			},
		);

		it.each([[null], ["text"], [[]], [undefined]])("answers 400 to %j", async (body) => {
			expect(await stage.door.receive("", body)).toEqual({ status: 400 });
		});

		it.each([
			["channelData", "text"],
			["channelData", { tenant: "t" }],
			["entities", "text"],
			["entities", [7]],
			["membersAdded", [{}]],
			["channelData", null],
		])("does not mind a broken part that it can do without: %s %j", async (part, value) => {
			expect(await stage.deliver({ [part]: value })).toEqual({ status: 200 });
			expect(stage.asked).toHaveLength(1);
		});

		it.each(["emulator", "MSTEAMS", "webchat", ""])("answers 403 to the channel %j", async (channelId) => {
			expect(await stage.deliver({ channelId })).toEqual({ status: 403 });
			expect(stage.logged).toEqual([{ level: "warn", facts: { code: "other-channel", channelId } }]);
			expect(stage.asked).toEqual([]);
		});

		it.each(["https://evil.example/teams/", "http://smba.trafficmanager.net/", "nowhere"])(
			"answers 403 when an answer would go to %s",
			async (serviceUrl) => {
				expect(await stage.deliver({ serviceUrl })).toEqual({ status: 403 });
				expect(stage.logged).toEqual([
					{ level: "warn", facts: { code: "service-host-refused", serviceUrl } },
				]);
				expect(stage.asked).toEqual([]);
			},
		);
	});

	it.each([
		["names another service URL", { serviceurl: "https://smba.trafficmanager.net/other/" }],
		["names no service URL", {}],
		["is for somebody else", { serviceurl: SERVICE_URL, aud: "somebody-else" }],
	])("answers 401 when the token %s", async (_what, claims) => {
		const authorization = await stage.channel.bearer(claims);
		expect(await stage.door.receive(authorization, message())).toEqual({ status: 401 });
		expect(stage.logged).toEqual([
			{ level: "warn", facts: { code: "token-refused", why: expect.stringMatching(/\w/u) } },
		]);
		expect(stage.asked).toEqual([]);
	});

	it("answers 503, not 401, when the SDK cannot fetch the channel's keys either", async () => {
		other.channel.broken.openid = { status: 500, body: "{}" };
		expect(await other.deliver({})).toEqual({ status: 503 });
		expect(other.logged).toEqual([
			{ level: "error", facts: { code: "channel-keys-unreachable", why: expect.stringContaining("500") } },
		]);
	});

	it("answers 500 to a turn that failed, and logs the error with the kind of activity", async () => {
		const failure = new Error("no database");
		stage.press = () => Promise.reject(failure);
		const press = {
			type: "invoke",
			name: "adaptiveCard/action",
			value: {
				action: { type: "Action.Execute", verb: "cancel-job", data: { id: "x", version: 1 } },
				trigger: "manual",
			},
		};
		expect(await stage.deliver(press)).toEqual({ status: 500 });
		expect(stage.logged).toEqual([
			{ level: "error", facts: { code: "turn-failed", err: failure, type: "invoke" } },
		]);
	});
});
