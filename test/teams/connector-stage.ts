import { Agent } from "node:https";
import type { SentActivity } from "../../sandbox/cloud/connector.js";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";
import type { ConversationRef } from "../../src/app/ports.js";
import { createBotAuthentication } from "../../src/teams/authentication.js";
import { channelSettings } from "../../src/teams/channel-settings.js";
import { createMessenger } from "../../src/teams/messenger.js";
import { createServiceHosts } from "../../src/teams/service-hosts.js";
import { askForToken } from "../sandbox/call.js";
import { startTestCloud } from "../start-test-cloud.js";

/** No limit: the SDK leaves a timer behind for each that it is given. */
const WAIT_MS = 0;

/** The real messenger and SDK, over TLS, before a stand-in of Teams' connector. */
export interface ConnectorStage {
	readonly cloud: Cloud;
	readonly messenger: ReturnType<typeof createMessenger>;
	readonly conversation: ConversationRef;
	/** How Entra is asked for a token; a test may put something else in its place. */
	readonly entra: { getToken(scope: string, signal?: AbortSignal): Promise<string | undefined> };
	/** What Entra was asked for. */
	readonly scopes: string[];
	/** The service URLs that a client of the SDK was made for. */
	readonly clients: string[];
	/** How long the SDK was told to wait for each request, in milliseconds. */
	readonly timeouts: (number | undefined)[];
	/** What it waits in the test, so that nobody has to wait as long. */
	waitMs: number;
	/** Every message that the connector took. */
	sent(): readonly SentActivity[];
	/** Every request that reached the connector, as its method and path. */
	onTheWire(): string[];
	/** Forgets what happened, and makes everything well again. */
	reset(): void;
}

export async function openConnectorStage(): Promise<ConnectorStage> {
	const cloud = await startTestCloud();
	const getToken = async (scope: string): Promise<string> =>
		(await askForToken(cloud, { scope })).json.access_token;
	let seen = 0;
	let sent = 0;
	const hosts = createServiceHosts([cloud.host]);
	const credential = {
		async getToken(scope: string | string[], options?: { abortSignal?: unknown }) {
			stage.scopes.push(String(scope));
			const token = await stage.entra.getToken(
				String(scope),
				options?.abortSignal as AbortSignal | undefined,
			);
			return token === undefined ? null : { token, expiresOnTimestamp: 0 };
		},
	};
	const channel = channelSettings({});
	const authentication = createBotAuthentication({ appId: cloud.appId, channel }, { credential, hosts });
	const clients: string[] = [];
	adjustRequests(authentication, clients, (request) => {
		stage.timeouts.push(request.timeout);
		request.timeout = stage.waitMs;
		// A process is told by NODE_EXTRA_CA_CERTS whom to trust; a test cannot be.
		request.tlsSettings = { ca: cloud.caPem };
	});
	const stage: ConnectorStage = {
		cloud,
		messenger: createMessenger(
			{ appId: cloud.appId, audience: channel.ToChannelFromBotOAuthScope },
			{
				authentication,
				credential,
				hosts,
				agent: new Agent({ keepAlive: false, ca: cloud.caPem }),
				log: { warn: () => {} },
				render: (view, locale) => ({
					card: { shows: view.view },
					summary: `A ${view.view} card${locale === undefined ? "" : ` in ${locale}`}`,
				}),
			},
		),
		conversation: {
			key: "19:team@thread.tacv2;messageid=17",
			tenantId: cloud.tenantId,
			serviceUrl: `${cloud.origin}/teams/`,
			channelId: "msteams",
			botId: "28:bot",
			botName: "Recovery Control",
			conversationType: "channel",
		},
		entra: { getToken },
		scopes: [],
		clients,
		timeouts: [],
		waitMs: WAIT_MS,
		sent: () => cloud.connector.sent.slice(sent),
		onTheWire: () =>
			cloud.requests
				.slice(seen)
				.filter(({ path }) => path.startsWith("/teams/"))
				.map(({ method, path }) => `${method} ${path}`),
		reset() {
			seen = cloud.requests.length;
			cloud.faults.clear();
			sent = cloud.connector.sent.length;
			stage.scopes.length = 0;
			stage.timeouts.length = 0;
			stage.waitMs = WAIT_MS;
			stage.entra.getToken = getToken;
		},
	};
	return stage;
}

interface Request {
	timeout: number;
	tlsSettings?: { ca?: string };
}

/** Looks at every request of the SDK right before it is sent. */
function adjustRequests(
	authentication: ReturnType<typeof createBotAuthentication>,
	clients: string[],
	adjust: (request: Request) => void,
): void {
	const createConnectorFactory = authentication.createConnectorFactory.bind(authentication);
	authentication.createConnectorFactory = (identity) => {
		const factory = createConnectorFactory(identity);
		const create = factory.create.bind(factory);
		factory.create = async (serviceUrl, audience) => {
			clients.push(serviceUrl);
			const client = await create(serviceUrl, audience);
			// biome-ignore lint/complexity/useLiteralKeys: the SDK declares it private
			client["client"].pipeline.addPolicy({
				name: "adjust",
				sendRequest(request: Request, next: (request: Request) => unknown) {
					adjust(request);
					return next(request);
				},
			});
			return client;
		};
		return factory;
	};
}
