import type { IncomingMessage } from "node:http";
import type { Connectors } from "./connectors.js";
import { type Answer, send } from "./hop.js";
import type { Identities } from "./identities.js";
import { BOTS_OWN, withIds } from "./inbound.js";
import { decodeSegment, replaceIds, replaceIdsInPath } from "./replace-ids.js";

/** Path of the proxy's service URL, as real ones have it (`https://smba.trafficmanager.net/teams/`). */
export const SERVICE_PATH = "/teams";

export interface OutboundSettings {
	readonly identities: Identities;
	readonly connectors: Connectors;
	readonly checkBotToken: (authorization: string | undefined) => Promise<boolean>;
}

/**
 * Takes the bot's connector calls, if they carry the bot's token, to the Playground.
 *
 * botbuilder uses POST /v3/conversations/{id}/activities/{replyTo} to answer, POST …/activities without a
 * reply-to, PUT …/activities/{id} to update, and POST /v3/conversations to open one.
 */
export function createOutbound({ identities, connectors, checkBotToken }: OutboundSettings) {
	return async (request: IncomingMessage, body: string): Promise<Answer> => {
		if (!(await checkBotToken(request.headers.authorization))) return { status: 401, body: "" };
		const url = request.url ?? "";
		if (!url.startsWith(`${SERVICE_PATH}/v3/`)) return { status: 404, body: "" };
		const path = url.slice(SERVICE_PATH.length);
		const connector = connectors.of(conversationIn(path));
		if (connector === undefined) throw new Error("the Playground has not said anything yet");

		const { origin, pathname } = new URL(connector);
		const answer = await send({
			method: request.method ?? "GET",
			origin,
			path: pathname + replaceIdsInPath(path, identities.toPlayground),
			body:
				body === "" ? "" : JSON.stringify(replaceIds(JSON.parse(body), identities.toPlayground, BOTS_OWN)),
		});
		return withIds(answer, identities.toBot);
	};
}

function conversationIn(path: string): string | undefined {
	const segment = /^\/v3\/conversations\/([^/?]+)/u.exec(path)?.[1];
	return segment === undefined ? undefined : decodeSegment(segment);
}
