import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";
import { startTestCloud } from "../start-test-cloud.js";
import { bearer, call } from "./call.js";

describe("the connector's stand-in", () => {
	let cloud: Cloud;
	let token: Record<string, string>;
	beforeEach(async () => {
		cloud = await startTestCloud();
		token = await bearer(cloud, "https://api.botframework.com");
	});
	afterEach(() => cloud?.stop());

	const send = (method: string, path: string, body = '{"type":"message"}', headers = token) =>
		call(cloud, `${cloud.origin}/teams/v3/conversations/${path}`, { method, body, headers });

	it("keeps what is created, answered and updated, each under its id", async () => {
		const first = await send("POST", "chat/activities", '{"text":"one"}');
		const second = await send("POST", `chat/activities/${first.json.id}`, '{"text":"two"}');
		const update = await send("PUT", `chat/activities/${first.json.id}`, '{"text":"three"}');
		expect([first.status, second.status, update.status]).toEqual([201, 201, 200]);
		expect(second.json.id).not.toBe(first.json.id);
		expect(cloud.connector.sent).toEqual([
			{ how: "create", conversationId: "chat", id: first.json.id, activity: { text: "one" } },
			{ how: "create", conversationId: "chat", id: second.json.id, activity: { text: "two" } },
			{ how: "update", conversationId: "chat", id: first.json.id, activity: { text: "three" } },
		]);
	});

	it("takes no typing for a message", async () => {
		expect((await send("POST", "chat/activities", '{"type":"typing"}')).status).toBe(201);
		expect(cloud.connector.sent).toEqual([]);
		expect(cloud.connector.typing).toEqual(["chat"]);
	});

	it("keeps a thread's id as Teams writes it", async () => {
		const thread = "19:channel@thread.tacv2;messageid=1700000000000";
		await send("POST", `${encodeURIComponent(thread)}/activities`);
		expect(cloud.connector.sent[0]?.conversationId).toBe(thread);
	});

	it("takes nothing without a token for it", async () => {
		const graph = await bearer(cloud, "https://graph.microsoft.com");
		expect((await send("POST", "chat/activities", "{}", {})).status).toBe(401);
		expect((await send("POST", "chat/activities", "{}", graph)).status).toBe(401);
		expect(cloud.connector.sent).toEqual([]);
	});

	it("refuses what is no activity and what it cannot do", async () => {
		expect((await send("POST", "chat/activities", "{")).status).toBe(400);
		expect((await send("POST", "chat/activities", "[]")).status).toBe(400);
		expect((await send("DELETE", "chat/activities/1", "")).status).toBe(405);
		expect(cloud.connector.sent).toEqual([]);
	});

	it("finds a message that was sent already, and one that is still to come", async () => {
		await send("POST", "chat/activities", '{"text":"one"}');
		expect((await cloud.connector.find("it", ({ activity }) => activity.text === "one")).how).toBe("create");
		const later = cloud.connector.find("it", ({ activity }) => activity.text === "two");
		await send("POST", "chat/activities", '{"text":"two"}');
		expect((await later).conversationId).toBe("chat");
	});

	it("says what came instead of a message that does not come", async () => {
		await send("POST", "chat/activities", '{"text":"one"}');
		await expect(cloud.connector.find("a reply", () => false, 20)).rejects.toThrow(
			/20 ms for a reply.*\n.*"text":"one"/u,
		);
	});
});
