import restify from "restify";

/** The largest body that is read, in bytes. Teams' activities are far smaller. */
const LARGEST_BODY = 256 * 1024;
/** How long a client may take to send its request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 15_000;

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
	listen(host: string, port: number): Promise<{ readonly url: string }>;
	close(): Promise<void>;
}

export function createHttpServer(served: Served, log: Log): HttpServer {
	const server = restify.createServer({ name: "recovery-control", handleUncaughtExceptions: false });
	server.server.requestTimeout = REQUEST_TIMEOUT_MS;
	// Errors of the body parser carry text of their own; the status says enough.
	server.on("restifyError", (_request, response, _error, done: () => void) => {
		response.removeHeader("content-type");
		done();
	});

	server.post("/api/messages", [
		handler(async (request, response) => {
			const refusal = await served.admit(request.headers.authorization);
			if (!refusal) return true;
			send(response, refusal);
			return false;
		}),
		onlyJson,
		...bodyParser(),
		handler(async (request, response) => {
			send(response, await served.receive(request.headers.authorization ?? "", request.body));
			return false;
		}),
	]);
	server.get(
		"/healthz",
		handler(async (_request, response) => {
			send(response, { status: 200, body: { status: "alive" } });
			return false;
		}),
	);
	server.get(
		"/readyz",
		handler(async (_request, response) => {
			const ready = await served.ready().catch((error: unknown) => {
				log.error({ err: error }, "not ready");
				return false;
			});
			send(
				response,
				ready ? { status: 200, body: { status: "ready" } } : { status: 503, body: { status: "not ready" } },
			);
			return false;
		}),
	);

	return {
		listen: (host, port) =>
			new Promise((resolve, reject) => {
				server.server.once("error", reject);
				server.listen(port, host, () => {
					const { address, family, port: bound } = server.address();
					resolve({ url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}` });
				});
			}),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.server.closeIdleConnections();
			}),
	};
}

/** Runs an async step; its answer says whether the next step follows. */
function handler(
	step: (request: restify.Request, response: restify.Response) => Promise<boolean>,
): restify.RequestHandler {
	return (request, response, next) => {
		step(request, response).then(
			(goOn) => (goOn ? next() : next(false)),
			(error: Error) => next(error),
		);
	};
}

const onlyJson: restify.RequestHandler = (request, response, next) => {
	if (request.is("application/json")) return next();
	send(response, { status: 415 });
	return next(false);
};

function bodyParser(): restify.RequestHandler[] {
	const options = { maxBodySize: LARGEST_BODY, mapParams: false, rejectUnknown: true };
	return [restify.plugins.bodyParser(options)].flat();
}

function send(response: restify.Response, answer: Answer): void {
	if (answer.body === undefined) response.send(answer.status);
	else response.send(answer.status, answer.body);
}
