import { type Agent, request } from "node:https";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
	readonly json: any;
}

export interface Call {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
	/** The authority to trust; the cloud's own by default. */
	readonly ca?: string;
	/** Keeps the connection for the next request; each has its own by default. */
	readonly agent?: Agent;
}

/** A request over TLS that trusts the cloud's authority and nothing else. */
export function call(cloud: Pick<Cloud, "caPem">, url: string, options: Call = {}): Promise<Answer> {
	const { method = "GET", headers = {}, body, ca = cloud.caPem, agent = false } = options;
	return new Promise((resolve, reject) => {
		const sent = request(url, { method, headers, ca, agent }, (response) => {
			let text = "";
			response.setEncoding("utf8");
			response.on("data", (part: string) => {
				text += part;
			});
			response.on("error", reject);
			response.on("end", () => {
				const json = text.startsWith("{") ? JSON.parse(text) : undefined;
				resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
			});
		});
		sent.on("error", reject);
		sent.end(body);
	});
}

/** Asks the local Entra for a token, as MSAL does. */
export function askForToken(cloud: Cloud, form: Readonly<Record<string, string>> = {}): Promise<Answer> {
	return call(cloud, `${cloud.origin}/${cloud.tenantId}/oauth2/v2.0/token`, {
		method: "POST",
		headers: { "content-type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({
			grant_type: "client_credentials",
			client_id: cloud.appId,
			client_secret: cloud.secret,
			scope: "https://graph.microsoft.com/.default",
			...form,
		}).toString(),
	});
}

/** The header that opens Graph or the connector. */
export async function bearer(
	cloud: Cloud,
	resource: "https://graph.microsoft.com" | "https://api.botframework.com",
): Promise<Record<string, string>> {
	const { json } = await askForToken(cloud, { scope: `${resource}/.default` });
	return { authorization: `Bearer ${json.access_token}` };
}
