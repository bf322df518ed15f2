import {
	createServer as createHttpServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { readRequest } from "./cloud/http.js";
import type { Person } from "./cloud/people.js";
import type { Cloud } from "./cloud/start-cloud.js";
import { withPersonaLine } from "./persona-line.js";

const HOP_LIMIT_MS = 30_000;
const SERVICE_PATH = "/teams";

/** Stands where Teams stands: between the Playground, which signs nothing, and a bot that insists on it. */
export interface ChannelProxy {
	/** Where the Playground sends activities. */
	readonly endpoint: string;
	/** Host and port that the bot must be allowed to answer to. */
	readonly serviceHost: string;
	/** Puts somebody else's identity on everything that is sent from now on. */
	become(person: Person): void;
	stop(): void;
}

const activity = z.looseObject({
	type: z.string(),
	text: z.string().nullish(),
	conversation: z.looseObject({ id: z.string() }),
	channelData: z.looseObject({}).nullish(),
	from: z.looseObject({}),
	recipient: z.looseObject({}),
});

export async function startChannelProxy(settings: {
	readonly cloud: Cloud;
	/** Where the bot listens; what is sent waits for it. */
	readonly botUrl: () => string | Promise<string>;
	/** The Playground's own connector. */
	readonly connectorUrl: string;
	readonly person: Person;
	/** Answers what is meant for the sandbox itself; `undefined` passes the text on to the bot. */
	readonly command: (text: string) => string | undefined;
}): Promise<ChannelProxy> {
	const { cloud, botUrl, connectorUrl, command } = settings;
	let person = settings.person;

	const inbound = createHttpServer((request, response) => {
		relay(request, response, async (body) => {
			if (request.method !== "POST") return { status: 200, body: "" };
			const sent = activity.parse(JSON.parse(body));
			const said = sent.type === "message" ? command(withoutMentions(sent.text ?? "")) : undefined;
			if (said !== undefined) return say(sent, said);
			const serviceUrl = `https://${serviceHost()}${SERVICE_PATH}`;
			const answer = await forward(`${await botUrl()}/api/messages`, {
				method: "POST",
				authorization: `Bearer ${await cloud.channel.sign({ serviceurl: serviceUrl })}`,
				body: JSON.stringify({
					...sent,
					serviceUrl,
					from: { ...sent.from, id: person.channelUserId, name: person.name, aadObjectId: person.userId },
					conversation: { ...sent.conversation, tenantId: cloud.tenantId },
					channelData: { ...sent.channelData, tenant: { id: cloud.tenantId } },
				}),
			});
			return { ...answer, body: withPersonaLine(answer.body, person) };
		});
	});

	const outbound = createHttpsServer(cloud.tls, (request, response) => {
		relay(request, response, async (body) => {
			if (!(await cloud.isForConnector(request.headers.authorization))) return { status: 401, body: "" };
			const path = request.url ?? "";
			if (!path.startsWith(`${SERVICE_PATH}/`)) return { status: 404, body: "" };
			return forward(`${connectorUrl}${path.slice(SERVICE_PATH.length)}`, {
				method: request.method ?? "POST",
				body: withPersonaLine(body, person),
			});
		});
	});
	const [inboundPort, outboundPort] = await Promise.all([listen(inbound), listen(outbound)]);
	const serviceHost = () => `localhost:${outboundPort}`;

	/** Says something in the conversation, as the sandbox. */
	function say(sent: z.infer<typeof activity>, text: string): Promise<Answer> {
		const { conversation, recipient } = sent;
		return forward(`${connectorUrl}/v3/conversations/${encodeURIComponent(conversation.id)}/activities`, {
			method: "POST",
			body: JSON.stringify({ type: "message", from: recipient, conversation, text }),
		}).then(() => ({ status: 200, body: "" }));
	}

	return {
		endpoint: `http://127.0.0.1:${inboundPort}/api/messages`,
		serviceHost: serviceHost(),
		become(next) {
			person = next;
		},
		stop() {
			for (const server of [inbound, outbound]) {
				server.close();
				server.closeAllConnections();
			}
		},
	};
}

interface Answer {
	readonly status: number;
	readonly body: string;
}

/** Answers a request as `work` says, and with 502, in words, when the other side cannot be reached. */
async function relay(
	request: IncomingMessage,
	response: ServerResponse,
	work: (body: string) => Promise<Answer>,
): Promise<void> {
	const answer = await readRequest(request, new Date())
		.then(({ body }) => work(body))
		.catch((error) => ({
			status: 502,
			body: JSON.stringify({ error: `sandbox: ${error instanceof Error ? error.message : error}` }),
		}));
	// One by one: restify, in the same process, takes away what `writeHead` returns.
	response.writeHead(answer.status, { "content-type": "application/json" });
	response.end(answer.body);
}

async function forward(
	url: string,
	hop: { method: string; body: string; authorization?: string },
): Promise<Answer> {
	const response = await fetch(url, {
		method: hop.method,
		headers: {
			"content-type": "application/json",
			...(hop.authorization === undefined ? {} : { authorization: hop.authorization }),
		},
		...(hop.method === "GET" ? {} : { body: hop.body }),
		signal: AbortSignal.timeout(HOP_LIMIT_MS),
	});
	return { status: response.status, body: await response.text() };
}

function withoutMentions(text: string): string {
	return text
		.replace(/<at[^>]*>[^<]*<\/at>/giu, " ")
		.replace(/&nbsp;|\s+/gu, " ")
		.trim();
}

function listen(server: Server): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
	});
}
