import type { Cloud } from "./cloud/start-cloud.js";

/** What the bot must know of a cloud. */
type CloudAddress = Pick<Cloud, "appId" | "tenantId" | "secret" | "origin" | "host"> & {
	readonly channel: Pick<Cloud["channel"], "metadataUrl">;
};

/** The settings with which the real bot lives in the local cloud. */
export function botEnvironment(
	cloud: CloudAddress,
	local: { readonly caPath: string; readonly dataDirectory: string; readonly serviceUrlHost?: string },
): Record<string, string> {
	return {
		HOST: "127.0.0.1",
		PORT: "0",
		MicrosoftAppType: "SingleTenant",
		MicrosoftAppId: cloud.appId,
		MicrosoftAppTenantId: cloud.tenantId,
		MicrosoftAppPassword: cloud.secret,
		AZURE_AUTHORITY_HOST: cloud.origin,
		ToBotFromChannelOpenIdMetadataUrl: cloud.channel.metadataUrl,
		SERVICE_URL_HOSTS: local.serviceUrlHost ?? cloud.host,
		FILE_UPLOAD_HOSTS: cloud.host,
		GRAPH_ENDPOINT: cloud.origin,
		GRAPH_API_VERSION: "beta",
		DATA_DIR: local.dataDirectory,
		APPROVALS: "on-request",
		WATCH_POLL_MIN_MS: "1000",
		LOG_LEVEL: "info",
		NODE_EXTRA_CA_CERTS: local.caPath,
	};
}
