import { z } from "zod";
import type { SendProblem } from "../app/ports.js";
import { known } from "../core/known.js";
import { parseRetryAfter } from "../core/retry-after.js";
import { ServiceHostRefused } from "./service-hosts.js";

/** In characters. */
const LONGEST_DETAIL = 500;

/** Failures of the network before a single byte of the request left. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
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

/** What is read of an error; a part of another shape counts as missing. */
const restError = z.object({
	statusCode: z.number().optional().catch(undefined),
	code: z.string().optional().catch(undefined),
	message: z.string().optional().catch(undefined),
	response: z
		.object({ headers: z.custom<{ get(name: string): unknown }>(hasGet) })
		.optional()
		.catch(undefined),
});

function hasGet(headers: unknown): boolean {
	return typeof (headers as { readonly get?: unknown } | null | undefined)?.get === "function";
}

/**
 * What a failed send means. The connector takes no idempotency key, so a new message whose answer was
 * lost or broken (408, 500, 502, 504, a cut connection) may stand in the chat already.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export function sendProblem(what: "create" | "update", error: unknown, now: Date = new Date()): SendProblem {
	const { statusCode, code, message, response } = restError.safeParse(error).data ?? {};
	const detail = `${what}: ${statusCode ?? ""} ${code ?? ""} ${message ?? String(error)}`.slice(
		0,
		LONGEST_DETAIL,
	);
	if (error instanceof ServiceHostRefused) return { kind: "rejected", detail };
	if (statusCode === undefined)
		return NEVER_SENT.has(code) ? { kind: "retry", detail } : { kind: "unconfirmed", detail };
	if (statusCode === 404) return { kind: "gone", detail };
	const retryAfterMs = parseRetryAfter(response?.headers.get("retry-after"), now);
	// 401: the token was not accepted, which a fresh one may cure. 412: the conversation was busy.
	if ([401, 412, 429, 503].includes(statusCode)) return { kind: "retry", detail, ...known({ retryAfterMs }) };
	if (statusCode === 408 || statusCode >= 500) return { kind: "unconfirmed", detail };
	return { kind: "rejected", detail, ...(code === "BotNotInConversationRoster" ? { removed: true } : {}) };
}
