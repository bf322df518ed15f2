import { ClientSecretCredential } from "@azure/identity";
import {
	CloudAdapter,
	ConfigurationBotFrameworkAuthentication,
	type Request,
	type TurnContext,
} from "botbuilder";
import {
	AuthenticationConstants,
	type ServiceClientCredentials,
	ServiceClientCredentialsFactory,
} from "botframework-connector";
import restify from "restify";

/** A setting, or the end: the measurement sets them all. */
export function setting(name: string): string {
	const value = process.env[name];
	if (value === undefined) throw new Error(`${name} is not set`);
	return value;
}

export const credential = new ClientSecretCredential(
	setting("MicrosoftAppTenantId"),
	setting("MicrosoftAppId"),
	setting("MicrosoftAppPassword"),
	// The fake cloud is no authority that Microsoft's library could find by itself.
	{ authorityHost: setting("AZURE_AUTHORITY_HOST"), disableInstanceDiscovery: true },
);

/** The SDK's own credentials cannot be pointed at another authority; otherwise this is what they do. */
class Credentials extends ServiceClientCredentialsFactory {
	async isValidAppId(appId: string): Promise<boolean> {
		return appId === setting("MicrosoftAppId");
	}
	async isAuthenticationDisabled(): Promise<boolean> {
		return false;
	}
	async createCredentials(): Promise<ServiceClientCredentials> {
		return {
			async signRequest(resource) {
				const token = await credential.getToken("https://api.botframework.com/.default");
				resource.headers.set("authorization", `Bearer ${token.token}`);
				return resource;
			},
		};
	}
}

export const adapter = new CloudAdapter(
	new ConfigurationBotFrameworkAuthentication(
		{
			MicrosoftAppId: setting("MicrosoftAppId"),
			MicrosoftAppTenantId: setting("MicrosoftAppTenantId"),
			MicrosoftAppType: "SingleTenant",
			// A single key of these makes the SDK drop all of its defaults.
			ToChannelFromBotLoginUrl: AuthenticationConstants.ToChannelFromBotLoginUrl,
			ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
			ToBotFromChannelTokenIssuer: AuthenticationConstants.ToBotFromChannelTokenIssuer,
			ToBotFromChannelOpenIdMetadataUrl: setting("ToBotFromChannelOpenIdMetadataUrl"),
			ToBotFromEmulatorOpenIdMetadataUrl: AuthenticationConstants.ToBotFromEmulatorOpenIdMetadataUrl,
			OAuthUrl: AuthenticationConstants.OAuthUrl,
			ValidateAuthority: true,
		},
		new Credentials(),
	),
);

/** Serves `/api/messages` the way Microsoft's samples do, and says on stdout where. */
export function host(turn: (context: TurnContext) => Promise<unknown>): void {
	const server = restify.createServer();
	server.use(restify.plugins.bodyParser());
	server.post("/api/messages", async (request, response) => {
		// The SDK's types are narrower than restify's; its samples are JavaScript here.
		await adapter.process(request as Request, response, async (context) => void (await turn(context)));
	});
	server.get("/readyz", (_request, response, next) => {
		response.send(200);
		next();
	});
	server.listen(0, "127.0.0.1", () => {
		process.stdout.write(`${JSON.stringify({ url: server.url, msg: "listening" })}\n`);
	});
}

/** A message that is one Adaptive Card. */
export function cardActivity(title: string, facts: Readonly<Record<string, string>>) {
	return {
		type: "message",
		summary: title,
		attachments: [
			{
				contentType: "application/vnd.microsoft.card.adaptive",
				content: {
					type: "AdaptiveCard",
					version: "1.5",
					body: [
						{ type: "TextBlock", text: title, weight: "bolder", wrap: true },
						{ type: "FactSet", facts: Object.entries(facts).map(([key, value]) => ({ title: key, value })) },
					],
				},
			},
		],
	};
}
