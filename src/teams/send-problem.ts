import { z } from "zod";
import type { SendProblem } from "../app/ports.js";
import { ServiceHostRefused } from "./service-hosts.js";

/** Failures of the network before a single byte of the request left. */
const NEVER_SENT = new Set([
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"CERT_HAS_EXPIRED",
	"DEPTH_ZERO_SELF_SIGNED_CERT",
	"SELF_SIGNED_CERT_IN_CHAIN",
	"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	"ERR_TLS_CERT_ALTNAME_INVALID",
]);

const restError = z.looseObject({
	statusCode: z.number().optional(),
	code: z.string().optional(),
	message: z.string().optional(),
	response: z.looseObject({ headers: z.unknown() }).optional(),
});

/**
 * What a failed send means. The connector takes no idempotency key, so a new message whose answer was
 * lost or broken (408, 500, 502, 504, a cut connection) may stand in the chat already.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export function sendProblem(what: "create" | "update", error: unknown): SendProblem {
	const { statusCode, code, message, response } = restError.safeParse(error).data ?? {};
	const detail = `${what}: ${statusCode ?? ""} ${code ?? ""} ${message ?? String(error)}`.slice(0, 500);
	if (error instanceof ServiceHostRefused) return { kind: "rejected", detail };
	if (statusCode === undefined)
		return NEVER_SENT.has(code ?? "") ? { kind: "retry", detail } : { kind: "unconfirmed", detail };
	if (statusCode === 404) return { kind: "gone", detail };
	// 401: the token was not accepted, which a fresh one may cure. 412: the conversation was busy.
	if ([401, 412, 429, 503].includes(statusCode))
		return { kind: "retry", detail, ...retryAfter(response?.headers) };
	if (statusCode === 408 || statusCode >= 500) return { kind: "unconfirmed", detail };
	return { kind: "rejected", detail };
}

function retryAfter(headers: unknown): { retryAfterMs?: number } {
	const get = headers !== null && typeof headers === "object" && "get" in headers ? headers.get : undefined;
	const value: unknown = typeof get === "function" ? get.call(headers, "retry-after") : undefined;
	const seconds = typeof value === "string" ? Number(value) : Number.NaN;
	return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 3_600) * 1_000 } : {};
}
