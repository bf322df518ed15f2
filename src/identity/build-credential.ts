import {
	ClientCertificateCredential,
	ClientSecretCredential,
	ManagedIdentityCredential,
	type TokenCredential,
	type TokenCredentialOptions,
	WorkloadIdentityCredential,
} from "@azure/identity";
import { known } from "../core/known.js";
import { chooseAuthority } from "./authority.js";
import type { CredentialSettings } from "./credential-settings.js";
import { boundRequests } from "./request-bounds.js";

export type HttpClient = NonNullable<TokenCredentialOptions["httpClient"]>;

/** One repetition after a short pause; more would outlast the person who waits for the answer. */
const RETRY = { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/**
 * The credential that the settings call for. The client capability `cp1` is not declared, so Graph
 * sends no claims challenges.
 *
 * @throws when the settings are not usable, for example an authority that is not https
 */
export function buildCredential(
	settings: CredentialSettings,
	requestMs: number,
	httpClient?: HttpClient,
): TokenCredential {
	const { tenantId, appId } = settings;
	const http = { retryOptions: RETRY, ...known({ httpClient }) };
	const options = {
		...http,
		...chooseAuthority(settings.authorityHost),
		additionalPolicies: [boundRequests(requestMs)],
	};
	if (settings.appType === "SingleTenant") {
		if (settings.clientSecret)
			return new ClientSecretCredential(tenantId, appId, settings.clientSecret, options);
		if (settings.certificatePath)
			return new ClientCertificateCredential(tenantId, appId, settings.certificatePath, options);
		if (settings.federatedTokenFile)
			return new WorkloadIdentityCredential({
				...options,
				tenantId,
				clientId: appId,
				tokenFilePath: settings.federatedTokenFile,
			});
	}
	return new ManagedIdentityCredential({ ...http, clientId: appId });
}
