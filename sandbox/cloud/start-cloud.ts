import { randomUUID } from "node:crypto";
import { type Certificates, createCertificates } from "./certificate.js";
import { type Channel, createChannel } from "./channel.js";
import { Connector } from "./connector.js";
import { createEntra } from "./entra.js";
import { Faults } from "./faults.js";
import { Files } from "./files.js";
import { createGraphDirectory, type DirectoryData } from "./graph-directory.js";
import { graphError } from "./graph-error.js";
import { createGraphJobs, type GraphShape } from "./graph-jobs.js";
import type { Handler, SeenRequest } from "./http.js";
import type { Job, JobPlan } from "./job-life.js";
import { Journal } from "./journal.js";
import { ASSIGNMENTS, GROUPS, MEMBERSHIPS, PEOPLE } from "./people.js";
import { serve } from "./serve.js";
import { createSigner, type Keyring, makeKeyring, type Signer } from "./tokens.js";

const GRAPH_AUDIENCE = "https://graph.microsoft.com";
const CONNECTOR_AUDIENCE = "https://api.botframework.com";

export interface CloudOptions {
	/**
	 * The clock of jobs and tokens. A bot in a process of its own lives by the real time: with a clock
	 * that is turned away from it, that bot finds the channel's tokens expired or not valid yet.
	 */
	readonly now?: () => Date;
	readonly appId?: string;
	readonly tenantId?: string;
	/** What tokens are signed with, for many clouds in a row; new ones by default. */
	readonly keys?: Keyring;
	/** What it shows on its TLS port; new ones by default. */
	readonly certificates?: Certificates;
}

/** The whole local cloud, on one TLS port of the loopback interface. */
export interface Cloud {
	readonly origin: string;
	/** Host and port, as `SERVICE_URL_HOSTS` wants them. */
	readonly host: string;
	/** The authority to trust, for `NODE_EXTRA_CA_CERTS`. */
	readonly caPem: string;
	/** Key and certificate of the server; the authority's certificate is part of `cert`. */
	readonly tls: { readonly key: string; readonly cert: string };
	readonly appId: string;
	readonly tenantId: string;
	readonly secret: string;
	readonly channel: Channel;
	readonly connector: Connector;
	/** What people accepted, in their OneDrive. */
	readonly files: Files;
	readonly directory: DirectoryData;
	readonly shape: GraphShape;
	readonly faults: Faults;
	/** Every request to Entra, Graph and the connector, in order. */
	readonly requests: readonly SeenRequest[];
	/** The first request that fits; see `Journal.find`. */
	request(what: string, fits: (request: SeenRequest) => boolean, limitMs?: number): Promise<SeenRequest>;
	now(): Date;
	/** Starts a job; without a plan, a recovery that runs from now on until it is cancelled. */
	addJob(plan: Partial<JobPlan>): Job;
	/** Every job, in the order in which they were added. */
	jobs(): readonly Job[];
	/** Whether a request bears a token for the connector. */
	isForConnector(authorization: string | undefined): Promise<boolean>;
	stop(): Promise<void>;
}

/** Starts a cloud of its own: no state is shared with another one. */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
	const now = options.now ?? (() => new Date());
	const appId = options.appId ?? randomUUID();
	const tenantId = options.tenantId ?? randomUUID();
	const secret = randomUUID();
	const { caPem, tls } = options.certificates ?? (await createCertificates());
	const keys = options.keys ?? makeKeyring();
	const signer = createSigner("entra-key", now, () => keys("entra"));
	const jobs = new Map<string, Job>();
	const shape: GraphShape = { controlPrefix: "@odata.", flatGet: true, pageSize: 100 };
	const directory: DirectoryData = {
		people: Object.values(PEOPLE),
		assignments: [...ASSIGNMENTS],
		groups: [...GROUPS],
		memberships: [...MEMBERSHIPS],
	};
	const connector = new Connector();
	const files = new Files();
	const faults = new Faults();
	const requests = new Journal<SeenRequest>(({ method, path }) => `${method} ${path}`);

	let handlers: readonly Handler[] = [];
	const server = await serve(tls, {
		handlers: () => handlers,
		faults,
		now,
		seen: (request) => requests.add(request),
	});
	const host = `localhost:${server.port}`;
	const origin = () => `https://${host}`;
	const { channel, handler: channelHandler } = createChannel(origin, appId, now, keys);
	const audiences = [GRAPH_AUDIENCE, CONNECTOR_AUDIENCE];
	const graph = withToken(signer, GRAPH_AUDIENCE, [
		createGraphJobs(jobs, shape, now, origin),
		createGraphDirectory(directory, origin),
	]);
	handlers = [
		createEntra({ origin, tenantId, appId, secret, signer, audiences }),
		channelHandler,
		files.handler,
		under(/^\/(beta|v1\.0)\//u, graph),
		under(/^\/teams\//u, withToken(signer, CONNECTOR_AUDIENCE, [connector.handler])),
	];

	return {
		origin: origin(),
		host,
		caPem,
		tls,
		appId,
		tenantId,
		secret,
		channel,
		connector,
		files,
		directory,
		shape,
		faults,
		requests: requests.entries,
		request: (what, fits, limitMs) => requests.find(what, fits, limitMs),
		now,
		addJob(plan) {
			const job: Job = { id: randomUUID(), kind: "recovery", startedAt: now(), ...plan };
			jobs.set(job.id.toLowerCase(), job);
			return job;
		},
		jobs: () => [...jobs.values()],
		isForConnector: async (authorization) =>
			(await signer.verify(authorization, CONNECTOR_AUDIENCE)) !== undefined,
		stop: () => server.stop(),
	};
}

function under(path: RegExp, handler: Handler): Handler {
	return (request) => (path.test(request.path) ? handler(request) : undefined);
}

/** Lets only requests through that bear a token of ours for this audience. */
function withToken(signer: Signer, audience: string, handlers: readonly Handler[]): Handler {
	return async (request) => {
		if (!(await signer.verify(request.headers.authorization, audience)))
			return graphError(401, "InvalidAuthenticationToken", "Access token validation failure.");
		for (const handler of handlers) {
			const reply = await handler(request);
			if (reply) return reply;
		}
		return graphError(400, "BadRequest", `Resource not found for the segment in '${request.path}'.`);
	};
}
