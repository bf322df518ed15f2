import type { TokenCredential } from "@azure/identity";
import type { Clock, Log } from "../app/ports.js";

/** One call to Graph. */
export interface GraphCall {
	readonly method: "GET" | "POST";
	readonly version: "v1.0" | "beta";
	/** Path below the version, encoded, with its query; or an absolute link that Graph sent. */
	readonly path: string;
	/** The path for the log, with placeholders instead of people's ids. */
	readonly template: string;
	/** `act` changes something: it is never sent twice, whatever happens. */
	readonly nature: "read" | "act";
	readonly body?: object;
	readonly headers?: Readonly<Record<string, string>>;
	readonly clientRequestId?: string;
	/** For everything together: the token, the request, its repetitions and the body; in milliseconds. */
	readonly timeoutMs: number;
}

export type GraphReply = GraphAnswer | GraphFailure;

/** Graph answered, with whatever status. */
export interface GraphAnswer {
	readonly kind: "answered";
	readonly status: number;
	/** The parsed body; `undefined` when it is empty, not JSON, or was cut off. */
	readonly body: unknown;
	/** The status arrived but the body did not arrive whole. */
	readonly cutOff?: "timeout" | "broken";
	readonly requestId?: string;
	readonly location?: string;
	readonly retryAfterMs?: number;
}

/** Graph did not answer. */
export interface GraphFailure {
	readonly kind: "failed";
	/** `token`: nothing was sent to Graph. `request`: something may have been. */
	readonly stage: "token" | "request";
	/** `refused`: Entra denied the token. */
	readonly cause: "refused" | "timeout" | "broken";
	readonly detail: string;
}

export interface GraphCaller {
	/** Graph's base address, without a version. */
	readonly endpoint: URL;
	/** Sends one call. Never rejects. */
	send(call: GraphCall): Promise<GraphReply>;
}

/**
 * Where Graph tokens come from. Any `TokenCredential` will do; one that can also `renew` lets a
 * refused token be replaced before it expires. Whoever makes it keeps its tokens: it is asked for every call.
 */
export interface TokenSource extends TokenCredential {
	/** Forgets `spent`, a token that Graph refused. True when the next token will be another one. */
	renew?(spent: string): boolean;
}

/** The part of a logger that this folder uses; a pino logger fits. */
export interface GraphLog extends Pick<Log, "info" | "warn"> {
	debug(facts: object, message: string): void;
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

/** A value as one segment of a path, or `undefined` when it cannot be one: `..` would change the path. */
export function pathSegment(value: string): string | undefined {
	return value === "" || value === "." || value === ".." ? undefined : encodeURIComponent(value);
}

/** A value as a quoted string inside `$filter`; OData doubles the quotes in it. */
export function filterString(value: string): string {
	return encodeURIComponent(`'${value.replaceAll("'", "''")}'`);
}

/** More values Graph takes in no `in`. */
export const MOST_IN = 15;

/** An object id that is one of these, `MOST_IN` at most. */
export function isOneOf(ids: readonly string[]): string {
	return `id%20in%20(${ids.map(filterString).join(",")})`;
}

/** Graph compares ids without regard to case. */
export function isSameId(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}
