import { AuthenticationConstants, GovernmentConstants } from "botframework-connector";
import { known } from "../core/known.js";

/** The settings of `ConfigurationBotFrameworkAuthentication` that may be given from outside. */
export interface ChannelOverrides {
	readonly ChannelService?: string | undefined;
	readonly ValidateAuthority?: string | undefined;
	readonly ToChannelFromBotLoginUrl?: string | undefined;
	readonly ToChannelFromBotOAuthScope?: string | undefined;
	readonly ToBotFromChannelTokenIssuer?: string | undefined;
	readonly OAuthUrl?: string | undefined;
	readonly ToBotFromChannelOpenIdMetadataUrl?: string | undefined;
	readonly ToBotFromEmulatorOpenIdMetadataUrl?: string | undefined;
	readonly CallerId?: string | undefined;
}

const PUBLIC_CLOUD = {
	ToChannelFromBotLoginUrl: AuthenticationConstants.ToChannelFromBotLoginUrl,
	ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
	ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
	OAuthUrl: AuthenticationConstants.OAuthUrl,
	ToBotFromChannelOpenIdMetadataUrl: AuthenticationConstants.ToBotFromChannelOpenIdMetadataUrl,
	ToBotFromEmulatorOpenIdMetadataUrl: AuthenticationConstants.ToBotFromEmulatorOpenIdMetadataUrl,
} as const;

const US_GOVERNMENT = {
	ToChannelFromBotLoginUrl: GovernmentConstants.ToChannelFromBotLoginUrl,
	ToChannelFromBotOAuthScope: GovernmentConstants.ToChannelFromBotOAuthScope,
	ToBotFromChannelTokenIssuer: GovernmentConstants.ToBotFromChannelTokenIssuer,
	OAuthUrl: GovernmentConstants.OAuthUrl,
	ToBotFromChannelOpenIdMetadataUrl: GovernmentConstants.ToBotFromChannelOpenIdMetadataUrl,
	ToBotFromEmulatorOpenIdMetadataUrl: GovernmentConstants.ToBotFromEmulatorOpenIdMetadataUrl,
} as const;

export type ChannelSettings = Readonly<Record<keyof typeof PUBLIC_CLOUD, string>> & {
	readonly ValidateAuthority: boolean;
	readonly CallerId?: string;
};

/**
 * The channel's constants with the given overrides laid over them. The SDK drops all of its defaults
 * as soon as a single key is given (no issuer is then accepted), so the rest is filled in here.
 */
export function channelSettings(overrides: ChannelOverrides): ChannelSettings {
	const cloud =
		overrides.ChannelService === GovernmentConstants.ChannelService ? US_GOVERNMENT : PUBLIC_CLOUD;
	const pick = (key: keyof typeof PUBLIC_CLOUD) => overrides[key] ?? cloud[key];
	return {
		ToChannelFromBotLoginUrl: pick("ToChannelFromBotLoginUrl"),
		ToChannelFromBotOAuthScope: pick("ToChannelFromBotOAuthScope"),
		ToBotFromChannelTokenIssuer: pick("ToBotFromChannelTokenIssuer"),
		OAuthUrl: pick("OAuthUrl"),
		ToBotFromChannelOpenIdMetadataUrl: pick("ToBotFromChannelOpenIdMetadataUrl"),
		ToBotFromEmulatorOpenIdMetadataUrl: pick("ToBotFromEmulatorOpenIdMetadataUrl"),
		ValidateAuthority: overrides.ValidateAuthority !== "false",
		...known({ CallerId: overrides.CallerId }),
	};
}
