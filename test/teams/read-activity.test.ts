import { describe, expect, it } from "@jest/globals";
import { activitySchema } from "../../src/teams/activity.js";
import {
	readActor,
	readConsent,
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

describe("a person in a message", () => {
	const mention = (id: string, name: string, more: object = {}) => ({
		type: "mention",
		text: `<at>${name}</at>`,
		mentioned: { id, name, ...more },
	});
	const bot = mention("28:bot", "Recovery Control");
	const history = (text: string, ...entities: object[]) =>
		readMessage(activity({ text: `<at>Recovery Control</at> ${text}`, entities: [bot, ...entities] }));

	it("is known by the ids of the mention, not by a name that others may share", () => {
		expect(history("history <at>Anna Berg</at>", mention("29:a", "Anna Berg"))).toEqual({
			kind: "history",
			filter: { by: "person", name: "Anna Berg", channelUserId: "29:a" },
		});
		const withObjectId = mention("29:a", "Anna&nbsp;Berg", { aadObjectId: ID.toUpperCase() });
		expect(history("history of <at>Anna&nbsp;Berg</at>", withObjectId)).toMatchObject({
			filter: { channelUserId: "29:a", userId: ID },
		});
	});

	it.each([
		["nobody is mentioned", []],
		["another is mentioned", [mention("29:b", "Bernard")]],
		["the mention is unreadable", [{ type: "mention", mentioned: "Anna Berg" }]],
	])("is a name alone when %s", (_what, entities) => {
		expect(history("history Anna Berg", ...entities)).toEqual({
			kind: "history",
			filter: { by: "person", name: "Anna Berg" },
		});
	});
});

describe("what was said to an offered file", () => {
	const upload = {
		uploadUrl: "https://contoso-my.sharepoint.com/up",
		contentUrl: "https://contoso-my.sharepoint.com/audit.csv",
		name: "audit.csv",
		uniqueId: "1",
		fileType: "csv",
	};
	const said = (action: unknown, more: object = {}) =>
		readConsent({ type: "fileUpload", action, context: { id: ID.toUpperCase() }, ...more });

	it("is a yes with where to put it, or a no", () => {
		expect(said("accept", { uploadInfo: upload })).toEqual({
			kind: "export-accepted",
			requestId: ID,
			upload,
		});
		expect(said("decline")).toEqual({ kind: "export-declined", requestId: ID });
		expect(said("decline", { uploadInfo: null })).toEqual({ kind: "export-declined", requestId: ID });
	});

	it.each([
		["a yes without a place", said("accept")],
		["another action", said("delete", { uploadInfo: upload })],
		["no request of ours", said("accept", { uploadInfo: upload, context: { id: "x" } })],
		[
			"an address without an end",
			said("accept", { uploadInfo: { ...upload, uploadUrl: "x".repeat(8_001) } }),
		],
		["nothing", readConsent(undefined)],
	])("is nothing where it is %s", (_what, command) => expect(command).toBeUndefined());
});

describe("a button for the next page", () => {
	it("carries the id of the answer on which it stands, and nothing else counts", () => {
		expect(readPress("next-history", { id: ID.toUpperCase(), version: 1, filter: "all" })).toEqual({
			via: "press",
			command: { kind: "history-next", requestId: ID },
		});
		expect(readPress("next-history", { id: "all", version: 1 })).toBeUndefined();
	});
});

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
		["are empty", { channelData: { tenant: { id: "" } }, conversation: { id: "chat", tenantId: "" } }],
	])("belongs to no tenant when the activity's tenants %s", (_what, more) => {
		expect(readActor(activity(more)).tenantId).toBe("");
	});

	it.each([
		["the conversation alone", { channelData: undefined }],
		["the channel's data alone", { conversation: { id: "chat", tenantId: null } }],
		["the channel's data, beside an empty one", { conversation: { id: "chat", tenantId: "" } }],
		["the conversation, beside data without a tenant", { channelData: {} }],
		["the conversation, beside an empty tenant", { channelData: { tenant: null } }],
		["both, in other letters", { channelData: { tenant: { id: TENANT.toUpperCase() } } }],
	])("has the tenant that is named by %s", (_what, more) => {
		const tenantId = TENANT.replace("1111", "abcd");
		const named = JSON.parse(
			JSON.stringify(activity(more))
				.replaceAll(TENANT, tenantId)
				.replaceAll(TENANT.toUpperCase(), tenantId.toUpperCase()),
		);
		expect(readActor(named).tenantId).toBe(tenantId);
	});

	it.each([
		["Anna\n  Admin", "Anna Admin"],
		["  ", ""],
		[null, ""],
		["x".repeat(300), "x".repeat(256)],
		[`${"x".repeat(255)}🧯`, "x".repeat(255)],
		["a🧯b", "a🧯b"],
		["<at>Recovery Control</at> &amp; “co”", 'Recovery Control & "co"'],
	])("is called %j on one line that the database can hold: %j", (name, kept) => {
		expect(readActor(activity({ from: { id: "29:x", name } })).name).toBe(kept);
	});

	it("has no identity without an object id", () => {
		expect(readActor(activity({ from: { id: "29:guest" } }))).toMatchObject({ userId: "", name: "" });
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

describe("the address to post to later", () => {
	it("is complete", () => {
		expect(readConversation(activity({ locale: "de-DE" }))).toEqual({
			key: "chat",
			tenantId: TENANT,
			serviceUrl: "https://smba.trafficmanager.net/teams/",
			channelId: "msteams",
			botId: "28:bot",
			botName: "Recovery Control",
			conversationType: "personal",
			locale: "de-DE",
		});
	});

	it.each([
		["personal", "personal"],
		["groupChat", "groupChat"],
		["channel", "channel"],
		["meeting", "personal"],
		["", "personal"],
		[null, "personal"],
		[undefined, "personal"],
	])("takes a conversation of the type %j for %s", (conversationType, kept) => {
		const conversation = { id: "chat", conversationType };
		expect(readConversation(activity({ conversation })).conversationType).toBe(kept);
	});

	it("has no language and no name where Teams names none", () => {
		const reference = readConversation(activity({ recipient: { id: "28:bot" } }));
		expect(reference).not.toHaveProperty("locale");
		expect(reference.botName).toBe("");
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

describe("the key of a delivery without an id", () => {
	const press = {
		id: undefined,
		type: "invoke",
		replyToId: "card",
		timestamp: "t",
		value: { action: { verb: "v" } },
	};

	it("is made of all that tells it from another one", () => {
		expect(readDedupeKey(activity(press))).toBe('chat invoke card t 29:anna {"action":{"verb":"v"}}');
		expect(readDedupeKey(activity({ ...press, value: undefined }))).toBe("chat invoke card t 29:anna null");
	});
});

describe("a typed message", () => {
	const mentionOf = (id: string, name?: string | null) => ({ type: "mention", mentioned: { id, name } });

	it.each([
		["<at>RC</at> jobs", [mentionOf("28:bot", "RC")], "jobs"],
		["<at>RC</at> jobs", [mentionOf("29:other", "RC")], "unknown"],
		["<at>RC</at> jobs", [{ ...mentionOf("28:bot", "RC"), type: "clientInfo" }], "unknown"],
		["<at>RC</at> jobs", [{ type: "mention" }], "unknown"],
		["<at>RC</at> jobs", undefined, "unknown"],
		["<at>Recovery Control</at> jobs", undefined, "jobs"],
		["<at>Recovery Control</at> jobs", [mentionOf("28:bot", null)], "jobs"],
		["<at></at> jobs", [mentionOf("28:bot", null)], "jobs"],
	])("loses the mention of the bot alone: %j with %j", (text, entities, kind) => {
		expect(readMessage(activity({ text, entities }))).toMatchObject({ kind });
	});

	it("is read in 30,000 characters and no more", () => {
		const command = readMessage(activity({ text: `cancel job ${ID} ${" ".repeat(30_000)} because late` }));
		expect(command).toEqual({ kind: "cancel", jobId: ID });
	});

	it.each([undefined, null, ""])("asks for help when it says nothing: %j", (text) => {
		expect(readMessage(activity({ text }))).toEqual({ kind: "help" });
	});

	it("is read the same where the bot has no name", () => {
		expect(readMessage(activity({ text: "jobs", recipient: { id: "28:bot" } }))).toEqual({ kind: "jobs" });
	});

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

	const job = { kind: "status", jobId: ID };
	it.each([
		["cancel-job", ID, "press", { kind: "cancel", jobId: ID }],
		["cancel-listed-job", ID, "press-in-list", { kind: "cancel", jobId: ID }],
		["cancel-incident-job", ID, "press-aside", { kind: "cancel", jobId: ID }],
		["check-job", ID, "press", job],
		["post-job", ID, "press-aside", job],
		["show-job", ID, "press-aside", job],
		["refresh-jobs", "jobs", "press-in-list", { kind: "jobs" }],
		["show-jobs", "jobs", "press-aside", { kind: "jobs" }],
		["show-whoami", "me", "press-aside", { kind: "whoami" }],
		["show-help", "help", "press-aside", { kind: "help" }],
		["next-history", ID, "press", { kind: "history-next", requestId: ID }],
		["try-again", ID, "press", { kind: "again", requestId: ID }],
		["approve", ID, "press", { kind: "decide", verdict: "approve" }],
	])("%s asks for what it says, and is answered in its place", (verb, id, via, command) => {
		expect(readPress(verb, { id, version: 1 })).toMatchObject({ via, command });
	});

	it.each([
		["no reason", {}, undefined],
		["an empty reason", { reason: "" }, undefined],
		["a blank reason", { reason: " \n " }, undefined],
		["a reason that is no text", { reason: 7 }, undefined],
		["a blank reason before another one", { reason: " ", "reason-1": "late" }, "late"],
		["a reason of the twelfth row", { "reason-12": "late" }, "late"],
		[
			"something else that sounds like a reason",
			{ "my-reason": "x", "reason-": "x", reasons: "x", "reason-x": "x" },
			undefined,
		],
		["markup in its reason", { reason: "<p>a &amp; b</p>​" }, "a & b"],
		["a reason that mentions somebody", { reason: "<at>Anna</at> said so" }, "Anna said so"],
		["a reason that is too long", { reason: "x".repeat(501) }, "x".repeat(500)],
		["a reason that is far too long", { reason: `${" ".repeat(30_000)}late` }, undefined],
	])("with %s is read as such", (_what, inputs, reason) => {
		expect(readPress("cancel-job", { id: ID, version: 1, ...inputs })?.command).toEqual({
			kind: "cancel",
			jobId: ID,
			...(reason === undefined ? {} : { reason }),
		});
	});

	it("cannot carry a second id, or words, in place of the first", () => {
		for (const id of [`${ID} ${ID.replace("3f", "4f")}`, `${ID},${ID.replace("3f", "4f")}`])
			expect(readPress("cancel-job", { id, version: 1 })?.command.kind).toBe("malformed");
	});

	it("that is none of ours is nobody's", () => {
		expect(readPress("cancel-job", { id: 7, version: 1 })).toBeUndefined();
		expect(readPress("cancel-job", { id: ID, version: "1" })).toBeUndefined();
		expect(readPress("cancel-job", null)).toBeUndefined();
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

	it.each([
		["check-job", "../users"],
		["check-job", `${ID} and ${ID.replace("3f", "4f")}`],
		["show-job", "because"],
		["show-job", ""],
	])("%s with the forged id %j asks for no job", (verb, id) => {
		expect(readPress(verb, { id, version: 1 })?.command.kind).toMatch(/^(?:malformed|unknown)$/u);
	});

	it.each([
		["refresh-jobs", ID],
		["show-jobs", "me"],
		["show-whoami", ID],
		["show-help", ""],
		["try-again", "jobs"],
		["try-again", `${ID}'; drop table requests`],
	])("%s with the forged id %j is nobody's", (verb, id) => {
		expect(readPress(verb, { id, version: 1 })).toBeUndefined();
	});

	it("keeps a reason that is too long, cut between characters", () => {
		const command = readPress("cancel-job", { id: ID, version: 1, reason: `x${"🧯".repeat(400)}` })?.command;
		expect(command?.kind === "cancel" && command.reason).toMatch(/🧯$/u);
	});
});
