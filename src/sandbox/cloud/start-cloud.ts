import { randomUUID } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import selfsigned from "selfsigned";
import { type Channel, createChannel } from "./channel.js";
import { Connector } from "./connector.js";
import { createEntra } from "./entra.js";
import { type Fault, Faults } from "./faults.js";
import { createGraphDirectory, type DirectoryData } from "./graph-directory.js";
import { graphError } from "./graph-error.js";
import { createGraphJobs, type GraphShape } from "./graph-jobs.js";
import { type Handler, type Reply, readRequest, type SeenRequest, writeReply } from "./http.js";
import type { Job, JobPlan } from "./job-life.js";
import { ASSIGNMENTS, MEMBERSHIPS, PEOPLE } from "./people.js";
import { createSigner } from "./tokens.js";

const GRAPH_AUDIENCE = "https://graph.microsoft.com";
const CONNECTOR_AUDIENCE = "https://api.botframework.com";

export interface CloudOptions {
	readonly now?: () => Date;
	readonly appId?: string;
	readonly tenantId?: string;
}

/** The whole local cloud, on one TLS port of the loopback interface. */
export interface Cloud {
	readonly origin: string;
	/** Host and port, as `SERVICE_URL_HOSTS` wants them. */
	readonly host: string;
	/** Certificate and key of the server; the certificate is its own authority. */
	readonly tls: { readonly key: string; readonly cert: string };
	readonly appId: string;
	readonly tenantId: string;
	readonly secret: string;
	readonly channel: Channel;
	readonly connector: Connector;
	readonly directory: DirectoryData;
	readonly shape: GraphShape;
	readonly faults: Faults;
	/** Every request to Entra, Graph and the connector, in order. */
	readonly requests: readonly SeenRequest[];
	addJob(plan: Partial<JobPlan>): Job;
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
	const tls = await createCertificate();
	const server = createServer(tls);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const host = `localhost:${(server.address() as AddressInfo).port}`;
	const origin = () => `https://${host}`;

	const signer = await createSigner("entra-key");
	const jobs = new Map<string, Job>();
	const shape: GraphShape = { controlPrefix: "@odata.", flatGet: true, pageSize: 100 };
	const directory: DirectoryData = {
		people: Object.values(PEOPLE),
		assignments: [...ASSIGNMENTS],
		memberships: [...MEMBERSHIPS],
	};
	const { channel, handler: channelHandler } = await createChannel(origin, appId);
	const connector = new Connector();
	const faults = new Faults();
	const requests: SeenRequest[] = [];
	const graph = withToken(signer, GRAPH_AUDIENCE, [
		createGraphJobs(jobs, shape, now, origin),
		createGraphDirectory(directory, origin),
	]);
	const handlers: Handler[] = [
		createEntra({ origin, tenantId, appId, secret, signer }),
		channelHandler,
		(request) => (/^\/(beta|v1\.0)\//u.test(request.path) ? graph(request) : undefined),
		withToken(signer, CONNECTOR_AUDIENCE, [connector.handler]),
	];
	const answer = async (request: SeenRequest): Promise<Reply> => {
		for (const handler of handlers) {
			const reply = await handler(request);
			if (reply) return reply;
		}
		return { status: 404 };
	};

	server.on("request", (incoming, response) => {
		const respond = async () => {
			const request = await readRequest(incoming, now());
			requests.push(request);
			const fault = faults.take(request);
			const reply = await spoil(fault, () => answer(request));
			if (reply === "hang") return;
			if (reply === "reset") return void incoming.socket.destroy();
			writeReply(response, { ...reply, headers: { ...tracing(request), ...reply.headers } });
		};
		respond().catch((error: unknown) =>
			writeReply(response, { status: 500, body: { error: String(error) } }),
		);
	});

	return {
		origin: origin(),
		host,
		tls,
		appId,
		tenantId,
		secret,
		channel,
		connector,
		directory,
		shape,
		faults,
		requests,
		addJob(plan) {
			const job: Job = { id: randomUUID(), kind: "recovery", startedAt: now(), ...plan };
			jobs.set(job.id, job);
			return job;
		},
		isForConnector: async (authorization) =>
			(await signer.verify(authorization, CONNECTOR_AUDIENCE)) !== undefined,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function spoil(
	fault: Fault["do"] | undefined,
	answer: () => Promise<Reply>,
): Promise<Reply | "hang" | "reset"> {
	if (fault === undefined) return answer();
	if (fault === "hang" || fault === "reset") return fault;
	if ("after" in fault) {
		await answer();
		return fault.after;
	}
	if ("delayMs" in fault) {
		await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
		return answer();
	}
	return fault;
}

/** Lets only requests through that bear a token of ours for this audience. */
function withToken(
	signer: Awaited<ReturnType<typeof createSigner>>,
	audience: string,
	handlers: Handler[],
): Handler {
	return async (request) => {
		if (!(await signer.verify(request.headers.authorization, audience)))
			return graphError(401, "InvalidAuthenticationToken", "Access token validation failure.");
		for (const handler of handlers) {
			const reply = await handler(request);
			if (reply) return reply;
		}
		return undefined;
	};
}

function tracing(request: SeenRequest): Record<string, string> {
	const clientRequestId = request.headers["client-request-id"];
	return {
		"request-id": randomUUID(),
		...(clientRequestId === undefined ? {} : { "client-request-id": clientRequestId }),
	};
}

async function createCertificate(): Promise<{ key: string; cert: string }> {
	const { private: key, cert } = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
		keySize: 2048,
		extensions: [
			{ name: "basicConstraints", cA: true },
			{ name: "keyUsage", digitalSignature: true, keyEncipherment: true, keyCertSign: true },
			{
				name: "subjectAltName",
				altNames: [
					{ type: 2, value: "localhost" },
					{ type: 7, ip: "127.0.0.1" },
				],
			},
		],
	});
	return { key, cert };
}
