import type { TokenCredential } from "@azure/identity";
import { ConfigurationBotFrameworkAuthentication } from "botbuilder";
import { type ServiceClientCredentials, ServiceClientCredentialsFactory } from "botframework-connector";
import type { ChannelSettings } from "./channel-settings.js";
import type { ServiceHosts } from "./service-hosts.js";

/**
 * The SDK's authentication with our one Entra credential behind it. The token for the connector is
 * attached in a single place, and only to hosts on the list.
 */
export function createBotAuthentication(
	settings: { readonly appId: string; readonly channel: ChannelSettings },
	deps: { readonly credential: TokenCredential; readonly hosts: ServiceHosts },
): ConfigurationBotFrameworkAuthentication {
	return new ConfigurationBotFrameworkAuthentication(
		{ ...settings.channel },
		new EntraCredentials(settings.appId, deps),
	);
}

class EntraCredentials extends ServiceClientCredentialsFactory {
	readonly #appId: string;
	readonly #deps: { readonly credential: TokenCredential; readonly hosts: ServiceHosts };

	constructor(appId: string, deps: { readonly credential: TokenCredential; readonly hosts: ServiceHosts }) {
		super();
		this.#appId = appId;
		this.#deps = deps;
	}

	async isValidAppId(appId: string): Promise<boolean> {
		return appId.toLowerCase() === this.#appId.toLowerCase();
	}

	async isAuthenticationDisabled(): Promise<boolean> {
		return false;
	}

	async createCredentials(_appId: string, audience: string | undefined): Promise<ServiceClientCredentials> {
		const { credential, hosts } = this.#deps;
		const scope = connectorScope(audience ?? "");
		return {
			async signRequest(resource) {
				hosts.mustAllow(resource.url);
				const token = await credential.getToken(scope);
				if (!token) throw new Error("the Entra credential gave no token for the Bot connector");
				resource.headers.set("authorization", `Bearer ${token.token}`);
				return resource;
			},
		};
	}
}

/** The scope to ask Entra for when talking to the connector. */
export function connectorScope(audience: string): string {
	return audience.endsWith("/.default") ? audience : `${audience}/.default`;
}
