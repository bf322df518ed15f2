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
	/** For everything together: the token, the request, its one repetition and the body. */
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

/** Sends one call. Never rejects. */
export type GraphCaller = (call: GraphCall) => Promise<GraphReply>;
