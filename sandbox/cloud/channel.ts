import type { Handler } from "./http.js";
import { createSigner, type Keyring, type Signer } from "./tokens.js";

const ISSUER = "https://api.botframework.com";
const METADATA_PATH = "/channel/.well-known/openidconfiguration";

type Claims = Readonly<Record<string, unknown>>;

/** The identity of the Teams channel: publishes its keys and signs requests to the bot. */
export interface Channel {
	readonly metadataUrl: string;
	/**
	 * A token for a request to the bot; `claims` override what a genuine one says, so that `{}` is one
	 * without `serviceurl` and `{ exp: 1 }` an expired one. `kid` names a key that was never published.
	 */
	sign(claims: Claims, more?: { readonly kid?: string }): Promise<string>;
	/** The same with a key that was never published, under the name of the published one. */
	forge(claims: Claims): Promise<string>;
}

export function createChannel(
	origin: () => string,
	appId: string,
	now: () => Date,
	keys: Keyring,
): { channel: Channel; handler: Handler } {
	const signer = createSigner("channel-key", now, () => keys("channel"));
	const stranger = createSigner("channel-key", now, () => keys("stranger"));
	const signedBy = (by: Signer) => (claims: Claims, more?: { readonly kid?: string }) =>
		by.sign({ iss: ISSUER, aud: appId, ...claims }, more);
	return {
		channel: {
			get metadataUrl() {
				return `${origin()}${METADATA_PATH}`;
			},
			sign: signedBy(signer),
			forge: signedBy(stranger),
		},
		handler: async ({ path }) => {
			if (path === METADATA_PATH)
				return {
					status: 200,
					body: {
						issuer: ISSUER,
						jwks_uri: `${origin()}/channel/keys`,
						id_token_signing_alg_values_supported: ["RS256"],
					},
				};
			if (path === "/channel/keys")
				return { status: 200, body: { keys: [{ ...(await signer.jwk()), endorsements: ["msteams"] }] } };
			return undefined;
		},
	};
}
