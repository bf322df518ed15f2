import type { ReadProblem } from "../app/ports.js";
import type { StandingProblem } from "../core/person.js";
import { readErrorBody } from "./error-body.js";
import type { GraphAnswer, GraphFailure, GraphReply } from "./graph-call.js";

/** Why a read gave nothing to work with. */
export interface GraphProblem {
	readonly kind: "problem";
	readonly why:
		| "unauthorized"
		| "forbidden"
		| "not-found"
		| "throttled"
		| "rejected"
		| "timeout"
		| "unavailable";
	readonly httpStatus?: number;
	readonly retryAfterMs?: number;
	readonly detail: string;
}

/** The reply itself when it is a 2xx, otherwise the problem in it. */
export function expectSuccess(reply: GraphReply): GraphAnswer | GraphProblem {
	if (reply.kind === "failed") return failed(reply);
	if (reply.status >= 200 && reply.status < 300) return reply;
	return {
		kind: "problem",
		why: whyOf(reply.status),
		httpStatus: reply.status,
		...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }),
		detail: describeAnswer(reply),
	};
}

/** An answer that arrived but cannot be understood. */
export function unreadable(reply: GraphAnswer, what: string): GraphProblem {
	return {
		kind: "problem",
		why: reply.cutOff === "timeout" ? "timeout" : "unavailable",
		httpStatus: reply.status,
		detail: `${what}; ${describeAnswer(reply)}`,
	};
}

export function toReadProblem(problem: GraphProblem): ReadProblem {
	const { why, ...facts } = problem;
	switch (why) {
		case "not-found":
			return { ...facts, code: "rejected" };
		case "timeout":
			return { ...facts, code: "unavailable" };
		default:
			return { ...facts, code: why };
	}
}

/** Only a missing account is `not-found`; any other missing thing says nothing about the person. */
export function toStandingProblem(problem: GraphProblem, about: "account" | "grants"): StandingProblem {
	switch (problem.why) {
		case "unauthorized":
			return "forbidden";
		case "not-found":
			return about === "account" ? "not-found" : "unavailable";
		case "rejected":
			return "unavailable";
		default:
			return problem.why;
	}
}

/** Status, code, message and request id of an answer on one line. */
export function describeAnswer(reply: GraphAnswer): string {
	const error = readErrorBody(reply.body);
	const requestId = reply.requestId ?? error.requestId;
	return [
		`HTTP ${reply.status}`,
		reply.cutOff && `body cut off (${reply.cutOff})`,
		error.code,
		error.message,
		requestId === undefined ? undefined : `request-id ${requestId}`,
	]
		.filter((part) => part !== undefined)
		.join(", ");
}

function failed(reply: GraphFailure): GraphProblem {
	const why = { refused: "unauthorized", timeout: "timeout", broken: "unavailable" } as const;
	return { kind: "problem", why: why[reply.cause], detail: reply.detail };
}

function whyOf(status: number): GraphProblem["why"] {
	switch (status) {
		case 401:
			return "unauthorized";
		case 403:
			return "forbidden";
		case 404:
			return "not-found";
		case 408:
			return "timeout";
		case 429:
			return "throttled";
		default:
			return status >= 400 && status < 500 ? "rejected" : "unavailable";
	}
}
