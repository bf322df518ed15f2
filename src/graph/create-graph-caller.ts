import { setTimeout as pause } from "node:timers/promises";
import { endInTime } from "../app/end-in-time.js";
import { known } from "../core/known.js";
import { parseRetryAfter } from "../core/retry-after.js";
import { factOf, messageWithCause } from "../core/thrown.js";
import type { GraphAnswer, GraphCall, GraphCaller, GraphDeps, GraphFailure } from "./graph-call.js";

/** Backup and Recovery exists in the global cloud only, so the audience never changes. */
const GRAPH_SCOPE = "https://graph.microsoft.com/.default";
/** A read that met a busy gateway is repeated once, if Graph asks for no longer wait than this. */
const BUSY_STATUS = [503, 504];
const LONGEST_PAUSE_MS = 1_000;
/** Before the repetition when Graph names no wait, and as much more at random, in milliseconds. */
const PAUSE_MS = 200;
const RANDOM_PAUSE_MS = 1_000;

/**
 * The one way to Graph: the platform's `fetch`, whose connections stay open for the next call. All of a call
 * shares one time limit and one signal. Redirects are not followed: Graph's JSON endpoints send none, and a
 * POST must not wander.
 *
 * A 401 or 403 makes the credential forget its token, which may be older than the bot's newest permission or
 * its present registration; a read that met a 401 is then sent once more with the new token. (No client
 * capability `cp1` is declared, so a 401 carries no claims to answer:
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge)
 *
 * @throws when the endpoint is not https
 */
export function createGraphCaller(deps: GraphDeps): GraphCaller {
	const endpoint = parseEndpoint(deps.endpoint);
	return {
		endpoint,
		async send(call) {
			const request = buildRequest(call, endpoint, call.clientRequestId ?? deps.newId());
			const progress: Progress = { sent: false };
			const controller = new AbortController();
			let ended: Ended = "whole";
			let thrown: unknown;
			try {
				await endInTime(
					call.timeoutMs,
					() => carryOut(request, progress, controller.signal, deps),
					() => {
						ended = "timeout";
						controller.abort();
						return new Error("the call took too long");
					},
				);
			} catch (error) {
				thrown = error;
				if (ended === "whole") ended = "broken";
			}
			// Once the status line has been seen Graph has answered, even if the body does not arrive whole.
			if (progress.response) return answer(progress.response, ended, progress.body, deps);
			const failure = describeFailure(progress, ended, thrown, call.timeoutMs);
			if (failure.stage === "token")
				deps.log.warn(
					{ code: "no-graph-token", path: call.template, problem: failure.detail },
					"no token for graph",
				);
			return failure;
		},
	};
}

/**
 * Checks Graph's base address. Only https, since a token goes with every call.
 *
 * @throws when the address is not an https URL
 */
function parseEndpoint(endpoint: string): URL {
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	if (url?.protocol !== "https:") throw new Error(`GRAPH_ENDPOINT must be an https address: ${endpoint}`);
	return url;
}

interface Request {
	readonly call: GraphCall;
	readonly url: string;
	readonly clientRequestId: string;
	readonly init: RequestInit & { readonly headers: Readonly<Record<string, string>> };
}

/** How far a call has come, so that whoever stops waiting for it can tell. */
interface Progress {
	sent: boolean;
	response?: Response | undefined;
	body?: string;
}

type Ended = "whole" | "timeout" | "broken";

function buildRequest(call: GraphCall, endpoint: URL, clientRequestId: string): Request {
	const absolute = call.path.startsWith("https://");
	return {
		call,
		url: absolute ? call.path : `${endpoint.href.replace(/\/+$/, "")}/${call.version}${call.path}`,
		clientRequestId,
		init: {
			method: call.method,
			redirect: "manual",
			headers: {
				...call.headers,
				"client-request-id": clientRequestId,
				// Without it the statuses added after the first release are hidden as `unknownFutureValue`.
				...(call.method === "GET" ? { Prefer: "include-unknown-enum-members" } : {}),
				...(call.body === undefined ? {} : { "Content-Type": "application/json" }),
			},
			...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
		},
	};
}

/** Sends the request until its answer counts, and notes in `progress` how far it came. */
async function carryOut(
	request: Request,
	progress: Progress,
	signal: AbortSignal,
	deps: GraphDeps,
	renewable = true,
): Promise<void> {
	const token = await fetchToken(signal, deps);
	let response = await sendOnce(request, token, progress, signal, deps);
	const pauseMs = pauseBeforeRepetition(request.call, response, deps);
	if (pauseMs !== undefined) {
		await response.body?.cancel();
		await pause(pauseMs, undefined, { signal });
		response = await sendOnce(request, token, progress, signal, deps);
	}
	if (response.status === 401 || response.status === 403) {
		const renewed = renewable && (deps.credential.renew?.(token) ?? false);
		if (renewed && response.status === 401 && request.call.nature === "read") {
			await response.body?.cancel();
			progress.sent = false;
			progress.response = undefined;
			return carryOut(request, progress, signal, deps, false);
		}
	}
	progress.body = await response.text();
}

async function fetchToken(signal: AbortSignal, deps: GraphDeps): Promise<string> {
	const token = await deps.credential.getToken(GRAPH_SCOPE, { abortSignal: signal });
	if (!token) throw new Error("the credential gave no token");
	return token.token;
}

/**
 * One HTTP request with its log line. The line holds the ids that Microsoft's support asks for, and the path as
 * a template: ids of people stay out of the log.
 * https://learn.microsoft.com/graph/best-practices-concept#reliability-and-support
 */
async function sendOnce(
	{ call, url, clientRequestId, init }: Request,
	token: string,
	progress: Progress,
	signal: AbortSignal,
	deps: GraphDeps,
): Promise<Response> {
	// A token that came too late: the caller has been told already that this did not happen.
	signal.throwIfAborted();
	progress.response = undefined;
	progress.sent = true;
	const start = performance.now();
	const line = (): object => ({
		method: call.method,
		path: call.template,
		clientRequestId,
		ms: Math.round(performance.now() - start),
	});
	try {
		const headers = { ...init.headers, Authorization: `Bearer ${token}` };
		const response = await (deps.fetch ?? fetch)(url, { ...init, headers, signal });
		progress.response = response;
		const requestId = response.headers.get("request-id") ?? undefined;
		const diagnostic = response.ok ? undefined : (response.headers.get("x-ms-ags-diagnostic") ?? undefined);
		deps.log.debug({ ...line(), status: response.status, requestId, diagnostic }, "graph answered");
		return response;
	} catch (error) {
		deps.log.debug({ ...line(), problem: messageWithCause(error) }, "graph did not answer");
		throw error;
	}
}

/** How long to wait before a read is repeated, in milliseconds; `undefined` when its answer counts. */
function pauseBeforeRepetition(call: GraphCall, response: Response, deps: GraphDeps): number | undefined {
	if (call.nature !== "read" || call.method !== "GET" || !BUSY_STATUS.includes(response.status))
		return undefined;
	const asked = parseRetryAfter(response.headers.get("retry-after"), deps.clock.now());
	const pauseMs = asked ?? PAUSE_MS + Math.random() * RANDOM_PAUSE_MS;
	return (asked ?? 0) <= LONGEST_PAUSE_MS ? pauseMs : undefined;
}

function answer(response: Response, ended: Ended, body: string | undefined, deps: GraphDeps): GraphAnswer {
	const { headers, status } = response;
	return {
		kind: "answered",
		status,
		body: ended === "whole" ? parseJson(body ?? "") : undefined,
		...known({
			cutOff: ended === "whole" ? undefined : ended,
			requestId: headers.get("request-id"),
			location: headers.get("location"),
			retryAfterMs: parseRetryAfter(headers.get("retry-after"), deps.clock.now()),
		}),
	};
}

function describeFailure(progress: Progress, ended: Ended, thrown: unknown, timeoutMs: number): GraphFailure {
	const stage = progress.sent ? "request" : "token";
	if (ended === "timeout") {
		const missing = progress.sent ? "answer" : "token";
		const detail = `no ${missing} within ${Math.max(0, Math.round(timeoutMs))} ms`;
		return { kind: "failed", stage, cause: "timeout", detail };
	}
	// Entra was reached and answered no, as opposed to not being reached.
	const refused = stage === "token" && factOf(thrown, "code") === "entra-refused";
	const detail = `${stage}: ${messageWithCause(thrown)}`;
	return { kind: "failed", stage, cause: refused ? "refused" : "broken", detail };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// Not JSON means no readable body; whoever needs one says so.
		return undefined;
	}
}
