import type { AnswerFacts, CancelAnswer } from "../app/ports.js";
import { readErrorBody } from "./error-body.js";
import type { GraphAnswer, GraphFailure, GraphReply } from "./graph-call.js";
import { describeAnswer } from "./problem.js";

/**
 * What a reply to the cancel request lets us say. Only the status decides: Graph documents no error
 * codes for this service. A redirect, a 408, a 5xx or no answer leaves open whether Graph acted.
 */
export function readCancelAnswer(reply: GraphReply): CancelAnswer {
	if (reply.kind === "failed") return unanswered(reply);
	const { status, location } = reply;
	const wait = reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs };
	const facts = answerFacts(reply);
	if (status >= 200 && status < 300)
		return { kind: "accepted", ...facts, ...wait, ...(location === undefined ? {} : { location }) };
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
	const error = readErrorBody(reply.body);
	const requestId = reply.requestId ?? error.requestId;
	return {
		httpStatus: reply.status,
		...(requestId === undefined ? {} : { requestId }),
		...(error.code === undefined ? {} : { errorCode: error.code }),
		...(error.message === undefined ? {} : { detail: describeAnswer(reply) }),
	};
}
