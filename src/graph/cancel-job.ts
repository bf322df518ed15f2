import type { AnswerFacts, CancelAnswer } from "../app/ports.js";
import { known } from "../core/known.js";
import {
	type GraphAnswer,
	type GraphCaller,
	type GraphFailure,
	type GraphReply,
	pathSegment,
} from "./graph-call.js";
import { readAnswer } from "./problem.js";

/** The documented path of the action differs between the versions. */
const ACTION = { beta: "cancel", "v1.0": "microsoft.graph.entraRecoveryServices.cancel" } as const;

/**
 * Asks Graph to cancel a job: one POST, never repeated. `timeoutMs` is for all of it, with the token.
 * https://learn.microsoft.com/graph/api/entrarecoveryservices-recoveryjobbase-cancel
 */
export async function cancelJob(
	jobId: string,
	clientRequestId: string,
	caller: GraphCaller,
	{ version, timeoutMs }: { readonly version: "beta" | "v1.0"; readonly timeoutMs: number },
): Promise<CancelAnswer> {
	const segment = pathSegment(jobId);
	if (segment === undefined) return { kind: "rejected", code: "not-found", detail: "not sent: no job id" };
	const reply = await caller.send({
		method: "POST",
		nature: "act",
		version,
		path: `/directory/recovery/jobs/${segment}/${ACTION[version]}`,
		template: `/directory/recovery/jobs/{id}/${ACTION[version]}`,
		clientRequestId,
		timeoutMs,
	});
	return readCancelAnswer(reply);
}

/**
 * What a reply to the cancel request lets us say. Only the status decides: Graph documents no error
 * codes for this service. A redirect, a 408, a 5xx or no answer leaves open whether Graph acted.
 */
function readCancelAnswer(reply: GraphReply): CancelAnswer {
	if (reply.kind === "failed") return unanswered(reply);
	const { status, location, retryAfterMs } = reply;
	const wait = known({ retryAfterMs });
	const facts = answerFacts(reply);
	if (status >= 200 && status < 300) return { kind: "accepted", ...facts, ...wait, ...known({ location }) };
	if (status === 429) return { kind: "throttled", ...facts, ...wait };
	if (status < 400 || status === 408 || status >= 500) return { kind: "unclear", ...facts, ...wait };
	return { kind: "rejected", code: rejectionCode(status), ...facts };
}

/**
 * No answer from Graph. Without a token nothing was sent: an Entra that said no is `unauthorized`; an
 * Entra that could not be reached is `throttled`, the one answer that means "surely not done, ask again
 * later". It carries no HTTP status, as Graph never spoke. From the moment the request is handed to
 * the network it is `unclear`, even if the connection was probably never made.
 */
function unanswered(failure: GraphFailure): CancelAnswer {
	if (failure.stage === "request") return { kind: "unclear", detail: failure.detail };
	const detail = `not sent: ${failure.detail}`;
	if (failure.cause === "refused") return { kind: "rejected", code: "unauthorized", detail };
	return { kind: "throttled", detail };
}

function rejectionCode(status: number): Extract<CancelAnswer, { kind: "rejected" }>["code"] {
	switch (status) {
		case 401:
			return "unauthorized";
		case 403:
			return "forbidden";
		case 404:
			return "not-found";
		case 409:
			return "conflict";
		default:
			return "rejected";
	}
}

function answerFacts(reply: GraphAnswer): AnswerFacts {
	const { requestId, code: errorCode, message, line } = readAnswer(reply);
	const detail = message === undefined ? undefined : line;
	return { httpStatus: reply.status, ...known({ requestId, errorCode, detail }) };
}
