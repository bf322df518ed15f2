import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { type Cloud, startCloud } from "../../sandbox/cloud/start-cloud.js";
import { startTestCloud } from "../start-test-cloud.js";
import { askForToken, bearer, call } from "./call.js";
import { TurnedClock } from "./turned-clock.js";

describe("the local Entra", () => {
	const clock = new TurnedClock();
	let cloud: Cloud;
	beforeAll(async () => {
		cloud = await startTestCloud({ now: clock.now });
	});
	afterAll(() => cloud?.stop());

	it("shows a certificate that its authority signed, for the name and for the address", async () => {
		const url = `${cloud.origin}/${cloud.tenantId}/v2.0/.well-known/openid-configuration`;
		expect((await call(cloud, url)).status).toBe(200);
		expect((await call(cloud, url.replace("localhost", "127.0.0.1"))).status).toBe(200);
	});

	it("is trusted by whoever takes the server's chain as authority, as NODE_EXTRA_CA_CERTS does", async () => {
		const url = `${cloud.origin}/${cloud.tenantId}/discovery/v2.0/keys`;
		expect((await call(cloud, url, { ca: cloud.tls.cert })).status).toBe(200);
	});

	it("is not trusted by whoever trusts another cloud", async () => {
		const other = await startCloud();
		await expect(call(other, cloud.origin)).rejects.toThrow(/certificate/u);
		await other.stop();
	});

	it("publishes the documents that MSAL reads", async () => {
		const base = `${cloud.origin}/${cloud.tenantId}`;
		const { json } = await call(cloud, `${base}/v2.0/.well-known/openid-configuration`);
		expect(json).toMatchObject({ issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` });
		expect((await call(cloud, json.jwks_uri)).json.keys).toHaveLength(1);
	});

	it("gives one token for Graph and another for the connector, each for an hour", async () => {
		const graph = await askForToken(cloud);
		const connector = await askForToken(cloud, { scope: "https://api.botframework.com/.default" });
		const claims = [graph, connector].map(({ json }) =>
			JSON.parse(Buffer.from(json.access_token.split(".")[1], "base64url").toString()),
		);
		expect(claims.map(({ aud }) => aud)).toEqual([
			"https://graph.microsoft.com",
			"https://api.botframework.com",
		]);
		expect(claims[0]).toMatchObject({ appid: cloud.appId, tid: cloud.tenantId });
		expect(claims[0].exp - claims[0].iat).toBe(3_600);
		expect(decodeProtectedHeader(graph.json.access_token).alg).toBe("RS256");
	});

	it.each([
		["another secret", { client_secret: "wrong" }, 401, "invalid_client"],
		["another app", { client_id: "somebody" }, 400, "unauthorized_client"],
		["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
		["a resource that it does not know", { scope: "https://elsewhere/.default" }, 400, "invalid_scope"],
	])("refuses %s", async (_what, form, status, error) => {
		const answer = await askForToken(cloud, form);
		expect(answer).toMatchObject({ status, json: { error } });
		expect(answer.json.error_description).toMatch(/^AADSTS\d+: /u);
	});

	it("does not know another tenant", async () => {
		const answer = await call(cloud, `${cloud.origin}/elsewhere/oauth2/v2.0/token`, { method: "POST" });
		expect(answer.json.error_description).toMatch(/^AADSTS90002/u);
	});

	it("keeps nothing in common with a second cloud", async () => {
		const other = await startCloud({ now: clock.now });
		const headers = await bearer(cloud, "https://graph.microsoft.com");
		cloud.addJob({});
		expect((await call(other, `${other.origin}/v1.0/directory/recovery/jobs`, { headers })).status).toBe(401);
		expect(other.requests).toHaveLength(1);
		await other.stop();
	});
});

describe("the channel's identity", () => {
	let cloud: Cloud;
	beforeAll(async () => {
		cloud = await startTestCloud();
	});
	afterAll(() => cloud?.stop());

	async function check(token: string): Promise<object> {
		const { json: metadata } = await call(cloud, cloud.channel.metadataUrl);
		const { json: keys } = await call(cloud, metadata.jwks_uri);
		const find = createLocalJWKSet(keys);
		const { payload } = await jwtVerify(token, find, { issuer: metadata.issuer, audience: cloud.appId });
		return payload;
	}

	it("publishes a key that is endorsed for Teams", async () => {
		const { json } = await call(cloud, `${cloud.origin}/channel/keys`);
		expect(json.keys[0]).toMatchObject({ endorsements: ["msteams"], alg: "RS256" });
		expect(json.keys[0]).not.toHaveProperty("d");
	});

	it("signs what the published key confirms", async () => {
		const token = await cloud.channel.sign({ serviceurl: "https://localhost/teams/" });
		expect(await check(token)).toMatchObject({
			iss: "https://api.botframework.com",
			aud: cloud.appId,
			serviceurl: "https://localhost/teams/",
		});
	});

	it.each([
		["another key under the known name", () => cloud.channel.forge({})],
		["a key that was never published", () => cloud.channel.sign({}, { kid: "unknown" })],
		["another audience", () => cloud.channel.sign({ aud: "somebody" })],
		["another issuer", () => cloud.channel.sign({ iss: "https://sts.windows.net/x/" })],
		["an expired token", () => cloud.channel.sign({ exp: 1_000 })],
	])("can make %s, which does not hold", async (_what, make) => {
		await expect(check(await make())).rejects.toThrow();
	});

	it("can leave out the service URL", async () => {
		expect(await check(await cloud.channel.sign({}))).not.toHaveProperty("serviceurl");
	});
});
