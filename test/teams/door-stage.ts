import type { PressAnswer } from "../../src/app/requests/answer-press.js";
import type { Incoming } from "../../src/app/requests/receive-request.js";
import type { View } from "../../src/app/views.js";
import { createBotAuthentication } from "../../src/teams/authentication.js";
import { channelSettings } from "../../src/teams/channel-settings.js";
import { createChannelTokenCheck } from "../../src/teams/channel-token.js";
import { createFrontDoor, type FrontDoor, type Reply } from "../../src/teams/front-door.js";
import { createRoutes } from "../../src/teams/routes.js";
import { createServiceHosts } from "../../src/teams/service-hosts.js";
import { APP_ID, FakeChannel, ISSUER } from "./fake-channel.js";

export const TENANT = "11111111-1111-4111-8111-111111111111";
export const JOB_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
export const SERVICE_URL = "https://smba.trafficmanager.net/teams/";
export const BOT = { id: `28:${APP_ID}`, name: "Recovery Control" };

/** The real front door, SDK and routes, before a channel that signs; what is behind them only takes notes. */
export interface DoorStage {
	readonly channel: FakeChannel;
	readonly door: FrontDoor;
	/** What was asked of the bot behind the door. */
	readonly asked: {
		readonly what: "receive" | "refresh" | "press" | "greet" | "removed" | "search";
		readonly of: unknown;
	}[];
	/** The languages in which something was drawn. */
	readonly locales: (string | undefined)[];
	readonly logged: { readonly level: string; readonly facts: Readonly<Record<string, unknown>> }[];
	/** What the bot behind the door answers to a press; a test may put something else in its place. */
	press: (incoming: Incoming) => Promise<PressAnswer>;
	/** Delivers an activity as the channel does; `more` overrides parts of it. */
	deliver(more: object): Promise<Reply>;
	reset(): void;
}

export async function openDoorStage(): Promise<DoorStage> {
	const channel = new FakeChannel();
	await channel.start();
	await channel.addKey("good", { endorsements: ["msteams"] });
	const settings = channelSettings({ ToBotFromChannelOpenIdMetadataUrl: channel.metadataUrl });
	const hosts = createServiceHosts(["smba.trafficmanager.net"]);
	const note = (level: string) => (facts: object) =>
		void stage.logged.push({ level, facts: facts as Record<string, unknown> });
	const ask = (what: DoorStage["asked"][number]["what"]) => async (of: unknown) =>
		void stage.asked.push({ what, of });
	const help: View = {
		view: "help",
		greeting: false,
		conversationType: "personal",
		botName: "Recovery Control",
	};
	const stage: DoorStage = {
		channel,
		door: createFrontDoor({
			checkToken: createChannelTokenCheck({
				metadataUrl: channel.metadataUrl,
				issuer: ISSUER,
				appId: APP_ID,
			}),
			authentication: createBotAuthentication(
				{ appId: APP_ID, channel: settings },
				{ credential: { getToken: async () => null }, hosts },
			),
			hosts,
			routes: createRoutes(
				{
					receive: ask("receive"),
					greet: ask("greet"),
					removed: ask("removed"),
					async search({ text }) {
						stage.asked.push({ what: "search", of: text });
						return { kind: "results", results: [{ title: "Job", text: "it", card: { shows: "job" } }] };
					},
					unknownButton: (locale) => `Unknown in ${locale}.`,
					absent: async ({ key }) => (key === "elsewhere" ? "Add me first." : undefined),
					async refresh(of) {
						stage.asked.push({ what: "refresh", of });
						return help;
					},
					async press(incoming) {
						stage.asked.push({ what: "press", of: incoming });
						return stage.press(incoming);
					},
				},
				(view, locale) => {
					stage.locales.push(locale);
					return { card: { shows: view.view }, summary: `In words: ${view.view}` };
				},
			),
			log: { info: note("info"), warn: note("warn"), error: note("error") },
		}),
		asked: [],
		locales: [],
		logged: [],
		press: async () => ({ as: "card", view: help }),
		async deliver(more) {
			const body: unknown = JSON.parse(JSON.stringify({ ...message(), ...more }));
			return stage.door.receive(await channel.bearer({ serviceurl: SERVICE_URL }), body);
		},
		reset() {
			stage.asked.length = 0;
			stage.locales.length = 0;
			stage.logged.length = 0;
			stage.press = async () => ({ as: "card", view: help });
		},
	};
	return stage;
}

/** A message of Anna's to the bot, as Teams sends it. */
export function message(): Record<string, unknown> {
	return {
		type: "message",
		id: "activity-1",
		timestamp: "2026-11-23T03:00:00.000Z",
		channelId: "msteams",
		serviceUrl: SERVICE_URL,
		from: { id: "29:anna", name: "Anna", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000001" },
		recipient: BOT,
		conversation: { id: "chat", conversationType: "personal", tenantId: TENANT },
		channelData: { tenant: { id: TENANT } },
		text: "jobs",
	};
}
