import { randomUUID } from "node:crypto";
import type { Reply } from "./http.js";

/** An error in Graph's shape. */
export function graphError(
	status: number,
	code: string,
	message: string,
	headers?: Record<string, string>,
): Reply {
	return {
		status,
		body: {
			error: { code, message, innerError: { date: new Date().toISOString(), "request-id": randomUUID() } },
		},
		...(headers ? { headers } : {}),
	};
}
