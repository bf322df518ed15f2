import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** Longest wait for the other side's whole answer, in milliseconds. */
const HOP_LIMIT_MS = 30_000;

export interface Answer {
	readonly status: number;
	readonly contentType?: string | undefined;
	readonly body: string;
}

export interface Hop {
	readonly method: string;
	/** Scheme, host and port. */
	readonly origin: string;
	/** Path with the query, sent byte for byte: a parsed URL would re-encode conversation ids. */
	readonly path: string;
	readonly body: string;
	readonly authorization?: string;
}

/** @throws when the sender breaks off */
export async function readBody(message: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString("utf8");
}

/**
 * Sends one request and waits for the whole answer, whatever its status.
 *
 * @throws when the other side cannot be reached or has not finished within 30 seconds
 */
export function send(hop: Hop): Promise<Answer> {
	const origin = new URL(hop.origin);
	const request = origin.protocol === "https:" ? httpsRequest : httpRequest;
	const hasBody = hop.body !== "";
	return new Promise((resolve, reject) => {
		const sent = request(
			{
				hostname: origin.hostname,
				port: origin.port,
				method: hop.method,
				path: hop.path,
				signal: AbortSignal.timeout(HOP_LIMIT_MS),
				headers: {
					...(hasBody
						? { "content-type": "application/json", "content-length": Buffer.byteLength(hop.body) }
						: {}),
					...(hop.authorization === undefined ? {} : { authorization: hop.authorization }),
				},
			},
			(response) => {
				readBody(response).then(
					(body) =>
						resolve({
							status: response.statusCode ?? 502,
							contentType: response.headers["content-type"],
							body,
						}),
					reject,
				);
			},
		);
		sent.once("error", reject);
		sent.end(hop.body);
	});
}
