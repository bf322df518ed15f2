import { z } from "zod";
import type { ReadProblem } from "../app/ports.js";
import { known } from "../core/known.js";
import type { StandingProblem } from "../core/person.js";
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
		...known({ retryAfterMs: reply.retryAfterMs }),
		detail: readAnswer(reply).line,
	};
}

/** An answer that arrived but cannot be understood. */
export function unreadable(reply: GraphAnswer, what: string): GraphProblem {
	return {
		kind: "problem",
		why: reply.cutOff === "timeout" ? "timeout" : "unavailable",
		httpStatus: reply.status,
		detail: `${what}; ${readAnswer(reply).line}`,
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

const text = z.string().min(1).optional().catch(undefined);
const inner = z.object({ "request-id": text }).optional().catch(undefined);
const errorBody = z.object({
	error: z.object({ code: text, message: text, innerError: inner, innererror: inner }),
});

/** Longest message kept, in characters. */
const MESSAGE_LIMIT = 300;

/** What an answer says of itself. */
export interface AnswerSaid {
	/** For the record only: Graph documents no codes for this service. */
	readonly code?: string;
	readonly message?: string;
	readonly requestId?: string;
	/** All of it, with the status, on one line. */
	readonly line: string;
}

/**
 * Reads an error body as far as it can be read; an unreadable one says nothing. The inner error comes in two
 * spellings (https://learn.microsoft.com/graph/errors).
 */
export function readAnswer(reply: GraphAnswer): AnswerSaid {
	const error = errorBody.safeParse(reply.body).data?.error;
	const code = error?.code;
	const message = error?.message?.slice(0, MESSAGE_LIMIT);
	const requestId = reply.requestId ?? error?.innerError?.["request-id"] ?? error?.innererror?.["request-id"];
	const line = [
		`HTTP ${reply.status}`,
		reply.cutOff && `body cut off (${reply.cutOff})`,
		code,
		message,
		requestId === undefined ? undefined : `request-id ${requestId}`,
	]
		.filter((part) => part !== undefined)
		.join(", ");
	return { line, ...known({ code, message, requestId }) };
}
