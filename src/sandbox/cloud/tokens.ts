import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from "jose";

/** One signing key and what it signs. */
export interface Signer {
	readonly jwk: JWK;
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

/** Tokens begin and end by the clock of the cloud, which a test can turn. */
export async function createSigner(kid: string, now: () => Date): Promise<Signer> {
	const { publicKey, privateKey } = await generateKeyPair("RS256");
	const jwk: JWK = { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "RS256" };
	return {
		jwk,
		sign: (claims, more = {}) => {
			const at = Math.floor(now().getTime() / 1_000);
			const exp = at + (more.lifetimeSeconds ?? TOKEN_LIFETIME_SECONDS);
			return new SignJWT({ iat: at, nbf: at - 5, exp, ...claims })
				.setProtectedHeader({ alg: "RS256", kid: more.kid ?? kid, typ: "JWT" })
				.sign(privateKey);
		},
		async verify(authorization, audience) {
			const token = /^Bearer (.+)$/u.exec(authorization ?? "")?.[1];
			if (token === undefined) return undefined;
			return jwtVerify(token, publicKey, { audience, currentDate: now(), algorithms: ["RS256"] }).then(
				({ payload }) => payload,
				() => undefined,
			);
		},
	};
}
