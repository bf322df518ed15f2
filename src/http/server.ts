import type { ServerResponse } from "node:http";
import restify from "restify";
import { explainListenError } from "./listen-problem.js";

/** The largest body that is read, in bytes. Teams' activities are far smaller. */
const LARGEST_BODY = 256 * 1024;
/** How patient the listener is with its clients, in milliseconds. */
export interface HttpLimits {
	/** To send a request, from its first byte to its last. */
	readonly requestMs: number;
	/** How often requests are looked for that took longer. */
	readonly sweepMs: number;
	/** To finish what is going on when the listener closes; then it is cut off. */
	readonly drainMs: number;
}

const LIMITS: HttpLimits = { requestMs: 15_000, sweepMs: 5_000, drainMs: 5_000 };

export interface Answer {
	readonly status: number;
	readonly body?: unknown;
}

/** What the server serves; knows nothing of HTTP itself. */
export interface Served {
	/** Judges a request by its `Authorization` header, before its body is read. */
	admit(authorization: string | undefined): Promise<Answer | undefined>;
	receive(authorization: string, body: unknown): Promise<Answer>;
	/** Whether requests can be served now: the database answers. */
	ready(): Promise<boolean>;
}

interface Log {
	error(facts: object, message: string): void;
}

/** The HTTP listener: `/api/messages`, `/healthz` (alive) and `/readyz` (can serve). */
export interface HttpServer {
	/** Rejects with a `ListenProblem` when host or port cannot be used. */
	listen(host: string, port: number): Promise<{ readonly url: string }>;
	/** Stops accepting at once, lets what is going on finish, and cuts it off when its time is over. */
	close(): Promise<void>;
}

export function createHttpServer(served: Served, log: Log, limits: HttpLimits = LIMITS): HttpServer {
	const server = restify.createServer({ name: "recovery-control" });
	Object.assign(server.server, {
		requestTimeout: limits.requestMs,
		headersTimeout: limits.requestMs,
		// Only an option of `http.createServer`, which restify does not pass on; read when it starts to listen.
		connectionsCheckingInterval: limits.sweepMs,
	});
	const unanswered = new Set<ServerResponse>();
	server.server.on("request", (_request, response: ServerResponse) => {
		unanswered.add(response);
		response.once("close", () => unanswered.delete(response));
	});
	// An error's text is for the log: the sender is told the status and nothing else.
	server.on("restifyError", (_request, response, error: { statusCode?: number }, done: () => void) => {
		if (error.statusCode === undefined) log.error({ code: "request-failed", err: error }, "request failed");
		send(response, { status: error.statusCode ?? 500 });
		done();
	});

	server.post("/api/messages", [
		handler(async (request, response) => {
			const refusal = await served.admit(request.headers.authorization);
			if (refusal) send(response, refusal);
			return refusal === undefined;
		}),
		handler(async (request, response) => {
			const json = request.is("application/json");
			if (!json) send(response, { status: 415 });
			return json;
		}),
		...bodyParser(),
		handler(async (request, response) => {
			send(response, await served.receive(request.headers.authorization ?? "", request.body));
		}),
	]);
	server.get(
		"/healthz",
		handler(async (_request, response) => {
			send(response, { status: 200, body: { status: "alive" } });
		}),
	);
	server.get(
		"/readyz",
		handler(async (_request, response) => {
			const ready = await served.ready().catch((error: unknown) => {
				log.error({ code: "not-ready", err: error }, "not ready");
				return false;
			});
			send(
				response,
				ready ? { status: 200, body: { status: "ready" } } : { status: 503, body: { status: "not ready" } },
			);
		}),
	);

	return {
		listen: (host, port) =>
			new Promise((resolve, reject) => {
				const refuse = (error: Error) => reject(explainListenError(error, host, port));
				// restify hands its socket's errors on, and an "error" that nobody hears ends the process.
				server.once("error", refuse);
				server.listen(port, host, () => {
					server.off("error", refuse);
					server.on("error", (error: Error) =>
						log.error({ code: "connection-not-accepted", err: error }, "cannot accept a connection"),
					);
					const { address, family, port: bound } = server.address();
					resolve({ url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}` });
				});
			}),
		async close() {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			// Their connections would else stay open for a next request.
			for (const response of unanswered) if (!response.headersSent) response.setHeader("connection", "close");
			server.server.closeIdleConnections();
			const cutOff = setTimeout(() => server.server.closeAllConnections(), limits.drainMs);
			await closed;
			clearTimeout(cutOff);
		},
	};
}

/** Runs an async step; another one follows only where it says `true`. */
function handler(
	step: (request: restify.Request, response: restify.Response) => Promise<unknown>,
): restify.RequestHandler {
	return (request, response, next) => {
		step(request, response).then(
			(goOn) => next(goOn === true ? undefined : false),
			(error: Error) => next(error),
		);
	};
}

function bodyParser(): restify.RequestHandler[] {
	return [restify.plugins.bodyParser({ maxBodySize: LARGEST_BODY })].flat();
}

function send(response: restify.Response, answer: Answer): void {
	response.send(answer.status, answer.body);
}
