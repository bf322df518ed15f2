import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Certificates } from "./certificate.js";
import type { Fault, Faults } from "./faults.js";
import { type Handler, type Reply, readRequest, type SeenRequest, writeReply } from "./http.js";
import { traced } from "./trace.js";

/** A TLS server of the cloud that listens on the loopback interface. */
export interface CloudServer {
	readonly port: number;
	stop(): Promise<void>;
}

/** Listens on a free port and gives every request to the first handler that answers it. */
export async function serve(
	tls: Certificates["tls"],
	world: {
		readonly handlers: () => readonly Handler[];
		readonly faults: Faults;
		readonly now: () => Date;
		/** Called with every request before anything is done about it. */
		readonly seen: (request: SeenRequest) => void;
	},
): Promise<CloudServer> {
	const stopped = new AbortController();
	const server = createServer(tls, (incoming, response) => {
		const respond = async () => {
			const request = await readRequest(incoming, world.now());
			world.seen(request);
			const reply = await spoil(
				world.faults.take(request),
				() => firstAnswer(world.handlers(), request),
				stopped.signal,
			);
			if (reply === "hang") return;
			if (reply === "reset") return void incoming.socket.destroy();
			writeReply(response, traced(reply, request, world.now()));
		};
		respond().catch((error: unknown) => {
			// The other side hung up, or the cloud stops: there is nobody left to tell.
			if (response.destroyed || stopped.signal.aborted) return void incoming.socket.destroy();
			writeReply(response, { status: 500, body: { error: { code: "sandbox", message: String(error) } } });
		});
	});
	// Closing idle connections would now and then cut off a request that is being sent on one: a fault, and
	// faults happen here only when they are asked for.
	server.keepAliveTimeout = 0;
	await listen(server);
	return {
		port: (server.address() as AddressInfo).port,
		stop: () =>
			new Promise((resolve) => {
				stopped.abort();
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** The first answer that a handler gives, or 404. */
export async function firstAnswer(handlers: readonly Handler[], request: SeenRequest): Promise<Reply> {
	for (const handler of handlers) {
		const reply = await handler(request);
		if (reply) return reply;
	}
	return { status: 404 };
}

async function spoil(
	fault: Fault["do"] | undefined,
	answer: () => Promise<Reply>,
	signal: AbortSignal,
): Promise<Reply | "hang" | "reset"> {
	if (fault === undefined) return answer();
	if (fault === "hang" || fault === "reset") return fault;
	if ("after" in fault) {
		await answer();
		return fault.after;
	}
	if ("delayMs" in fault) {
		await delay(fault.delayMs, undefined, { signal });
		return answer();
	}
	return fault;
}

function listen(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
}
