import type { IncomingMessage, ServerResponse } from "node:http";

/** A request as the stand-ins see it: decoded, with its whole body. */
export interface SeenRequest {
	readonly method: string;
	/** Decoded path without the query. */
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	readonly at: Date;
	/** The caller's own port, which tells one connection from another. */
	readonly port: number;
}

export interface Reply {
	readonly status: number;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request, or leaves it to the next one. */
export type Handler = (request: SeenRequest) => Promise<Reply | undefined> | Reply | undefined;

/** Reads a request to its end. A path that cannot be decoded is kept as it came. */
export async function readRequest(request: IncomingMessage, at: Date): Promise<SeenRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const url = new URL(request.url ?? "/", "https://localhost");
	const headers = Object.entries(request.headers).map(
		([name, value]) => [name, String(value ?? "")] as const,
	);
	return {
		method: request.method ?? "GET",
		path: decoded(url.pathname),
		query: url.searchParams,
		headers: Object.fromEntries(headers),
		body: Buffer.concat(chunks).toString("utf8"),
		at,
		port: request.socket.remotePort ?? 0,
	};
}

export function writeReply(response: ServerResponse, reply: Reply): void {
	response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
	response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}

/** The body as JSON, or `undefined` when it is none. */
export function jsonOf(request: SeenRequest): unknown {
	try {
		return JSON.parse(request.body);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

function decoded(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch (error) {
		if (error instanceof URIError) return path;
		throw error;
	}
}
