import type { GraphCall } from "./graph-call.js";
import type { GraphLog } from "./graph-deps.js";

/**
 * Starts the log line of one HTTP request. It holds the ids that Microsoft's support asks for, and the
 * path as a template: ids of people stay out of the log.
 * https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
 */
export function logSend(
	log: GraphLog,
	call: Pick<GraphCall, "method" | "template">,
	clientRequestId: string,
): { answered(response: Response): void; failed(problem: string): void } {
	const start = performance.now();
	const line = (): object => ({
		method: call.method,
		path: call.template,
		clientRequestId,
		ms: Math.round(performance.now() - start),
	});
	return {
		answered(response) {
			const found = {
				requestId: response.headers.get("request-id") ?? undefined,
				diagnostic: response.ok ? undefined : (response.headers.get("x-ms-ags-diagnostic") ?? undefined),
			};
			log.debug({ ...line(), status: response.status, ...found }, "graph answered");
		},
		failed(problem) {
			log.debug({ ...line(), problem }, "graph did not answer");
		},
	};
}
