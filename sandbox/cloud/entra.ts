import type { Handler, Reply } from "./http.js";
import { type Signer, TOKEN_LIFETIME_SECONDS } from "./tokens.js";

const TOKEN_PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/u;

/** A local Entra: gives app tokens for a client secret, as MSAL asks for them. */
export function createEntra(settings: {
	readonly origin: () => string;
	readonly tenantId: string;
	readonly appId: string;
	readonly secret: string;
	readonly signer: Signer;
	/** The resources for which there are tokens, such as `https://graph.microsoft.com`. */
	readonly audiences: readonly string[];
}): Handler {
	const { origin, tenantId, appId, secret, signer, audiences } = settings;
	return async ({ method, path, body }) => {
		const asked = TOKEN_PATH.exec(path)?.[1];
		if (asked !== undefined && asked.toLowerCase() !== tenantId.toLowerCase())
			return refusal(400, "invalid_request", 90002, `Tenant '${asked}' not found.`);
		if (!path.startsWith(`/${tenantId}/`)) return undefined;
		const base = `${origin()}/${tenantId}`;
		if (path.endsWith("/v2.0/.well-known/openid-configuration"))
			return {
				status: 200,
				body: {
					issuer: `${base}/v2.0`,
					authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
					token_endpoint: `${base}/oauth2/v2.0/token`,
					jwks_uri: `${base}/discovery/v2.0/keys`,
				},
			};
		if (path.endsWith("/discovery/v2.0/keys")) return { status: 200, body: { keys: [await signer.jwk()] } };
		if (method !== "POST" || asked === undefined) return undefined;

		const form = new URLSearchParams(body);
		if (form.get("grant_type") !== "client_credentials")
			return refusal(400, "unsupported_grant_type", 70003, "The grant type is not supported.");
		if (form.get("client_id") !== appId)
			return refusal(400, "unauthorized_client", 700016, "Application was not found in the directory.");
		if (form.get("client_secret") !== secret)
			return refusal(401, "invalid_client", 7000215, "Invalid client secret provided.");
		const audience = audiences.find((one) =>
			(form.get("scope") ?? "").split(" ").includes(`${one}/.default`),
		);
		if (audience === undefined)
			return refusal(400, "invalid_scope", 70011, "The provided value for 'scope' is not valid.");
		const claims = { iss: `${base}/v2.0`, aud: audience, appid: appId, tid: tenantId };
		const access_token = await signer.sign(claims);
		const expires_in = TOKEN_LIFETIME_SECONDS - 1;
		return {
			status: 200,
			body: { token_type: "Bearer", expires_in, ext_expires_in: expires_in, access_token },
		};
	};
}

/** An error as Entra words it: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
function refusal(status: number, error: string, code: number, text: string): Reply {
	return { status, body: { error, error_description: `AADSTS${code}: ${text}`, error_codes: [code] } };
}
