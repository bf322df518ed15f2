import type { Clock } from "../app/ports.js";
import type { TokenSource } from "./token-source.js";

/** The part of a logger that this folder uses; a pino logger fits. */
export interface GraphLog {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
}

/** What every caller of Graph needs. */
export interface GraphDeps {
	/** Graph's base address without a version (`GRAPH_ENDPOINT`); https only, as tokens travel there. */
	readonly endpoint: string;
	readonly credential: TokenSource;
	readonly log: GraphLog;
	readonly clock: Clock;
	/** A fresh UUID for `client-request-id`. */
	readonly newId: () => string;
	/** Stands in for the global `fetch`. */
	readonly fetch?: typeof fetch;
}
