import type { Handler } from "./http.js";
import type { Signer } from "./tokens.js";

/** A local Entra: gives app tokens for a client secret, as MSAL asks for them. */
export function createEntra(settings: {
	readonly origin: () => string;
	readonly tenantId: string;
	readonly appId: string;
	readonly secret: string;
	readonly signer: Signer;
}): Handler {
	const { origin, tenantId, appId, secret, signer } = settings;
	return async (request) => {
		if (!request.path.startsWith(`/${tenantId}/`)) return undefined;
		const base = `${origin()}/${tenantId}`;
		if (request.path.endsWith("/v2.0/.well-known/openid-configuration"))
			return {
				status: 200,
				body: {
					issuer: `${base}/v2.0`,
					authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
					token_endpoint: `${base}/oauth2/v2.0/token`,
					jwks_uri: `${base}/discovery/v2.0/keys`,
				},
			};
		if (request.path.endsWith("/discovery/v2.0/keys")) return { status: 200, body: { keys: [signer.jwk] } };
		if (request.method !== "POST" || !request.path.endsWith("/oauth2/v2.0/token")) return undefined;
		const form = new URLSearchParams(request.body);
		if (form.get("client_id") !== appId || form.get("client_secret") !== secret)
			return {
				status: 401,
				body: {
					error: "invalid_client",
					error_description: "AADSTS7000215: Invalid client secret provided.",
					error_codes: [7000215],
				},
			};
		const audience = (form.get("scope") ?? "").split(" ")[0]?.replace(/\/\.default$/u, "") ?? "";
		const access_token = await signer.sign({
			iss: `${base}/v2.0`,
			aud: audience,
			appid: appId,
			tid: tenantId,
		});
		return {
			status: 200,
			body: { token_type: "Bearer", expires_in: 3_599, ext_expires_in: 3_599, access_token },
		};
	};
}
