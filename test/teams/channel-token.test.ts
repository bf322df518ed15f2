import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { createChannelTokenCheck } from "../../src/teams/channel-token.js";

const APP_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const ISSUER = "https://api.botframework.com";

describe("the channel's token", () => {
	let server: Server;
	let origin: string;
	let keys: Record<
		"good" | "unendorsed" | "stranger",
		Awaited<ReturnType<typeof generateKeyPair>>["privateKey"]
	>;
	let broken = false;

	beforeAll(async () => {
		const pairs = {
			good: await generateKeyPair("RS256"),
			unendorsed: await generateKeyPair("RS256"),
			stranger: await generateKeyPair("RS256"),
		};
		keys = {
			good: pairs.good.privateKey,
			unendorsed: pairs.unendorsed.privateKey,
			stranger: pairs.stranger.privateKey,
		};
		const published = [
			{ ...(await exportJWK(pairs.good.publicKey)), kid: "good", endorsements: ["msteams"] },
			{ ...(await exportJWK(pairs.unendorsed.publicKey)), kid: "unendorsed", endorsements: ["webchat"] },
		];
		server = createServer((request, response) => {
			response.setHeader("connection", "close");
			if (broken) response.statusCode = 500;
			response.end(
				JSON.stringify(request.url === "/keys" ? { keys: published } : { jwks_uri: `${origin}/keys` }),
			);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => new Promise((resolve) => server.close(resolve)));

	const newCheck = () =>
		createChannelTokenCheck({ metadataUrl: `${origin}/openid`, issuer: ISSUER, appId: APP_ID });

	async function bearer(
		signer: keyof typeof keys,
		claims: Readonly<Record<string, unknown>> = {},
		kid: string = signer === "stranger" ? "good" : signer,
	): Promise<string> {
		const now = Math.floor(Date.now() / 1000);
		const payload = {
			iss: ISSUER,
			aud: APP_ID,
			iat: now,
			exp: now + 600,
			serviceurl: "https://smba",
			...claims,
		};
		return `Bearer ${await new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(keys[signer])}`;
	}

	it("lets a well-signed request in", async () => {
		expect(await newCheck()(await bearer("good"))).toEqual({ admission: "admitted" });
	});

	it.each([
		["no header", async () => undefined],
		["another scheme", async () => "Basic abc"],
		["garbage", async () => "Bearer abc.def.ghi"],
		["another key under a known name", () => bearer("stranger")],
		["an unknown key", () => bearer("stranger", {}, "nobody")],
		["a key that is not endorsed for Teams", () => bearer("unendorsed")],
		["another audience", () => bearer("good", { aud: "somebody-else" })],
		["another issuer", () => bearer("good", { iss: "https://sts.windows.net/x/" })],
		["an expired token", () => bearer("good", { exp: 1_000 })],
		["a token that is not valid yet", () => bearer("good", { nbf: Math.floor(Date.now() / 1000) + 3_600 })],
		["no lifetime", () => bearer("good", { exp: undefined })],
		["no signature at all", async () => `Bearer ${unsigned()}`],
		["a secret instead of a key", () => sharedSecret()],
	])("refuses %s", async (_what, make) => {
		expect(await newCheck()(await make())).toMatchObject({ admission: "refused" });
	});

	it("does not call a request forged while the channel's keys are out of reach, and recovers", async () => {
		const check = newCheck();
		broken = true;
		expect(await check(await bearer("good"))).toMatchObject({ admission: "unavailable" });
		broken = false;
		expect(await check(await bearer("good"))).toEqual({ admission: "admitted" });
	});

	function unsigned(): string {
		const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
		return `${part({ alg: "none", kid: "good" })}.${part({ iss: ISSUER, aud: APP_ID, exp: 9_999_999_999 })}.`;
	}

	async function sharedSecret(): Promise<string> {
		const payload = { iss: ISSUER, aud: APP_ID, exp: 9_999_999_999 };
		const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
		return `Bearer ${await new SignJWT(payload).setProtectedHeader({ alg: "HS256", kid: "good" }).sign(secret)}`;
	}
});
