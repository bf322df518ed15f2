import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { decodeJwt } from "jose";
import { type ChannelProxy, startChannelProxy } from "../../sandbox/channel-proxy.js";
import { PEOPLE } from "../../sandbox/cloud/people.js";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";
import { withPersonaLine } from "../../sandbox/persona-line.js";
import { startTestCloud } from "../start-test-cloud.js";
import { bearer, call } from "./call.js";

interface Received {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into activities of every shape
	readonly body: any;
}

/** Stands for the bot and for the Playground's connector: notes what comes and answers it. */
class Listener {
	readonly received: Received[] = [];
	answer = { status: 200, body: '{"id":"from-here"}' };
	readonly #server: Server = createServer(async (request, response) => {
		let text = "";
		for await (const part of request) text += part;
		const { url = "", headers } = request;
		this.received.push({ path: url, headers, body: JSON.parse(text) });
		response.writeHead(this.answer.status);
		response.end(this.answer.body);
	});

	async open(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	close(): void {
		this.#server.close();
		this.#server.closeAllConnections();
	}
}

describe("somebody played in the sandbox", () => {
	let cloud: Cloud;
	let bot: Listener;
	let chat: Listener;
	let proxy: ChannelProxy;
	let botUrl: string;
	beforeEach(async () => {
		cloud = await startTestCloud();
		bot = new Listener();
		chat = new Listener();
		botUrl = await bot.open();
		proxy = await startChannelProxy({
			cloud,
			botUrl: () => botUrl,
			connectorUrl: `${await chat.open()}/_connector`,
			person: PEOPLE.admin,
			command: (text) => (text.startsWith("sandbox") ? `heard: ${text}` : undefined),
		});
	});
	afterEach(async () => {
		proxy?.stop();
		bot?.close();
		chat?.close();
		await cloud?.stop();
	});

	const type = (text: string, more: object = {}) =>
		fetch(proxy.endpoint, {
			method: "POST",
			headers: { connection: "close" },
			body: JSON.stringify({
				type: "message",
				text,
				from: { id: "29:somebody", aadObjectId: "of the Playground" },
				recipient: { id: "28:bot" },
				conversation: { id: "personal-chat", tenantId: "wrong", conversationType: "personal" },
				channelData: { tenant: { id: "wrong" }, source: { name: "message" } },
				serviceUrl: "http://localhost/_connector",
				...more,
			}),
		});

	it("reaches the bot as that person of this tenant, signed by the channel", async () => {
		await type("jobs");
		const [{ path, headers, body } = { path: "", headers: {}, body: {} }] = bot.received;
		expect(path).toBe("/api/messages");
		expect(body).toMatchObject({
			text: "jobs",
			from: {
				id: PEOPLE.admin.channelUserId,
				name: PEOPLE.admin.name,
				aadObjectId: PEOPLE.admin.userId,
			},
			conversation: { id: "personal-chat", tenantId: cloud.tenantId, conversationType: "personal" },
			channelData: { tenant: { id: cloud.tenantId }, source: { name: "message" } },
			serviceUrl: `https://${proxy.serviceHost}/teams`,
		});
		expect(decodeJwt((headers.authorization ?? "").replace("Bearer ", ""))).toMatchObject({
			aud: cloud.appId,
			serviceurl: body.serviceUrl,
		});
	});

	it("is somebody else from the switch on", async () => {
		proxy.become(PEOPLE.guest);
		await type("jobs");
		expect(bot.received[0]?.body.from.aadObjectId).toBe(PEOPLE.guest.userId);
	});

	it("gets the bot's own answer to the press of a button", async () => {
		bot.answer = { status: 200, body: '{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive"}' };
		const answer = await type("", { type: "invoke", text: undefined, name: "adaptiveCard/action" });
		expect([answer.status, await answer.text()]).toEqual([200, bot.answer.body]);
	});

	const card = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: "Stopping" }] };
	const line = { type: "TextBlock", text: "Sandbox: you play Megan Bowen (reader)" };

	it("sees on each card who it is, when the bot sends, updates or answers a press with one", async () => {
		proxy.become(PEOPLE.reader);
		const url = `https://${proxy.serviceHost}/teams/v3/conversations/personal-chat/activities`;
		const headers = await bearer(cloud, "https://api.botframework.com");
		const body = JSON.stringify({
			type: "message",
			attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
		});
		await call(cloud, url, { method: "POST", headers, body });
		await call(cloud, `${url}/sent-1`, { method: "PUT", headers, body });
		const shown = { ...card, body: [...card.body, expect.objectContaining(line)] };
		const received = chat.received.map(({ body: sent }) => sent.attachments[0].content);
		expect(received).toEqual([shown, shown]);
		bot.answer = {
			status: 200,
			body: JSON.stringify({ type: "application/vnd.microsoft.card.adaptive", value: card }),
		};
		const answer = await type("", { type: "invoke", text: undefined, name: "adaptiveCard/action" });
		expect(((await answer.json()) as { value: object }).value).toEqual(shown);
	});

	it("has no line in the form that a button of a card opens", () => {
		const nested = { ...card, actions: [{ type: "Action.ShowCard", title: "Cancel", card }] };
		const drawn = withPersonaLine(JSON.stringify({ value: nested }), PEOPLE.reader);
		expect(drawn.split("you play")).toHaveLength(2);
	});

	it("talks to the sandbox without the bot hearing it, also after a mention", async () => {
		await type("<at>Recovery Control</at> sandbox be reader");
		expect(bot.received).toEqual([]);
		expect(chat.received).toMatchObject([
			{
				path: "/_connector/v3/conversations/personal-chat/activities",
				body: { type: "message", text: "heard: sandbox be reader", from: { id: "28:bot" } },
			},
		]);
	});

	it("sees what the bot sends with a token for the connector, and nothing else", async () => {
		const url = `https://${proxy.serviceHost}/teams/v3/conversations/personal-chat/activities`;
		const post = (headers: Record<string, string>, to = url) =>
			call(cloud, to, { method: "POST", headers, body: '{"type":"message"}' });
		const token = await bearer(cloud, "https://api.botframework.com");
		expect((await post({})).status).toBe(401);
		expect((await post(await bearer(cloud, "https://graph.microsoft.com"))).status).toBe(401);
		expect((await post(token, url.replace("/teams/", "/elsewhere/"))).status).toBe(404);
		expect(await post(token)).toMatchObject({ status: 200, json: { id: "from-here" } });
		expect(chat.received.map(({ path }) => path)).toEqual([
			"/_connector/v3/conversations/personal-chat/activities",
		]);
		expect(chat.received[0]?.headers).not.toHaveProperty("authorization");
	});

	it("is told when the bot cannot be reached", async () => {
		botUrl = "http://127.0.0.1:9";
		const answer = await type("jobs");
		expect(answer.status).toBe(502);
		expect(await answer.text()).toContain("sandbox:");
	});
});
