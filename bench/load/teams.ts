import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { monotonicMs } from "../cloud/ledger.js";
import type { CloudFacts } from "../cloud/main.js";

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** The Teams channel: sends activities with a token of the channel over connections that stay open. */
export interface Teams {
	/** Sends a message; when it was sent and when the bot acknowledged it, in milliseconds of the monotonic clock. */
	say(
		conversationId: string,
		text: string,
	): Promise<{ readonly sentAt: number; readonly acknowledgedAt: number }>;
}

/** Speaks to the bot at `url` as people who may cancel. */
export function createTeams(url: string, cloud: CloudFacts): Teams {
	const target = new URL("/api/messages", url);
	const headers = { "content-type": "application/json", authorization: `Bearer ${cloud.channelToken}` };
	return {
		async say(conversationId, text) {
			const body = JSON.stringify(activity(conversationId, text, cloud));
			const sentAt = monotonicMs();
			const status = await post(target, headers, body);
			const acknowledgedAt = monotonicMs();
			if (status !== 200) throw new Error(`the bot answered ${status} to: ${text}`);
			return { sentAt, acknowledgedAt };
		},
	};
}

function post(target: URL, headers: Record<string, string>, body: string): Promise<number> {
	return new Promise((resolve, reject) => {
		const options = {
			method: "POST",
			agent,
			headers: { ...headers, "content-length": Buffer.byteLength(body) },
		};
		const outgoing = request(target, options, (response) => {
			response.resume();
			response.on("end", () => resolve(response.statusCode ?? 0)).on("error", reject);
		});
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}

function activity(conversationId: string, text: string, cloud: CloudFacts): object {
	const number = Number(/\d+$/u.exec(conversationId)?.[0] ?? 0);
	const person = cloud.admins[number % cloud.admins.length];
	return {
		type: "message",
		id: randomUUID(),
		timestamp: new Date().toISOString(),
		channelId: "msteams",
		serviceUrl: cloud.serviceUrl,
		text,
		from: { id: `29:${person}`, name: "Adele Vance", aadObjectId: person },
		recipient: { id: `28:${cloud.appId}`, name: "Recovery Control" },
		conversation: { id: conversationId, conversationType: "personal", tenantId: cloud.tenantId },
		channelData: { tenant: { id: cloud.tenantId } },
	};
}
