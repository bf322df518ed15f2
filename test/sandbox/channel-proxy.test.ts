import { createServer, type Server } from "node:http";
import { request } from "node:https";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import selfsigned from "selfsigned";
import { readBody } from "../../src/sandbox/channel-proxy/hop.js";
import { close, listen } from "../../src/sandbox/channel-proxy/listen.js";
import type { Person } from "../../src/sandbox/channel-proxy/person.js";
import { type ChannelProxy, startChannelProxy } from "../../src/sandbox/channel-proxy/start-channel-proxy.js";

interface Seen {
	readonly method: string;
	readonly url: string;
	readonly authorization: string | undefined;
	readonly body: Record<string, unknown>;
}

interface Fake {
	readonly url: string;
	readonly seen: Seen[];
	/** The body of its next answers. */
	answer: unknown;
	readonly server: Server;
}

const TENANT = "11111111-1111-4111-8111-111111111111";
const APP = "22222222-2222-4222-8222-222222222222";
const reader: Person = {
	key: "reader",
	userId: "a0000000-0000-4000-8000-000000000002",
	name: "Rita Reader",
	channelUserId: "29:reader",
};
const admin: Person = {
	key: "admin",
	userId: "a0000000-0000-4000-8000-000000000001",
	name: "Ann Admin",
	channelUserId: "29:admin",
};
const CONVERSATION = "19:room@thread.tacv2;messageid=1";

async function startFake(): Promise<Fake> {
	const seen: Seen[] = [];
	const server = createServer((message, response) => {
		void readBody(message).then((text) => {
			const { method = "", url = "", headers } = message;
			const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
			seen.push({ method, url, authorization: headers.authorization, body });
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(fake.answer));
		});
	});
	const url = `http://127.0.0.1:${await listen(server, 0)}`;
	const fake: Fake = { url, seen, answer: {}, server };
	return fake;
}

describe("the channel proxy", () => {
	let tls: { key: string; cert: string };
	let bot: Fake;
	let playground: Fake;
	let proxy: ChannelProxy;
	let botUrl: string;
	let logged: string[];

	beforeAll(async () => {
		const made = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
			keyType: "ec",
			algorithm: "sha256",
		});
		tls = { key: made.private, cert: made.cert };
	});
	beforeEach(async () => {
		[bot, playground] = await Promise.all([startFake(), startFake()]);
		botUrl = bot.url;
		logged = [];
		proxy = await startChannelProxy({
			tls,
			botUrl: () => botUrl,
			botAppId: APP,
			tenantId: TENANT,
			people: new Map([admin, reader].map((person) => [person.key, person])),
			signToken: async ({ serviceUrl }) => `signed-for-${serviceUrl}`,
			checkBotToken: async (authorization) => authorization === "Bearer bot",
			commands: async (text) => (text === "sandbox who" ? "You are Ann" : undefined),
			log: (line) => logged.push(line),
		});
	});
	afterEach(() => Promise.all([proxy.stop(), close(bot.server), close(playground.server)]));

	const message = (text: string, more: object = {}) => ({
		type: "message",
		text,
		serviceUrl: `${playground.url}/_connector`,
		conversation: { id: CONVERSATION },
		from: { id: "pg-user", name: "Somebody" },
		recipient: { id: "pg-bot", name: "Recovery Control" },
		...more,
	});
	const say = (activity: object, contentType = "application/json") =>
		fetch(`${proxy.inboundUrl}/api/messages`, {
			method: "POST",
			headers: { "content-type": contentType },
			body: JSON.stringify(activity),
		});
	/** As the bot calls its connector: over TLS, trusting only this certificate. */
	const callConnector = (method: string, path: string, body?: object, authorization = "Bearer bot") =>
		new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
			const url = new URL(proxy.serviceUrl);
			const sent = request(
				{
					host: url.hostname,
					port: url.port,
					method,
					path: `/teams${path}`,
					ca: tls.cert,
					agent: false,
					headers: { authorization, "content-type": "application/json" },
				},
				(response) => {
					readBody(response).then((text) => resolve({ status: response.statusCode, body: text }), reject);
				},
			);
			sent.once("error", reject);
			sent.end(body === undefined ? undefined : JSON.stringify(body));
		});

	it("gives the bot a signed activity with the current person's identity, bot id and tenant", async () => {
		proxy.become("reader");
		const entities = [{ type: "mention", text: "<at>Recovery Control</at>", mentioned: { id: "pg-bot" } }];
		await say(message("<at>Recovery Control</at> jobs", { entities, value: { id: "pg-user" } }));
		expect(bot.seen).toHaveLength(1);
		expect(bot.seen[0]).toMatchObject({
			method: "POST",
			url: "/api/messages",
			authorization: `Bearer signed-for-${proxy.serviceUrl}`,
			body: {
				serviceUrl: proxy.serviceUrl,
				from: { id: "29:reader", name: "Rita Reader", aadObjectId: reader.userId },
				recipient: { id: `28:${APP}`, name: "Recovery Control" },
				conversation: { id: CONVERSATION, tenantId: TENANT },
				channelData: { tenant: { id: TENANT } },
				entities: [{ mentioned: { id: `28:${APP}` } }],
				value: { id: "pg-user" },
			},
		});
	});

	it("passes the bot's invoke answer back with the Playground's ids and leaves the card's data alone", async () => {
		bot.answer = {
			statusCode: 200,
			value: { refresh: { userIds: ["29:admin"] }, actions: [{ data: { id: "29:admin" } }] },
		};
		const response = await say({ ...message(""), type: "invoke", name: "adaptiveCard/action" });
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({
			statusCode: 200,
			value: { refresh: { userIds: ["pg-user"] }, actions: [{ data: { id: "29:admin" } }] },
		});
	});

	it("takes the bot's calls to the Playground with ids mapped back and the address as it was written", async () => {
		await say(message("jobs"));
		playground.answer = { id: "activity-1" };
		const path = `/v3/conversations/${encodeURIComponent(CONVERSATION)}/activities/a%2Fb?x=1%202`;
		const answer = await callConnector("PUT", path, {
			from: { id: `28:${APP}` },
			recipient: { id: "29:admin" },
			entities: [{ type: "mention", mentioned: { id: "29:admin" } }],
		});
		expect(answer).toEqual({ status: 200, body: JSON.stringify({ id: "activity-1" }) });
		expect(playground.seen).toEqual([
			{
				method: "PUT",
				url: `/_connector${path}`,
				authorization: undefined,
				body: {
					from: { id: "pg-bot" },
					recipient: { id: "pg-user" },
					entities: [{ type: "mention", mentioned: { id: "pg-user" } }],
				},
			},
		]);
	});

	it("shows the bot the whole current person where the Playground names its own user", async () => {
		await say(message("jobs"));
		playground.answer = [{ id: "pg-user", name: "Somebody", objectId: "other", email: "other@contoso.example" }];
		const { body } = await callConnector("GET", `/v3/conversations/${CONVERSATION}/members/29%3Aadmin`);
		expect(JSON.parse(body)).toEqual([
			{ id: "29:admin", name: "Ann Admin", aadObjectId: admin.userId, objectId: admin.userId },
		]);
		expect(playground.seen[0]?.url).toBe(`/_connector/v3/conversations/${CONVERSATION}/members/pg-user`);
	});

	it("refuses a connector call without the bot's token", async () => {
		await say(message("jobs"));
		const answer = await callConnector("POST", "/v3/conversations/x/activities", {}, "Bearer stolen");
		expect(answer.status).toBe(401);
		expect(playground.seen).toEqual([]);
	});

	it("answers a sandbox command itself, without the bot", async () => {
		const response = await say(message("<at>Recovery Control</at>&nbsp;sandbox who"));
		expect(response.status).toBe(200);
		expect(bot.seen).toEqual([]);
		expect(playground.seen).toMatchObject([
			{
				url: `/_connector/v3/conversations/${encodeURIComponent(CONVERSATION)}/activities`,
				body: { type: "message", text: "You are Ann", from: { id: "pg-bot" } },
			},
		]);
	});

	it("leaves an unknown sandbox command to the bot", async () => {
		await say(message("sandbox castle"));
		expect(bot.seen).toHaveLength(1);
	});

	it("answers 502 and logs one JSON line when the bot cannot be reached", async () => {
		botUrl = "http://127.0.0.1:1";
		const response = await say(message("jobs"));
		expect(response.status).toBe(502);
		expect(logged.map((line) => JSON.parse(line))).toMatchObject([
			{ component: "channel-proxy", side: "inbound" },
		]);
	});

	it("does not let the unsigned side point the bot's answers away from this machine", async () => {
		const response = await say(message("jobs", { serviceUrl: "https://contoso.example/" }));
		expect(response.status).toBe(502);
		expect(bot.seen).toEqual([]);
	});

	it("turns away what a web page can send without asking", async () => {
		expect((await say(message("jobs"), "text/plain")).status).toBe(415);
		expect(bot.seen).toEqual([]);
	});

	it("says so when nobody has the key", () => {
		expect(() => proxy.become("ghost")).toThrow('nobody is called "ghost"');
		expect(proxy.current()).toEqual(admin);
	});
});
