import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from "jose";

/** One signing key and what it signs. */
export interface Signer {
	readonly jwk: JWK;
	sign(claims: Readonly<Record<string, unknown>>, lifetimeSeconds?: number): Promise<string>;
	/** The claims of a bearer token, or `undefined` when it is not one of ours for this audience. */
	verify(authorization: string | undefined, audience: string): Promise<object | undefined>;
}

export async function createSigner(kid: string): Promise<Signer> {
	const { publicKey, privateKey } = await generateKeyPair("RS256");
	const jwk: JWK = { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "RS256" };
	return {
		jwk,
		sign: (claims, lifetimeSeconds = 3_600) => {
			const now = Math.floor(Date.now() / 1_000);
			return new SignJWT({ iat: now, nbf: now - 5, exp: now + lifetimeSeconds, ...claims })
				.setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
				.sign(privateKey);
		},
		async verify(authorization, audience) {
			const token = /^Bearer (.+)$/u.exec(authorization ?? "")?.[1];
			if (token === undefined) return undefined;
			return jwtVerify(token, publicKey, { audience }).then(
				({ payload }) => payload,
				() => undefined,
			);
		},
	};
}
