import type { IncomingMessage, RequestListener } from "node:http";
import { type Answer, readBody } from "./hop.js";

export type Side = "inbound" | "outbound";

/** Answers with what `work` gives, or with 502 and one JSON line in the log when a hop fails. */
export function relay(
	side: Side,
	log: (line: string) => void,
	work: (request: IncomingMessage, body: string) => Promise<Answer>,
): RequestListener {
	const answer = async (request: IncomingMessage): Promise<Answer> => {
		try {
			return await work(request, await readBody(request));
		} catch (error) {
			const { method, url } = request;
			const reason = error instanceof Error ? error.message || error.name : String(error);
			log(JSON.stringify({ component: "channel-proxy", side, method, url, error: reason }));
			return {
				status: 502,
				contentType: "application/json",
				body: JSON.stringify({ error: { code: "SandboxHopFailed", message: `channel proxy: ${reason}` } }),
			};
		}
	};
	return (request, response) => {
		void answer(request).then(({ status, contentType, body }) => {
			response.writeHead(status, contentType === undefined ? {} : { "content-type": contentType });
			response.end(body);
		});
	};
}
