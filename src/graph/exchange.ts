import {
	AuthenticationHandler,
	Client,
	type Context,
	type Middleware,
	ResponseType,
	RetryHandler,
	RetryHandlerOptions,
	TelemetryHandler,
} from "@microsoft/microsoft-graph-client";
import { type Timed, withinTime } from "./deadline.js";
import { describeError } from "./describe-error.js";
import type { GraphAnswer, GraphCall, GraphFailure, GraphReply } from "./graph-call.js";
import type { GraphDeps } from "./graph-deps.js";
import { parseRetryAfter } from "../core/retry-after.js";
import { logSend } from "./send-log.js";
import { entraRefused, GRAPH_SCOPE } from "./token-source.js";

/** A read that met a busy gateway is repeated once, if that costs no more than this. */
const QUICK_RETRY_STATUS = [503, 504];
const QUICK_RETRY_LONGEST_WAIT_MS = 1_000;
/** The client adds up to one second of its own at random. In seconds. */
const QUICK_RETRY_DELAY_S = 0.2;

/** What is known about a call while it is under way, so that a deadline can tell how far it came. */
interface Progress {
	token?: string;
	tokenError?: unknown;
	sent: boolean;
	sendError?: unknown;
	response?: Response;
}

export interface Exchange {
	readonly reply: GraphReply;
	/** The token that was used, if the call came that far. */
	readonly token?: string;
}

/**
 * Sends one call through the Graph client's middleware, within `timeoutMs` milliseconds for all of it.
 * Never rejects. Redirects are not followed: Graph's JSON endpoints send none, and a POST must not wander.
 */
export async function exchange(
	call: GraphCall,
	clientRequestId: string,
	timeoutMs: number,
	endpoint: URL,
	deps: GraphDeps,
): Promise<Exchange> {
	const progress: Progress = { sent: false };
	const timed = await withinTime(timeoutMs, async (signal) => {
		const request = Client.initWithMiddleware({
			baseUrl: endpoint.href.replace(/\/+$/, ""),
			customHosts: new Set([endpoint.hostname]),
			middleware: chain(call, clientRequestId, signal, progress, deps),
		})
			.api(call.path)
			.responseType(ResponseType.RAW)
			.options({ signal, redirect: "manual" })
			.headers({ ...headers(call, clientRequestId) });
		if (!call.path.startsWith("https://")) request.version(call.version);
		const response: Response = await (call.method === "GET" ? request.get() : request.post(call.body));
		return response.text();
	});
	const used = progress.token === undefined ? {} : { token: progress.token };
	// Once the status line has been seen Graph has answered, even if the body does not arrive whole.
	if (progress.response) return { ...used, reply: answer(progress.response, timed, deps) };
	const thrown = timed.kind === "threw" ? timed.error : undefined;
	return { ...used, reply: failure(progress, timed.kind === "timeout", thrown, timeoutMs) };
}

function headers(call: GraphCall, clientRequestId: string): Record<string, string> {
	return {
		...call.headers,
		"client-request-id": clientRequestId,
		// Without it the statuses added after the first release are hidden as `unknownFutureValue`.
		...(call.method === "GET" ? { Prefer: "include-unknown-enum-members" } : {}),
	};
}

function chain(
	call: GraphCall,
	clientRequestId: string,
	signal: AbortSignal,
	progress: Progress,
	deps: GraphDeps,
): Middleware[] {
	const repeats = call.nature === "read" && call.method === "GET" ? 1 : 0;
	return [
		new AuthenticationHandler({ getAccessToken: () => fetchToken(signal, progress, deps) }),
		new RetryHandler(
			new RetryHandlerOptions(
				QUICK_RETRY_DELAY_S,
				repeats,
				(_delay, _attempt, _request, _options, response) => isBriefHiccup(response, deps),
			),
		),
		new TelemetryHandler(),
		{ execute: (context) => send(context, call, clientRequestId, signal, progress, deps) },
	];
}

async function fetchToken(signal: AbortSignal, progress: Progress, deps: GraphDeps): Promise<string> {
	try {
		const token = await deps.credential.getToken(GRAPH_SCOPE, { abortSignal: signal });
		if (!token) throw new Error("the credential gave no token");
		progress.token = token.token;
		return token.token;
	} catch (error) {
		progress.tokenError = error;
		throw error;
	}
}

async function send(
	context: Context,
	call: GraphCall,
	clientRequestId: string,
	signal: AbortSignal,
	progress: Progress,
	deps: GraphDeps,
): Promise<void> {
	// A token or a pause that came too late: the caller has been told already that this did not happen.
	signal.throwIfAborted();
	await progress.response?.body?.cancel();
	delete progress.response;
	progress.sent = true;
	const done = logSend(deps.log, call, clientRequestId);
	try {
		const response = await (deps.fetch ?? fetch)(address(context), requestInit(context, call));
		progress.response = response;
		context.response = response;
		done.answered(response);
	} catch (error) {
		progress.sendError = error;
		done.failed(describeError(error));
		throw error;
	}
}

function address(context: Context): string {
	return typeof context.request === "string" ? context.request : context.request.url;
}

function requestInit(context: Context, call: GraphCall): RequestInit {
	const init: RequestInit = { ...context.options };
	// The client announces JSON on every POST, also on one without a body.
	if (call.body !== undefined) return init;
	const bare = new Headers(init.headers);
	bare.delete("Content-Type");
	return { ...init, headers: bare };
}

function isBriefHiccup(response: Response, deps: GraphDeps): boolean {
	if (!QUICK_RETRY_STATUS.includes(response.status)) return false;
	const waitMs = parseRetryAfter(response.headers.get("Retry-After"), deps.clock.now()) ?? 0;
	return waitMs <= QUICK_RETRY_LONGEST_WAIT_MS;
}

function answer(response: Response, body: Timed<string>, deps: GraphDeps): GraphAnswer {
	const requestId = response.headers.get("request-id");
	const location = response.headers.get("location");
	const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), deps.clock.now());
	return {
		kind: "answered",
		status: response.status,
		...(body.kind === "done"
			? { body: parseJson(body.value) }
			: { body: undefined, cutOff: body.kind === "timeout" ? body.kind : "broken" }),
		...(requestId === null ? {} : { requestId }),
		...(location === null ? {} : { location }),
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	};
}

function failure(progress: Progress, late: boolean, thrown: unknown, timeoutMs: number): GraphFailure {
	const stage = progress.sent ? "request" : "token";
	if (late) {
		const missing = progress.sent ? "answer" : "token";
		return {
			kind: "failed",
			stage,
			cause: "timeout",
			detail: `no ${missing} within ${Math.max(0, Math.round(timeoutMs))} ms`,
		};
	}
	const error = progress.tokenError ?? progress.sendError ?? thrown;
	const cause = entraRefused(progress.tokenError) ? "refused" : "broken";
	return { kind: "failed", stage, cause, detail: `${stage}: ${describeError(error)}` };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// Not JSON means no readable body; whoever needs one says so.
		return undefined;
	}
}
