import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, jwtVerify, SignJWT } from "jose";

/** One signing key and what it signs. */
export interface Signer {
	/** The public key, as a key set publishes it. */
	jwk(): Promise<JWK>;
	/** A token that is valid from now; `kid` names another key in its header than the one that signs. */
	sign(
		claims: Readonly<Record<string, unknown>>,
		more?: { readonly lifetimeSeconds?: number; readonly kid?: string },
	): Promise<string>;
	/** The claims of a bearer token, or `undefined` when it is not one of ours for this audience. */
	verify(authorization: string | undefined, audience: string): Promise<object | undefined>;
}

/** How long a token is valid, in seconds. */
export const TOKEN_LIFETIME_SECONDS = 3_600;

export type SigningKey = GenerateKeyPairResult;

/** Whose tokens are signed: Entra's, the channel's, and those of a stranger who pretends to be the channel. */
export type KeyName = "entra" | "channel" | "stranger";
/** Gives the key of each; the same one again for the same name. */
export type Keyring = (name: KeyName) => Promise<SigningKey>;

/** New keys, each made when it is first needed: that takes a noticeable part of a second, and few clouds need all. */
export function makeKeyring(): Keyring {
	const made = new Map<KeyName, Promise<SigningKey>>();
	return (name) => {
		const key = made.get(name) ?? generateKeyPair("RS256");
		made.set(name, key);
		return key;
	};
}

/** Tokens begin and end by the clock of the cloud, which a test can turn. */
export function createSigner(kid: string, now: () => Date, key: () => Promise<SigningKey>): Signer {
	return {
		jwk: async () => ({ ...(await exportJWK((await key()).publicKey)), kid, use: "sig", alg: "RS256" }),
		async sign(claims, more = {}) {
			const { privateKey } = await key();
			const at = Math.floor(now().getTime() / 1_000);
			const exp = at + (more.lifetimeSeconds ?? TOKEN_LIFETIME_SECONDS);
			return new SignJWT({ iat: at, nbf: at - 5, exp, ...claims })
				.setProtectedHeader({ alg: "RS256", kid: more.kid ?? kid, typ: "JWT" })
				.sign(privateKey);
		},
		async verify(authorization, audience) {
			const token = /^Bearer (.+)$/u.exec(authorization ?? "")?.[1];
			if (token === undefined) return undefined;
			const { publicKey } = await key();
			return jwtVerify(token, publicKey, { audience, currentDate: now(), algorithms: ["RS256"] }).then(
				({ payload }) => payload,
				() => undefined,
			);
		},
	};
}
