import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createConnectors } from "./connectors.js";
import { createIdentities } from "./identities.js";
import { createInbound } from "./inbound.js";
import { close, listen } from "./listen.js";
import { createOutbound, SERVICE_PATH } from "./outbound.js";
import type { Person } from "./person.js";
import { relay } from "./relay.js";

export interface ChannelProxyOptions {
	/** PEM key and certificate for `localhost`. */
	readonly tls: { readonly key: string; readonly cert: string };
	/** Port of the service URL; a free one without it. */
	readonly port?: number;
	readonly botUrl: () => string;
	readonly botAppId: string;
	readonly tenantId: string;
	/** By key; the first one is played until somebody else is chosen. */
	readonly people: ReadonlyMap<string, Person>;
	/** Gives a token of the channel whose service URL claim is this. */
	readonly signToken: (claims: { serviceUrl: string }) => Promise<string>;
	readonly checkBotToken: (authorization: string | undefined) => Promise<boolean>;
	/** Answers text that starts with `sandbox`; `undefined` leaves it to the bot. */
	readonly commands: (text: string) => Promise<string | undefined>;
	/** Gets one JSON line for every failed hop. */
	readonly log?: (line: string) => void;
}

export interface ChannelProxy {
	/** Where the Playground sends activities. Append `/api/messages`. */
	readonly inboundUrl: string;
	/** What the bot is told to answer to; ends with a slash. */
	readonly serviceUrl: string;
	/**
	 * Puts this persona's identity on everything that is sent from now on.
	 *
	 * @throws when nobody has this key
	 */
	become(personaKey: string): Person;
	current(): Person;
	stop(): Promise<void>;
}

/**
 * Stands where Teams stands: between the Playground, which signs nothing and has one user, and a bot that
 * runs with authentication on.
 *
 * @throws when there is nobody to play or the port is taken
 */
export async function startChannelProxy(options: ChannelProxyOptions): Promise<ChannelProxy> {
	const { tls, botUrl, botAppId, tenantId, people, signToken, checkBotToken, commands } = options;
	const log = options.log ?? (() => undefined);
	const [first] = people.values();
	if (first === undefined) throw new Error("the channel proxy needs at least one person");
	let person: Person = first;
	const current = () => person;
	const identities = createIdentities(botAppId, current);
	const connectors = createConnectors();

	const outbound = createHttpsServer(
		tls,
		relay("outbound", log, createOutbound({ identities, connectors, checkBotToken })),
	);
	const serviceUrl = `https://localhost:${await listen(outbound, options.port ?? 0)}${SERVICE_PATH}/`;
	const inbound = createHttpServer(
		relay(
			"inbound",
			log,
			createInbound({
				botUrl,
				serviceUrl,
				tenantId,
				current,
				identities,
				connectors,
				signToken,
				commands,
			}),
		),
	);
	const inboundPort = await listen(inbound, 0);

	return {
		inboundUrl: `http://127.0.0.1:${inboundPort}`,
		serviceUrl,
		become(personaKey) {
			const next = people.get(personaKey);
			if (next === undefined) throw new Error(`nobody is called "${personaKey}"`);
			person = next;
			return next;
		},
		current,
		async stop() {
			await Promise.all([close(inbound), close(outbound)]);
		},
	};
}
