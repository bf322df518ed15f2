import { describe, expect, it } from "@jest/globals";
import { connectorScope, createBotAuthentication } from "../../src/teams/authentication.js";
import { type ChannelSettings, channelSettings } from "../../src/teams/channel-settings.js";
import { createServiceHosts, ServiceHostRefused } from "../../src/teams/service-hosts.js";

const APP_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const hosts = createServiceHosts(["smba.trafficmanager.net"]);

/** What the SDK keeps to itself: the credentials that it signs with, and the settings it was given. */
interface Inside {
	readonly inner: {
		readonly credentialsFactory: {
			isValidAppId(appId: string): Promise<boolean>;
			isAuthenticationDisabled(): Promise<boolean>;
			createCredentials(
				appId: string,
				audience: string,
			): Promise<{ signRequest(request: object): Promise<object> }>;
		};
		readonly validateAuthority: boolean;
		readonly callerId: string | undefined;
		readonly toBotFromChannelTokenIssuer: string;
	};
}

function authentication(token: string | null = "t0ken", channel: ChannelSettings = channelSettings({})) {
	const scopes: unknown[] = [];
	const credential = {
		async getToken(scope: string | string[]) {
			scopes.push(scope);
			return token === null ? null : { token, expiresOnTimestamp: 0 };
		},
	};
	const made = createBotAuthentication({ appId: APP_ID, channel }, { credential, hosts });
	const { inner } = made as unknown as Inside;
	return { scopes, inner, factory: inner.credentialsFactory };
}

describe("the bot's credentials for the connector", () => {
	it("are for the bot's own app id alone, in whatever letters", async () => {
		const { factory } = authentication();
		expect(await factory.isValidAppId(APP_ID.toUpperCase())).toBe(true);
		expect(await factory.isValidAppId(APP_ID.replace("3f", "4f"))).toBe(false);
		expect(await factory.isValidAppId("")).toBe(false);
	});

	it("never turn the check of requests off", async () => {
		expect(await authentication().factory.isAuthenticationDisabled()).toBe(false);
	});

	it.each([
		["https://api.botframework.com", "https://api.botframework.com/.default"],
		["https://api.botframework.com/.default", "https://api.botframework.com/.default"],
		["https://api.botframework.us", "https://api.botframework.us/.default"],
	])("are asked for as Entra wants it: %s", async (audience, scope) => {
		expect(connectorScope(audience)).toBe(scope);
		const { factory, scopes } = authentication();
		const written = new Map<string, string>();
		const request = { url: "https://smba.trafficmanager.net/teams/v3", headers: written };
		const credentials = await factory.createCredentials(APP_ID, audience);
		expect(await credentials.signRequest(request)).toBe(request);
		expect(scopes).toEqual([scope]);
		expect([...written]).toEqual([["authorization", "Bearer t0ken"]]);
	});

	it("are never attached to a request for a host that is not on the list, nor asked for", async () => {
		const { factory, scopes } = authentication();
		const headers = new Map();
		const credentials = await factory.createCredentials(APP_ID, "https://api.botframework.com");
		await expect(credentials.signRequest({ url: "https://evil.example/", headers })).rejects.toThrow(
			ServiceHostRefused,
		);
		expect([scopes, [...headers]]).toEqual([[], []]);
	});

	it("say so when there is no token", async () => {
		const credentials = await authentication(null).factory.createCredentials(APP_ID, "x");
		const request = { url: "https://smba.trafficmanager.net/", headers: new Map() };
		await expect(credentials.signRequest(request)).rejects.toThrow(
			"the Entra credential gave no token for the Bot connector",
		);
	});

	it("come with the channel's settings, and a caller's id only where one is set", () => {
		expect(authentication().inner).toMatchObject({
			validateAuthority: true,
			callerId: undefined,
			toBotFromChannelTokenIssuer: "https://api.botframework.com",
		});
		const channel = channelSettings({
			CallerId: "urn:us",
			ValidateAuthority: "false",
			ToBotFromChannelTokenIssuer: "x",
		});
		expect(authentication("t0ken", channel).inner).toMatchObject({
			validateAuthority: false,
			callerId: "urn:us",
			toBotFromChannelTokenIssuer: "x",
		});
	});
});
