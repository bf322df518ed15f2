import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { generate } from "selfsigned";
import { createCredential } from "../../src/identity/create-credential.js";
import type { CredentialSettings } from "../../src/identity/credential-settings.js";
import { FakeEntra } from "./fake-entra.js";

const SCOPE = "https://graph.microsoft.com/.default";
const BASE: CredentialSettings = {
	appType: "SingleTenant",
	appId: "11111111-2222-4333-8444-555555555555",
	tenantId: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
	authorityHost: "https://entra.test",
};
const WITH_SECRET: CredentialSettings = { ...BASE, clientSecret: "s3cret" };

let entra: FakeEntra;
let folder: string;

beforeEach(() => {
	entra = new FakeEntra();
	folder = mkdtempSync(join(tmpdir(), "identity-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

describe("how the bot proves who it is", () => {
	it("prefers the client secret", async () => {
		const federatedTokenFile = file("token", "their-token");
		const credential = createCredential({ ...WITH_SECRET, federatedTokenFile }, { httpClient: entra });
		expect((await credential.getToken(SCOPE))?.token).toBe("token-1");
		expect(entra.tokenRequests[0]).toMatchObject({
			client_id: BASE.appId,
			client_secret: "s3cret",
			grant_type: "client_credentials",
			scope: SCOPE,
		});
	});

	it("uses a certificate before a federated token", async () => {
		const pems = await generate([{ name: "commonName", value: "bot" }]);
		const certificatePath = file("bot.pem", `${pems.private}\n${pems.cert}`);
		const federatedTokenFile = file("token", "their-token");
		const settings = { ...BASE, certificatePath, federatedTokenFile };
		await createCredential(settings, { httpClient: entra }).getToken(SCOPE);
		const [request] = entra.tokenRequests;
		expect(request?.client_assertion?.split(".")).toHaveLength(3);
		expect(request).not.toHaveProperty("client_secret");
	});

	it("uses the federated token file", async () => {
		const federatedTokenFile = file("token", "their-token\n");
		await createCredential({ ...BASE, federatedTokenFile }, { httpClient: entra }).getToken(SCOPE);
		expect(entra.tokenRequests[0]).toMatchObject({ client_assertion: "their-token" });
	});

	it("is a managed identity when nothing else is set, or when the app is one", async () => {
		// Both in one test: the library keeps the first transport it sees for all managed identities.
		const app = { ...WITH_SECRET, appType: "UserAssignedMSI", appId: "another-identity" } as const;
		for (const settings of [BASE, app]) {
			await createCredential(settings, { httpClient: entra }).getToken(SCOPE);
			expect(entra.urls.at(-1)).toContain("/metadata/identity/");
			expect(entra.urls.at(-1)).toContain(`client_id=${settings.appId}`);
		}
		expect(entra.tokenRequests).toHaveLength(0);
	});

	it("declares no client capabilities, so that no claims challenge comes", async () => {
		await createCredential(WITH_SECRET, { httpClient: entra }).getToken(SCOPE);
		expect(entra.tokenRequests[0]).not.toHaveProperty("claims");
	});
});

describe("the authority", () => {
	it("is Microsoft's public cloud unless set", async () => {
		const { authorityHost: _, ...settings } = WITH_SECRET;
		await createCredential(settings, { httpClient: entra }).getToken(SCOPE);
		expect(entra.urls.at(-1)).toContain("https://login.microsoftonline.com/");
	});

	it("is not checked with Microsoft when it is not Microsoft's", async () => {
		await createCredential(WITH_SECRET, { httpClient: entra }).getToken(SCOPE);
		for (const url of entra.urls) expect(url).toMatch(/^https:\/\/entra\.test\//);
	});

	it.each(["http://entra.test", "entra.test"])("must be https: %s", (authorityHost) => {
		expect(() => createCredential({ ...WITH_SECRET, authorityHost })).toThrow(
			"AZURE_AUTHORITY_HOST must be an https address",
		);
	});
});

describe("asking for a token", () => {
	it("is one request for callers who ask at the same time, and none while the token lasts", async () => {
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		await Promise.all([credential.getToken(SCOPE), credential.getToken(SCOPE), credential.getToken(SCOPE)]);
		await credential.getToken(SCOPE);
		expect(entra.tokenRequests).toHaveLength(1);
	});

	it("keeps the tokens of two scopes apart", async () => {
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		const [graph, connector] = await Promise.all([
			credential.getToken(SCOPE),
			credential.getToken("https://api.botframework.com/.default"),
		]);
		expect(graph?.token).not.toBe(connector?.token);
	});

	it("ends in time when Entra hangs", async () => {
		entra.behaviour = "hang";
		const credential = createCredential(WITH_SECRET, { httpClient: entra, tokenMs: 40, requestMs: 30 });
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({ code: "entra-unavailable" });
	});

	it("starts anew after a request that hung", async () => {
		const credential = createCredential(WITH_SECRET, { httpClient: entra, tokenMs: 30, requestMs: 5_000 });
		entra.behaviour = "hang";
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({ code: "entra-unavailable" });
		entra.behaviour = "grant";
		expect((await credential.getToken(SCOPE))?.token).toBe("token-1");
		entra.releaseAll();
	});

	it("ends a hung request, not only the wait for it", async () => {
		entra.behaviour = "hang";
		const credential = createCredential(WITH_SECRET, { httpClient: entra, requestMs: 30 });
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({ code: "entra-unavailable" });
		expect(entra.hanging).toBe(0);
	});

	it("does not wait as long as Entra's Retry-After says", async () => {
		entra.behaviour = "throttle";
		const credential = createCredential(WITH_SECRET, { httpClient: entra, requestMs: 40 });
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({ code: "entra-unavailable" });
	});

	it("stops when the caller no longer waits", async () => {
		entra.behaviour = "hang";
		const controller = new AbortController();
		const credential = createCredential(WITH_SECRET, { httpClient: entra, requestMs: 50 });
		const token = credential.getToken(SCOPE, { abortSignal: controller.signal });
		controller.abort();
		await expect(token).rejects.toMatchObject({ code: "entra-unavailable" });
	});

	it("tells a refusal by Entra, and does not repeat it", async () => {
		entra.behaviour = "refuse";
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({
			name: "TokenProblem",
			code: "entra-refused",
			message: expect.stringContaining("AADSTS7000215"),
		});
		expect(entra.tokenRequests).toHaveLength(1);
	});

	it("does not take trouble at Entra for a refusal", async () => {
		entra.behaviour = "trouble";
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({ code: "entra-unavailable" });
		expect(entra.tokenRequests).toHaveLength(2);
	});
});

describe("renewing a token", () => {
	it("brings another one", async () => {
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		await credential.getToken(SCOPE);
		expect(credential.renew("token-1")).toBe(true);
		expect((await credential.getToken(SCOPE))?.token).toBe("token-2");
	});

	it("does nothing when the token has been renewed already", async () => {
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		await credential.getToken(SCOPE);
		credential.renew("token-1");
		await credential.getToken(SCOPE);
		expect(credential.renew("token-1")).toBe(true);
		expect((await credential.getToken(SCOPE))?.token).toBe("token-2");
	});

	it("bothers Entra at most once a minute", async () => {
		let now = 0;
		const credential = createCredential(WITH_SECRET, { httpClient: entra, now: () => now });
		await credential.getToken(SCOPE);
		credential.renew("token-1");
		await credential.getToken(SCOPE);
		now = 59_999;
		expect(credential.renew("token-2")).toBe(false);
		now = 60_000;
		expect(credential.renew("token-2")).toBe(true);
	});

	it("is not confused by the token of another scope", async () => {
		const credential = createCredential(WITH_SECRET, { httpClient: entra });
		const graph = (await credential.getToken(SCOPE))?.token ?? "";
		await credential.getToken("https://api.botframework.com/.default");
		expect(credential.renew(graph)).toBe(true);
		expect((await credential.getToken(SCOPE))?.token).not.toBe(graph);
	});

	it("is impossible for a managed identity", async () => {
		const credential = createCredential(BASE, { httpClient: entra });
		expect(credential.renew((await credential.getToken(SCOPE))?.token ?? "")).toBe(false);
	});
});
