import { startDeadline } from "./deadline.js";
import { parseEndpoint } from "./endpoint.js";
import { exchange } from "./exchange.js";
import type { GraphCaller } from "./graph-call.js";
import type { GraphDeps } from "./graph-deps.js";

/**
 * The one way to Graph. A 401 or 403 makes the credential forget its token, which may be older than
 * the bot's newest permission or its present registration; a read that met a 401 is then sent once
 * more with the new token. (No client capability `cp1` is declared, so a 401 carries no claims to
 * answer: https://learn.microsoft.com/entra/identity-platform/claims-challenge)
 *
 * @throws when the endpoint is not https
 */
export function createGraphCaller(deps: GraphDeps): GraphCaller {
	const endpoint = parseEndpoint(deps.endpoint);
	return async (call) => {
		const clientRequestId = call.clientRequestId ?? deps.newId();
		const deadline = startDeadline(call.timeoutMs);
		const { reply, token } = await exchange(call, clientRequestId, call.timeoutMs, endpoint, deps);
		if (reply.kind === "failed" && reply.stage === "token") {
			deps.log.warn(
				{ code: "no-graph-token", path: call.template, problem: reply.detail },
				"no token for graph",
			);
		}
		if (reply.kind !== "answered" || token === undefined) return reply;
		if (reply.status !== 401 && reply.status !== 403) return reply;
		const renewed = deps.credential.renew?.(token) ?? false;
		if (!renewed || reply.status !== 401 || call.nature === "act") return reply;
		const again = await exchange(call, clientRequestId, deadline.leftMs(), endpoint, deps);
		return again.reply;
	};
}
