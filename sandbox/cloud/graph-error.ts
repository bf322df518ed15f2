import type { Reply } from "./http.js";

/**
 * An error in Graph's shape; `innerError` is filled in by `traced`, which knows the request.
 * https://learn.microsoft.com/graph/errors
 */
export function graphError(
	status: number,
	code: string,
	message: string,
	headers?: Record<string, string>,
): Reply {
	return { status, body: { error: { code, message } }, ...(headers ? { headers } : {}) };
}
