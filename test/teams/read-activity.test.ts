import { describe, expect, it } from "@jest/globals";
import { activitySchema } from "../../src/teams/activity.js";
import {
	readActor,
	readConversation,
	readDedupeKey,
	readMessage,
	readPress,
} from "../../src/teams/read-activity.js";

const TENANT = "11111111-1111-4111-8111-111111111111";
const ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";

function activity(more: object = {}) {
	return activitySchema.parse({
		type: "message",
		id: "activity-1",
		channelId: "msteams",
		serviceUrl: "https://smba.trafficmanager.net/teams/",
		from: { id: "29:anna", name: "Anna", aadObjectId: "AAAAAAAA-0000-4000-8000-000000000001" },
		recipient: { id: "28:bot", name: "Recovery Control" },
		conversation: { id: "chat", conversationType: "personal", tenantId: TENANT },
		channelData: { tenant: { id: TENANT } },
		...more,
	});
}

describe("who wrote", () => {
	it("is a tenant and an object id, with a name for reading only", () => {
		expect(readActor(activity())).toEqual({
			tenantId: TENANT,
			userId: "aaaaaaaa-0000-4000-8000-000000000001",
			name: "Anna",
			channelUserId: "29:anna",
		});
	});

	it.each([
		["contradict each other", { channelData: { tenant: { id: ID } } }],
		["are missing", { channelData: undefined, conversation: { id: "chat" } }],
	])("belongs to no tenant when the activity's tenants %s", (_what, more) => {
		expect(readActor(activity(more)).tenantId).toBe("");
	});

	it("has no identity without an object id", () => {
		expect(readActor(activity({ from: { id: "29:guest" } }))).toMatchObject({ userId: "", name: "Somebody" });
	});

	it("never has a name that the database cannot hold", () => {
		const { name } = readActor(activity({ from: { id: "29:x", name: `A\u0000${"🧯".repeat(200)}` } }));
		expect(name).not.toContain("\u0000");
		expect(name).not.toMatch(/\p{Surrogate}/u);
	});
});

describe("where it was written", () => {
	it("keeps the thread of a channel", () => {
		const conversation = {
			id: "19:x@thread.tacv2;messageid=17",
			conversationType: "channel",
			tenantId: TENANT,
		};
		expect(readConversation(activity({ conversation }))).toMatchObject({
			key: conversation.id,
			conversationType: "channel",
			serviceUrl: "https://smba.trafficmanager.net/teams/",
		});
	});
});

describe("a second delivery", () => {
	it("has the key of the first", () => {
		expect(readDedupeKey(activity())).toBe(readDedupeKey(activity({ timestamp: "later" })));
		expect(readDedupeKey(activity())).not.toBe(readDedupeKey(activity({ id: "activity-2" })));
		expect(readDedupeKey(activity())).not.toBe(readDedupeKey(activity({ conversation: { id: "other" } })));
	});

	it("is recognised by what it says when it has no id", () => {
		const press = {
			id: undefined,
			type: "invoke",
			replyToId: "card",
			timestamp: "t",
			value: { action: { verb: "v" } },
		};
		expect(readDedupeKey(activity(press))).toBe(readDedupeKey(activity(press)));
		expect(readDedupeKey(activity(press))).not.toBe(readDedupeKey(activity({ ...press, timestamp: "u" })));
	});
});

describe("a typed message", () => {
	it("is read without the mention of the bot, and with the mentions of others", () => {
		const entities = [{ type: "mention", text: "<at>RC</at>", mentioned: { id: "28:bot", name: "RC" } }];
		const text = `<at>RC</at> cancel job ${ID} because <at>Bernard</at> asked`;
		expect(readMessage(activity({ text, entities }))).toEqual({
			kind: "cancel",
			jobId: ID,
			reason: "Bernard asked",
		});
	});
});

describe("a pressed button", () => {
	it.each([
		["cancel-job", "press", { reason: " wrong one " }],
		["cancel-listed-job", "press-in-list", { "reason-3": "wrong one" }],
	])("%s cancels its job with the reason that was typed", (verb, via, inputs) => {
		expect(readPress(verb, { id: ID, version: 1, ...inputs })).toEqual({
			via,
			command: { kind: "cancel", jobId: ID, reason: "wrong one" },
		});
	});

	it("that is none of ours is nobody's", () => {
		expect(readPress("launch", { id: ID, version: 1 })).toBeUndefined();
		expect(readPress("cancel-job", { version: 1 })).toBeUndefined();
		expect(readPress(undefined, undefined)).toBeUndefined();
		expect(readPress("constructor", { id: ID, version: 1 })).toBeUndefined();
	});

	it("with a forged id is a malformed command, not a call", () => {
		expect(readPress("cancel-job", { id: "../users\u0000", version: 1 })?.command).toMatchObject({
			kind: "malformed",
		});
		expect(JSON.stringify(readPress("cancel-job", { id: "4\u0000", version: 1 }))).not.toContain("u0000");
	});

	it("keeps a reason that is too long, cut between characters", () => {
		const command = readPress("cancel-job", { id: ID, version: 1, reason: `x${"🧯".repeat(400)}` })?.command;
		expect(command?.kind === "cancel" && command.reason).toMatch(/🧯$/u);
	});
});
