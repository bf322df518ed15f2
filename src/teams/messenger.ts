import { Agent } from "node:https";
import type { TokenCredential } from "@azure/identity";
import type { Activity, ConfigurationBotFrameworkAuthentication } from "botbuilder";
import { AuthenticationConstants, ClaimsIdentity, type ConnectorClient } from "botframework-connector";
import { z } from "zod";
import type { ConversationRef, Log, Member, Messenger, SendProblem } from "../app/ports.js";
import type { View } from "../app/views.js";
import { messageOf } from "../core/thrown.js";
import { connectorScope } from "./authentication.js";
import { sendProblem } from "./send-problem.js";
import { ServiceHostRefused, type ServiceHosts } from "./service-hosts.js";

/** One request to the connector may take this long, in milliseconds. */
const SEND_TIMEOUT_MS = 15_000;
const TOKEN_TIMEOUT_MS = 10_000;
/** Later than that nobody would look at it any more. */
const TYPING_TIMEOUT_MS = 3_000;
/** Somebody waits for what depends on the members. */
const MEMBERS_TIMEOUT_MS = 5_000;
/** Teams gives 500 members a page at most. */
const PAGE_SIZE = 500;
const MOST_PAGES = 10;

export interface Rendered {
	readonly card: object;
	/** One plain sentence: the text of the notification. */
	readonly summary: string;
	/** Set where it is no Adaptive Card, but one of Teams' own about a file. */
	readonly contentType?: string;
	readonly name?: string;
	readonly contentUrl?: string;
}

/** Draws a view in the reader's language, as Teams sends it (`de-DE`). */
export type Render = (view: View, locale?: string) => Rendered;

export interface TeamsMessenger extends Messenger {
	/** False when Teams says that nothing can be posted there; any other trouble says nothing about that. */
	reaches(conversation: ConversationRef): Promise<boolean>;
}

/** Sends cards through the Bot connector, from the stored conversation and nothing else. */
export function createMessenger(
	settings: { readonly appId: string; readonly audience: string },
	deps: {
		readonly authentication: ConfigurationBotFrameworkAuthentication;
		readonly credential: TokenCredential;
		readonly hosts: ServiceHosts;
		readonly render: Render;
		readonly log: Pick<Log, "warn">;
		/** Makes the connections for new messages; a test trusts a certificate of its own by it. */
		readonly agent?: Agent;
	},
): TeamsMessenger {
	const connect = createConnect(settings, deps.authentication, deps.agent ?? freshConnections);
	return {
		async prepare(conversation) {
			try {
				deps.hosts.mustAllow(conversation.serviceUrl);
				await deps.credential.getToken(connectorScope(settings.audience), {
					abortSignal: AbortSignal.timeout(TOKEN_TIMEOUT_MS),
				});
				return { kind: "ready" };
			} catch (error) {
				const detail = messageOf(error);
				return { kind: error instanceof ServiceHostRefused ? "rejected" : "retry", detail };
			}
		},
		async reaches(conversation) {
			// Where the app is not, Teams refuses even this.
			const typed = await attempt("create", async () => {
				await this.typing(conversation);
				return "";
			});
			return typed.kind !== "rejected" && typed.kind !== "gone";
		},
		async typing(conversation) {
			deps.hosts.mustAllow(conversation.serviceUrl);
			const client = await connect(conversation.serviceUrl);
			const activity = { ...addressed(conversation), type: "typing" };
			await client.conversations.sendToConversation(conversation.key, activity, {
				timeout: TYPING_TIMEOUT_MS,
			});
		},
		post: (conversation, view) =>
			attempt("create", async () => {
				const client = await connect(conversation.serviceUrl);
				const activity = toActivity(conversation, view, deps.render);
				const sent = await client.conversations.sendToConversation(conversation.key, activity, {
					timeout: SEND_TIMEOUT_MS,
				});
				return sent.id;
			}),
		update: (conversation, activityId, view) =>
			attempt("update", async () => {
				const client = await connect(conversation.serviceUrl);
				const activity = { ...toActivity(conversation, view, deps.render), id: activityId };
				await client.conversations.updateActivity(conversation.key, activityId, activity, {
					timeout: SEND_TIMEOUT_MS,
				});
				return activityId;
			}),
		async members(conversation) {
			try {
				deps.hosts.mustAllow(conversation.serviceUrl);
				const client = await connect(conversation.serviceUrl);
				// A thread has the members of its channel.
				const [id = conversation.key] = conversation.key.split(";messageid=");
				const members: Member[] = [];
				let next = {};
				for (let pages = 0; pages < MOST_PAGES; pages++) {
					// The SDK's types ask for a token on the first page, too.
					const options = { pageSize: PAGE_SIZE, timeout: MEMBERS_TIMEOUT_MS, ...next } as PageOptions;
					const page = await client.conversations.getConversationPagedMembers(id, options);
					members.push(...page.members.flatMap(toMember));
					if (!page.continuationToken) return { kind: "listed", members };
					next = { continuationToken: page.continuationToken };
				}
				// Whoever is not on these pages is not mentioned; that somebody is not here must not be said.
				return { kind: "problem" };
			} catch (error) {
				deps.log.warn(
					{ code: "members-unreadable", detail: messageOf(error) },
					"who is in a conversation could not be read; nobody there is mentioned, and everything else goes on",
				);
				return { kind: "problem" };
			}
		},
	};
}

/**
 * Teams gives the Entra object id where the SDK has it, too. Bots and guests of meetings have none.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
 */
function toMember(account: object): Member[] {
	const found = memberBody.safeParse(account);
	if (!found.success) return [];
	const { id, name, aadObjectId, objectId } = found.data;
	const userId = aadObjectId ?? objectId;
	return userId ? [{ userId: userId.toLowerCase(), name: name ?? "", channelUserId: id }] : [];
}

type PageOptions = NonNullable<
	Parameters<ConnectorClient["conversations"]["getConversationPagedMembers"]>[1]
> & { readonly pageSize: number; readonly continuationToken: string };

const memberBody = z.looseObject({
	id: z.string().min(1),
	name: z.string().nullish(),
	aadObjectId: z.string().nullish(),
	objectId: z.string().nullish(),
});

async function attempt(
	what: "create" | "update",
	send: () => Promise<string>,
): Promise<{ readonly kind: "sent"; readonly activityId: string } | SendProblem> {
	try {
		return { kind: "sent", activityId: await send() };
	} catch (error) {
		return sendProblem(what, error);
	}
}

/** A connection for new messages that has been idle for so long is not used again, in milliseconds. */
const IDLE_MS = 1_000;

/**
 * A connection that has been idle for a while may be closed by the other side at the moment in which it is used again;
 * a new message would then be of unknown fate although it never left. Servers wait for some seconds at least, so one
 * that was in use just now serves again. Sessions of TLS are resumed.
 */
const freshConnections = new Agent({ keepAlive: true, timeout: IDLE_MS });

interface OutgoingRequest {
	readonly method: string;
	agent?: Agent;
}

/** A connector client per service URL, without the retries that the SDK would add on its own. */
function createConnect(
	settings: { readonly appId: string; readonly audience: string },
	authentication: ConfigurationBotFrameworkAuthentication,
	agent: Agent,
): (serviceUrl: string) => Promise<ConnectorClient> {
	const bot = new ClaimsIdentity([
		{ type: AuthenticationConstants.AudienceClaim, value: settings.appId },
		{ type: AuthenticationConstants.AppIdClaim, value: settings.appId },
	]);
	const factory = authentication.createConnectorFactory(bot);
	const clients = new Map<string, Promise<ConnectorClient>>();
	return (serviceUrl) => {
		const known = clients.get(serviceUrl);
		if (known) return known;
		const made = factory.create(serviceUrl, settings.audience).then((client) => {
			// Its pipeline repeats a POST up to three times after a 5xx, which can post a card twice
			// (https://github.com/openclaw/openclaw/pull/121116). Our own deliveries decide that.
			// biome-ignore lint/complexity/useLiteralKeys: the SDK declares it private and has no option for this
			const { pipeline } = client["client"];
			pipeline.removePolicy({ name: "defaultRetryPolicy" });
			pipeline.addPolicy({
				name: "freshConnections",
				sendRequest(request: OutgoingRequest, next: (request: OutgoingRequest) => Promise<unknown>) {
					if (request.method === "POST") request.agent = agent;
					return next(request);
				},
			});
			return client;
		});
		clients.set(serviceUrl, made);
		return made;
	};
}

/** New messages that must reach people. */
const ALERTING: readonly View["view"][] = ["follow-up", "approval", "reminder", "review", "alert", "news"];

/**
 * A message holding one card and no text: Teams splits text and card into two messages and then gives
 * no id back. The summary and the alert make it notify people.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
 */
function toActivity(conversation: ConversationRef, view: View, render: Render): Partial<Activity> {
	const {
		card,
		summary,
		contentType = "application/vnd.microsoft.card.adaptive",
		...file
	} = render(view, conversation.locale);
	return {
		...addressed(conversation),
		type: "message",
		summary,
		attachments: [{ contentType, content: card, ...file }],
		...(ALERTING.includes(view.view) ? { channelData: { notification: { alert: true } } } : {}),
	};
}

function addressed(conversation: ConversationRef): Partial<Activity> {
	return {
		channelId: conversation.channelId,
		serviceUrl: conversation.serviceUrl,
		from: { id: conversation.botId, name: conversation.botName },
		conversation: {
			id: conversation.key,
			name: "",
			isGroup: conversation.conversationType !== "personal",
			conversationType: conversation.conversationType,
			tenantId: conversation.tenantId,
		},
	};
}
