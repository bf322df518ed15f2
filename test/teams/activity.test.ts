import { describe, expect, it } from "@jest/globals";
import { activitySchema } from "../../src/teams/activity.js";

const least = {
	type: "message",
	channelId: "msteams",
	serviceUrl: "https://smba.trafficmanager.net/",
	from: { id: "29:anna" },
	recipient: { id: "28:bot" },
	conversation: { id: "chat" },
};
const problems = (more: object) =>
	activitySchema.safeParse({ ...least, ...more }).error?.issues.map(({ path }) => path.join("."));

describe("an activity", () => {
	it("needs little, and keeps what is not read", () => {
		const more = { ...least, somethingNew: { a: 1 }, from: { id: "29:anna", role: "user" } };
		expect(activitySchema.parse(more)).toEqual(more);
	});

	it.each([
		"name",
		"action",
		"replyToId",
		"locale",
		"timestamp",
		"id",
		"text",
		"type",
		"channelId",
		"serviceUrl",
	])("has no %s that is anything but text", (part) => {
		expect(problems({ [part]: 7 })).toEqual([part]);
	});

	it.each(["type", "channelId", "serviceUrl", "from", "recipient", "conversation"])(
		"is none without %s",
		(part) => {
			expect(problems({ [part]: undefined })).toEqual([part]);
		},
	);

	it.each([
		["from", { id: "" }, "from.id"],
		["from", { id: "x", name: 7 }, "from.name"],
		["from", { id: "x", aadObjectId: 7 }, "from.aadObjectId"],
		["recipient", { id: "" }, "recipient.id"],
		["recipient", { id: "x", name: 7 }, "recipient.name"],
		["conversation", { id: "" }, "conversation.id"],
		["conversation", { id: "x", conversationType: 7 }, "conversation.conversationType"],
		["conversation", { id: "x", tenantId: 7 }, "conversation.tenantId"],
		["id", "", "id"],
		["type", "", "type"],
	])("is none with %s %j", (part, value, path) => {
		expect(problems({ [part]: value })).toEqual([path]);
	});

	it.each([
		["channelData", { tenant: { id: 7 } }],
		["channelData", { tenant: "t" }],
		["channelData", "text"],
		["entities", "text"],
		["entities", [{ type: 7 }]],
		["membersAdded", "text"],
		["membersAdded", [{ id: 7 }]],
		["membersAdded", [{}]],
	])("can do without a broken %s: %j", (part, value) => {
		expect(activitySchema.parse({ ...least, [part]: value })).toHaveProperty(part, undefined);
	});

	it.each([
		["channelData", { tenant: { id: "t", more: 1 }, more: 1 }],
		["channelData", null],
		["channelData", { tenant: null }],
		["channelData", { tenant: {} }],
		["entities", [{ type: "mention", more: 1 }, {}]],
		["entities", null],
		["membersAdded", [{ id: "x", more: 1 }]],
		["membersAdded", null],
		["text", null],
		["value", { any: ["thing"] }],
	])("keeps a good %s whole: %j", (part, value) => {
		expect(activitySchema.parse({ ...least, [part]: value })).toHaveProperty(part, value);
	});
});
