import { describe, expect, it } from "@jest/globals";
import { type ChannelOverrides, channelSettings } from "../../src/teams/channel-settings.js";

const PUBLIC_CLOUD = {
	ToChannelFromBotLoginUrl: "https://login.microsoftonline.com/botframework.com",
	ToChannelFromBotOAuthScope: "https://api.botframework.com",
	ToBotFromChannelTokenIssuer: "https://api.botframework.com",
	OAuthUrl: "https://api.botframework.com",
	ToBotFromChannelOpenIdMetadataUrl: "https://login.botframework.com/v1/.well-known/openidconfiguration",
	ToBotFromEmulatorOpenIdMetadataUrl:
		"https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
	ValidateAuthority: true,
};

describe("the channel's settings", () => {
	it("are those of the public cloud unless set", () => {
		expect(channelSettings({})).toStrictEqual(PUBLIC_CLOUD);
		expect(channelSettings({ ChannelService: "https://elsewhere.example" })).toEqual(PUBLIC_CLOUD);
	});

	it("are those of the US government's cloud where that is the channel service", () => {
		const settings = channelSettings({ ChannelService: "https://botframework.azure.us" });
		expect(settings).toEqual({
			ToChannelFromBotLoginUrl: expect.stringMatching(/^https:\/\/login\.microsoftonline\.us\//u),
			ToChannelFromBotOAuthScope: "https://api.botframework.us",
			ToBotFromChannelTokenIssuer: "https://api.botframework.us",
			OAuthUrl: "https://api.botframework.azure.us",
			ToBotFromChannelOpenIdMetadataUrl:
				"https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
			ToBotFromEmulatorOpenIdMetadataUrl: expect.stringMatching(/^https:\/\/login\.microsoftonline\.us\//u),
			ValidateAuthority: true,
		});
	});

	it.each([
		"ToChannelFromBotLoginUrl",
		"ToChannelFromBotOAuthScope",
		"ToBotFromChannelTokenIssuer",
		"OAuthUrl",
		"ToBotFromChannelOpenIdMetadataUrl",
		"ToBotFromEmulatorOpenIdMetadataUrl",
		"CallerId",
	] as const)("take %s from outside, and leave the rest as it is", (key) => {
		const overrides: ChannelOverrides = { [key]: "https://stand-in.example" };
		expect(channelSettings(overrides)).toEqual({ ...PUBLIC_CLOUD, ...overrides });
	});

	it.each([
		["false", false],
		["true", true],
		["0", true],
		["", true],
	])("check the authority unless told not to: %j", (ValidateAuthority, checked) => {
		expect(channelSettings({ ValidateAuthority }).ValidateAuthority).toBe(checked);
	});
});
