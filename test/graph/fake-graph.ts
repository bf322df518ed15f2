import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { GraphDeps, TokenSource } from "../../src/graph/graph-call.js";

export interface Seen {
	readonly method: string;
	/** Path and query as sent, decoded. */
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

export interface Reply {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as JSON, or as it is when a string. */
	readonly body?: unknown;
	/** `hang`: no answer at all. `break`: the connection is cut. `half`: headers and half a body, then nothing. */
	readonly fault?: "hang" | "break" | "half";
}

export type Answer = (request: Seen) => Reply;

/** A small real HTTP server that answers as a test says. */
export class FakeGraph {
	readonly seen: Seen[] = [];
	answer: Answer = () => ({ status: 404 });
	connections = 0;
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
		server.on("connection", () => {
			this.connections++;
		});
		server.on("request", (request, response) => {
			const parts: Buffer[] = [];
			request.on("data", (part: Buffer) => parts.push(part));
			request.on("end", () => {
				const { method = "", url = "", headers } = request;
				const body = Buffer.concat(parts).toString();
				const seen: Seen = { method, url: decodeURIComponent(url), headers, body };
				this.seen.push(seen);
				reply(response, this.answer(seen));
			});
		});
	}

	static async start(): Promise<FakeGraph> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		return new FakeGraph(server);
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	get endpoint(): string {
		return `https://localhost:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Tokens go to https addresses only; the way to this server is plain HTTP. */
	readonly fetch: typeof fetch = (input, init) =>
		fetch(String(input).replace("https://localhost", "http://127.0.0.1"), init);

	deps(credential: TokenSource = fixedToken()): GraphDeps & { readonly log: MemoryLog } {
		return {
			endpoint: this.endpoint,
			fetch: this.fetch,
			credential,
			log: new MemoryLog(),
			clock: { now: () => new Date("2026-08-20T10:00:00Z") },
			newId: () => "fresh-id",
		};
	}
}

function reply(response: ServerResponse, { status = 200, headers = {}, body, fault }: Reply): void {
	if (fault === "hang") return;
	if (fault === "break") {
		response.destroy();
		return;
	}
	response.writeHead(status, { "Content-Type": "application/json", ...headers });
	if (fault === "half") {
		response.write('{"value":[');
		return;
	}
	response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export function fixedToken(token = "token-1"): TokenSource {
	return { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
}

/** A source whose tokens are numbered; `renew` counts on. */
export function renewableToken(): TokenSource & { readonly renewed: string[] } {
	const renewed: string[] = [];
	return {
		renewed,
		getToken: async () => ({
			token: `token-${renewed.length + 1}`,
			expiresOnTimestamp: Number.MAX_SAFE_INTEGER,
		}),
		renew: (spent) => {
			renewed.push(spent);
			return true;
		},
	};
}

export function failingToken(code: "entra-refused" | "entra-unavailable"): TokenSource {
	return { getToken: () => Promise.reject(Object.assign(new Error("no token today"), { code })) };
}

export const hangingToken: TokenSource = { getToken: () => new Promise(() => {}) };

export class MemoryLog {
	readonly lines: { level: string; fields: object; message: string }[] = [];
	debug(fields: object, message: string): void {
		this.lines.push({ level: "debug", fields, message });
	}
	info(fields: object, message: string): void {
		this.lines.push({ level: "info", fields, message });
	}
	warn(fields: object, message: string): void {
		this.lines.push({ level: "warn", fields, message });
	}
}

export function errorBody(code: string, message: string, innerName = "innerError"): object {
	return { error: { code, message, [innerName]: { "request-id": "inner-request-id" } } };
}
