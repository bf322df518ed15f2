import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { messageOf } from "../core/thrown.js";

/** Clock difference to the channel that is forgiven, in seconds, as the SDK does. */
const SKEW_SECONDS = 300;
const FETCH_TIMEOUT_MS = 5_000;

export type Admission = "admitted" | "refused" | "unavailable";

/** Checks the token with which the channel signs its requests. */
export type ChannelTokenCheck = (
	authorization: string | undefined,
) => Promise<{ readonly admission: Admission; readonly why?: string }>;

const openIdDocument = z.object({ jwks_uri: z.url() });
type KeySet = ReturnType<typeof createRemoteJWKSet>;

/**
 * Signature, issuer, audience, lifetime and algorithm of the channel's token, before the SDK sees the
 * request: the SDK answers a bad signature with 500 and prints the channel's keys and a stack.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 *
 * `unavailable` means that the channel's keys could not be fetched: the request may well be genuine.
 */
export function createChannelTokenCheck(settings: {
	readonly metadataUrl: string;
	readonly issuer: string;
	readonly appId: string;
}): ChannelTokenCheck {
	let keys: Promise<KeySet> | undefined;
	const loadKeys = async (): Promise<KeySet> => {
		const response = await fetch(settings.metadataUrl, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
		if (!response.ok) throw new KeysUnavailable(`the channel's OpenID document answered ${response.status}`);
		const { jwks_uri } = openIdDocument.parse(await response.json());
		// Its own requests are bounded at five seconds, too.
		return createRemoteJWKSet(new URL(jwks_uri));
	};
	const keySet = (): Promise<KeySet> => {
		keys ??= loadKeys().catch((error) => {
			keys = undefined;
			throw new KeysUnavailable(String(error));
		});
		return keys;
	};

	return async (authorization) => {
		const token = authorization?.match(/^Bearer +(\S+)$/i)?.[1];
		if (token === undefined) return { admission: "refused", why: "no bearer token" };
		try {
			const { protectedHeader } = await jwtVerify(token, await keySet(), {
				algorithms: ["RS256"],
				issuer: settings.issuer,
				audience: settings.appId,
				clockTolerance: SKEW_SECONDS,
				requiredClaims: ["exp"],
			});
			const key = (await keySet()).jwks()?.keys.find((candidate) => candidate.kid === protectedHeader.kid);
			if (!key) return { admission: "refused", why: "the token does not name its key" };
			const { endorsements } = key as { readonly endorsements?: unknown };
			if (Array.isArray(endorsements) && endorsements.length > 0 && !endorsements.includes("msteams"))
				return { admission: "refused", why: "the signing key is not endorsed for Teams" };
			return { admission: "admitted" };
		} catch (error) {
			return refusal(error);
		}
	};
}

class KeysUnavailable extends Error {}

/** The address of the keys answered too late, with an error, or with something that is no set of keys. */
const KEYS_UNUSABLE = new Set(["ERR_JWKS_TIMEOUT", "ERR_JOSE_GENERIC", "ERR_JWKS_INVALID"]);

function refusal(error: unknown): { admission: Admission; why: string } {
	const why = messageOf(error);
	const judged = error instanceof errors.JOSEError && !KEYS_UNUSABLE.has(error.code);
	return { admission: judged ? "refused" : "unavailable", why };
}
