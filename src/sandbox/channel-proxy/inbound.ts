import type { IncomingMessage } from "node:http";
import { type Activity, readActivity, typedText } from "./activity.js";
import type { Connectors } from "./connectors.js";
import { type Answer, send } from "./hop.js";
import type { Identities } from "./identities.js";
import type { Person } from "./person.js";
import { type Replace, replaceIds } from "./replace-ids.js";

/** `value` is what the bot put into its card's action; `conversation` has an id of its own kind. */
const NOT_ACCOUNTS: ReadonlySet<string> = new Set(["value", "conversation"]);
/** Invoke answers carry cards; what the bot keeps in `data` must come back as it was. */
export const BOTS_OWN: ReadonlySet<string> = new Set(["data"]);

export interface InboundSettings {
	readonly botUrl: () => string;
	readonly serviceUrl: string;
	readonly tenantId: string;
	readonly current: () => Person;
	readonly identities: Identities;
	readonly connectors: Connectors;
	readonly signToken: (claims: { serviceUrl: string }) => Promise<string>;
	readonly commands: (text: string) => Promise<string | undefined>;
}

/** Takes the Playground's unsigned activities and gives them to the bot as Teams would. */
export function createInbound(settings: InboundSettings) {
	const { botUrl, serviceUrl, tenantId, current, identities, connectors, signToken, commands } = settings;

	return async (request: IncomingMessage, body: string): Promise<Answer> => {
		// The Playground asks with HEAD whether anybody is there.
		if (request.method === "HEAD") return { status: 200, body: "" };
		if (request.method !== "POST" || request.url !== "/api/messages") return { status: 404, body: "" };
		// Keeps web pages out: a browser does not send JSON across origins without asking first.
		if (!request.headers["content-type"]?.startsWith("application/json")) return { status: 415, body: "" };

		const activity = readActivity(body);
		connectors.remember(activity.conversation.id, activity.serviceUrl);
		identities.learn(activity, current());
		const forBot = JSON.stringify(asTeams(activity));
		const text = activity.type === "message" ? typedText(activity.text ?? "") : "";
		const said = /^sandbox\b/iu.test(text) ? await commands(text) : undefined;
		if (said !== undefined) return say(activity, said);

		const url = new URL(botUrl());
		const answer = await send({
			method: "POST",
			origin: url.origin,
			path: `${url.pathname.replace(/\/$/u, "")}/api/messages`,
			authorization: `Bearer ${await signToken({ serviceUrl })}`,
			body: forBot,
		});
		return withIds(answer, identities.toPlayground);
	};

	function asTeams(activity: Activity): object {
		const { channelData } = activity;
		return {
			...(replaceIds(activity, identities.toBot, NOT_ACCOUNTS) as Activity),
			serviceUrl,
			conversation: { ...activity.conversation, tenantId },
			channelData: { ...channelData, tenant: { ...channelData?.tenant, id: tenantId } },
		};
	}

	/** Speaks in the conversation as the bot, because the Playground shows nobody else's answers. */
	async function say({ recipient, conversation, serviceUrl }: Activity, text: string): Promise<Answer> {
		const connector = new URL(serviceUrl);
		const base = connector.pathname.replace(/\/+$/u, "");
		const { status } = await send({
			method: "POST",
			origin: connector.origin,
			path: `${base}/v3/conversations/${encodeURIComponent(conversation.id)}/activities`,
			body: JSON.stringify({ type: "message", from: recipient, conversation, text, textFormat: "plain" }),
		});
		if (status >= 400) throw new Error(`the Playground answered ${status} to the sandbox's own message`);
		return { status: 200, body: "" };
	}
}

/** An answer with its ids replaced, when it is JSON. */
export function withIds(answer: Answer, replace: Replace): Answer {
	if (!answer.contentType?.includes("json") || answer.body === "") return answer;
	return { ...answer, body: JSON.stringify(replaceIds(JSON.parse(answer.body), replace, BOTS_OWN)) };
}
