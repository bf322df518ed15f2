import type { IncomingHttpHeaders } from "node:http";
import type { Jobs } from "./jobs.js";
import { type Kind, type Ledger, monotonicMs } from "./ledger.js";

/** How long the cloud takes to answer, in milliseconds. */
export const LATENCY_MS = { graph: 40, entra: 40, connector: 20, channelKeys: 1 } as const;

export interface Answer {
	readonly status: number;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	readonly afterMs: number;
}

export interface World {
	readonly origin: string;
	readonly tenantId: string;
	readonly jobs: Jobs;
	readonly ledger: Ledger;
	/** The published key of the channel. */
	readonly channelJwk: object;
	/** Who holds the role that may cancel, directly. */
	readonly admins: readonly string[];
}

interface Request {
	readonly method: string;
	/** Path and query as they came. */
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

export const BACKUP_ADMINISTRATOR = "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb";
const TOKEN_SECONDS = 3_599;
const JOB_PATH = /^\/(?:beta|v1\.0)\/directory\/recovery\/jobs(?:\/([^/]+))?(?:\/([^/]+))?$/u;
const CARD_PATH = /^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u;

let sent = 0;

/** Answers one request of the bot as Entra, Graph or Teams would, and counts it. */
export function answer(request: Request, world: World): Answer {
	const [path = "/", query = ""] = request.url.split("?", 2);
	if (path.startsWith("/teams/")) return connector(path, request, world);
	if (path.startsWith("/beta/") || path.startsWith("/v1.0/")) {
		if (!request.headers.authorization?.startsWith("Bearer "))
			return graphError(401, "InvalidAuthenticationToken");
		return graph(path, new URLSearchParams(query), request, world);
	}
	if (path.startsWith("/channel/")) return channel(path, world);
	return entra(path, world);
}

function graph(path: string, query: URLSearchParams, request: Request, world: World): Answer {
	if (path.endsWith("/$batch")) return batch(path, request, world);
	const [, id, action] = JOB_PATH.exec(path) ?? [];
	if (action !== undefined && id !== undefined) return cancel(id, world);
	if (id !== undefined) {
		const jobId = id.toLowerCase();
		note(world.jobs.isFollowed(jobId) ? "poll" : "jobRead", world);
		return graphAnswer(world.jobs.read(jobId));
	}
	if (JOB_PATH.test(path)) return list(path, query, world);
	note("directory", world);
	if (path.endsWith("/roleManagement/directory/roleAssignments")) return assignments(query, world);
	if (path.endsWith("/checkMemberGroups") || path.endsWith("/checkMemberObjects"))
		return graphAnswer({ value: [] });
	const [, userId] = /\/users\/([^/]+)$/u.exec(path) ?? [];
	return userId === undefined
		? graphError(400, "BadRequest")
		: graphAnswer({ id: userId, displayName: "Somebody", accountEnabled: true, userType: "Member" });
}

function cancel(id: string, world: World): Answer {
	const jobId = id.toLowerCase();
	note("cancel", world);
	world.jobs.cancel(jobId);
	world.ledger.tell({ what: "cancel", jobId, at: monotonicMs() });
	const headers = { location: `${world.origin}/v1.0/directory/recovery/jobs/${jobId}` };
	return { status: 202, headers, afterMs: LATENCY_MS.graph };
}

function list(path: string, query: URLSearchParams, world: World): Answer {
	note("jobList", world);
	const wanted = /^id eq '([^']+)'$/u.exec(query.get("$filter") ?? "")?.[1]?.toLowerCase();
	const top = Number(query.get("$top") ?? 100);
	const skip = Number(query.get("$skiptoken") ?? 0);
	const ids = wanted === undefined ? world.jobs.ids() : [wanted];
	const next = new URLSearchParams(query);
	next.set("$skiptoken", String(skip + top));
	return graphAnswer({
		...(skip + top < ids.length ? { "@odata.nextLink": `${world.origin}${path}?${next}` } : {}),
		value: ids.slice(skip, skip + top).map((id) => world.jobs.read(id)),
	});
}

function assignments(query: URLSearchParams, world: World): Answer {
	const filter = query.get("$filter") ?? "";
	const role = /roleDefinitionId eq '([^']+)'/u.exec(filter)?.[1];
	const principal = /principalId eq '([^']+)'/u.exec(filter)?.[1];
	const holders = role === BACKUP_ADMINISTRATOR || role === undefined ? world.admins : [];
	return graphAnswer({
		value: holders
			.filter((id) => principal === undefined || id === principal)
			.map((principalId, index) => ({
				id: `assignment-${index}`,
				principalId,
				roleDefinitionId: BACKUP_ADMINISTRATOR,
				directoryScopeId: "/",
			})),
	});
}

/** https://learn.microsoft.com/graph/json-batching: every request in it counts by itself, too. */
function batch(path: string, request: Request, world: World): Answer {
	note("batch", world);
	const { requests } = JSON.parse(request.body) as {
		requests: { id: string; method: string; url: string; headers?: IncomingHttpHeaders; body?: unknown }[];
	};
	const version = path.slice(0, path.indexOf("/", 1));
	const responses = requests.map(({ id, method, url, headers = {}, body }) => {
		const [part = "", query = ""] = `${version}${url}`.split("?", 2);
		const polled = world.ledger.counts().poll;
		const one = graph(
			part,
			new URLSearchParams(query),
			{ method, url, headers, body: JSON.stringify(body) },
			world,
		);
		if (world.ledger.counts().poll === polled) note("batched", world);
		return { id, status: one.status, headers: one.headers ?? {}, body: one.body };
	});
	return graphAnswer({ responses });
}

function connector(path: string, { method, body }: Request, world: World): Answer {
	const [, conversation, activityId] = CARD_PATH.exec(path) ?? [];
	if (conversation === undefined) {
		note("other", world);
		return { status: 404, afterMs: LATENCY_MS.connector };
	}
	if (method === "PUT") {
		note("cardUpdated", world);
		return { status: 200, body: { id: activityId }, afterMs: LATENCY_MS.connector };
	}
	if (body.includes('"type":"typing"')) {
		note("typing", world);
		return { status: 201, body: { id: "typing" }, afterMs: LATENCY_MS.connector };
	}
	note("cardCreated", world);
	const conversationId = decodeURIComponent(conversation);
	const alert = body.includes('"alert":true');
	world.ledger.tell({ what: "card", conversationId, alert, at: monotonicMs() });
	return { status: 201, body: { id: `sent-${++sent}` }, afterMs: LATENCY_MS.connector };
}

function channel(path: string, { origin, channelJwk, ledger }: World): Answer {
	ledger.count("channelKeys");
	const afterMs = LATENCY_MS.channelKeys;
	if (path.endsWith("/keys")) return { status: 200, body: { keys: [channelJwk] }, afterMs };
	const body = {
		issuer: "https://api.botframework.com",
		jwks_uri: `${origin}/channel/keys`,
		id_token_signing_alg_values_supported: ["RS256"],
	};
	return { status: 200, body, afterMs };
}

function entra(path: string, { origin, tenantId, ledger }: World): Answer {
	const base = `${origin}/${tenantId}`;
	const afterMs = LATENCY_MS.entra;
	if (path.endsWith("/.well-known/openid-configuration")) {
		ledger.count("other");
		const body = {
			issuer: `${base}/v2.0`,
			authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
			token_endpoint: `${base}/oauth2/v2.0/token`,
			jwks_uri: `${base}/discovery/v2.0/keys`,
		};
		return { status: 200, body, afterMs };
	}
	if (!path.endsWith("/oauth2/v2.0/token")) {
		ledger.count("other");
		return { status: 404, afterMs };
	}
	ledger.count("token");
	const body = {
		token_type: "Bearer",
		expires_in: TOKEN_SECONDS,
		ext_expires_in: TOKEN_SECONDS,
		access_token: "a-token-that-nobody-reads",
	};
	return { status: 200, body, afterMs };
}

function note(kind: Kind, { ledger }: World): void {
	ledger.count(kind);
}

function graphAnswer(body: object): Answer {
	return { status: 200, body, afterMs: LATENCY_MS.graph };
}

function graphError(status: number, code: string): Answer {
	return { status, body: { error: { code, message: code } }, afterMs: LATENCY_MS.graph };
}
