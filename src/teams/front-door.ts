import type { Application } from "@microsoft/teams-ai/lib/Application.js";
import type { TurnState } from "@microsoft/teams-ai/lib/TurnState.js";
import { type Activity, CloudAdapter, type ConfigurationBotFrameworkAuthentication } from "botbuilder";
import { AuthenticationError } from "botframework-connector";
import type { Log } from "../app/ports.js";
import { activitySchema } from "./activity.js";
import type { ChannelTokenCheck } from "./channel-token.js";
import type { ServiceHosts } from "./service-hosts.js";

export interface Reply {
	readonly status: number;
	readonly body?: unknown;
}

/** The bot's side of `/api/messages`, without HTTP around it. */
export interface FrontDoor {
	/** Judges the channel's token, before the body is read; `undefined` lets the request in. */
	admit(authorization: string | undefined): Promise<Reply | undefined>;
	receive(authorization: string, body: unknown): Promise<Reply>;
}

export function createFrontDoor(deps: {
	readonly checkToken: ChannelTokenCheck;
	readonly authentication: ConfigurationBotFrameworkAuthentication;
	readonly hosts: ServiceHosts;
	readonly routes: Application<TurnState>;
	readonly log: Log;
}): FrontDoor {
	const { checkToken, authentication, hosts, routes, log } = deps;
	const adapter = new Adapter(authentication);
	/** Any other status than 401 means that the channel's keys could not be fetched. */
	const unauthenticated = (status: number, why: string | undefined): Reply => {
		if (status === 401) {
			log.warn({ code: "token-refused", why }, "request refused: no valid channel token");
			return { status: 401 };
		}
		log.error(
			{ code: "channel-keys-unreachable", why },
			"request not judged: the channel's keys are out of reach",
		);
		return { status: 503 };
	};
	return {
		async admit(authorization) {
			const { admission, why } = await checkToken(authorization);
			if (admission === "admitted") return undefined;
			return unauthenticated(admission === "refused" ? 401 : 503, why);
		},

		async receive(authorization, body) {
			const read = activitySchema.safeParse(body);
			if (!read.success) {
				log.warn(
					{ code: "not-an-activity", problems: read.error.issues.map((i) => i.path.join(".")) },
					"request refused: not an activity",
				);
				return { status: 400 };
			}
			const { channelId, serviceUrl, type } = read.data;
			if (channelId !== "msteams") {
				log.warn({ code: "other-channel", channelId }, "request refused: another channel than Teams");
				return { status: 403 };
			}
			if (!hosts.allows(serviceUrl)) {
				log.warn(
					{ code: "service-host-refused", serviceUrl },
					"request refused: the service URL is not in SERVICE_URL_HOSTS",
				);
				return { status: 403 };
			}
			const activity = read.data as unknown as Activity;
			try {
				const identity = await authentication.authenticateRequest(activity, authorization);
				const answer = await adapter.turn(identity, activity, async (context) => {
					await routes.run(context);
				});
				return answer ?? { status: 200 };
			} catch (error) {
				if (error instanceof AuthenticationError) return unauthenticated(error.statusCode, error.message);
				log.error({ code: "turn-failed", err: error, type }, "turn failed");
				return { status: 500 };
			}
		},
	};
}

/** `processActivity` is the SDK's own, only not public in its types. */
class Adapter extends CloudAdapter {
	async turn(
		identity: Parameters<CloudAdapter["processActivity"]>[0],
		activity: Activity,
		logic: Parameters<CloudAdapter["processActivity"]>[2],
	): Promise<Reply | undefined> {
		return this.processActivity(identity, activity, logic);
	}
}
