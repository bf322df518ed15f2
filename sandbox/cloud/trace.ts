import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Reply, SeenRequest } from "./http.js";

const errorBody = z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) });

/**
 * The reply with `request-id` and the caller's `client-request-id`, in the headers and, for an error
 * in Graph's shape, in the body too: the two must agree, since people quote one to find the other.
 */
export function traced(reply: Reply, request: SeenRequest, now: Date): Reply {
	const clientRequestId = request.headers["client-request-id"];
	const ids = {
		"request-id": randomUUID(),
		...(clientRequestId === undefined ? {} : { "client-request-id": clientRequestId }),
	};
	const failed = errorBody.safeParse(reply.body);
	return {
		...reply,
		headers: { ...ids, ...reply.headers },
		...(failed.success && failed.data.error.innerError === undefined
			? { body: { error: { ...failed.data.error, innerError: { date: now.toISOString(), ...ids } } } }
			: {}),
	};
}
