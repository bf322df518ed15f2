import { ClientSecretCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createCredential } from "../../src/identity/create-credential.js";
import type { CredentialSettings } from "../../src/identity/credential-settings.js";
import { turnDate } from "../turn-date.js";
import { waitFor } from "../wait-for.js";
import { FakeEntra } from "./fake-entra.js";

const SCOPE = "https://graph.microsoft.com/.default";
const OTHER_SCOPE = "https://api.botframework.com/.default";
const SETTINGS: CredentialSettings = {
	appType: "SingleTenant",
	appId: "11111111-2222-4333-8444-555555555555",
	tenantId: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
	authorityHost: "https://entra.test",
	clientSecret: "s3cret",
};

describe("a credential in trouble", () => {
	let entra: FakeEntra;
	const asked = (times: number) =>
		waitFor(
			"Entra to be asked",
			() => entra.tokenRequests.length,
			(seen) => seen >= times,
		);
	beforeEach(() => {
		entra = new FakeEntra();
	});
	afterEach(() => {
		entra.releaseAll();
		jest.restoreAllMocks();
		jest.useRealTimers();
	});
	const credentialWith = (options: object = {}) =>
		createCredential(SETTINGS, { httpClient: entra, ...options });

	it.each([
		[200, "entra-unavailable"],
		[399, "entra-unavailable"],
		[400, "entra-refused"],
		[401, "entra-refused"],
		[404, "entra-refused"],
		[499, "entra-refused"],
		[408, "entra-unavailable"],
		[429, "entra-unavailable"],
		[500, "entra-unavailable"],
		[503, "entra-unavailable"],
	])("tells an answer of %d as %s, with its cause", async (status, code) => {
		entra.behaviour = { status };
		const problem = await credentialWith()
			.getToken(SCOPE)
			.catch((error: unknown) => error);
		expect(problem).toMatchObject({ name: "TokenProblem", code, cause: { name: expect.any(String) } });
		expect((problem as Error).message).toBe(((problem as Error).cause as Error).message);
	});

	it("asks again after a refusal", async () => {
		const credential = credentialWith();
		entra.behaviour = "refuse";
		await expect(credential.getToken(SCOPE)).rejects.toMatchObject({ code: "entra-refused" });
		entra.behaviour = "grant";
		expect((await credential.getToken(SCOPE))?.token).toBe("token-1");
	});

	it("asks again once a token has expired", async () => {
		const credential = credentialWith();
		expect((await credential.getToken(SCOPE))?.token).toBe("token-1");
		turnDate(Date.now() + 3_600_000);
		expect((await credential.getToken(SCOPE))?.token).toBe("token-2");
	});

	describe("with a token", () => {
		const granted = Date.parse("2026-08-20T10:00:00Z");
		const library = () => jest.spyOn(ClientSecretCredential.prototype, "getToken");
		const give = (minutes: { expires: number; refresh?: number }) =>
			library().mockImplementation(async () => ({
				token: `token-of-${new Date().toISOString()}`,
				expiresOnTimestamp: granted + minutes.expires * 60_000,
				...(minutes.refresh === undefined
					? {}
					: { refreshAfterTimestamp: granted + minutes.refresh * 60_000 }),
			}));

		it.each([
			["five minutes before its end", { expires: 60 }, 55],
			["the library would replace it", { expires: 1_440, refresh: 720 }, 720],
		])("hands it out by itself until %s", async (_when, minutes, until) => {
			turnDate(granted);
			const asked = give(minutes);
			const credential = credentialWith();
			const first = await credential.getToken(SCOPE);
			turnDate(granted + until * 60_000 - 1);
			expect(await credential.getToken(SCOPE)).toBe(first);
			expect(asked).toHaveBeenCalledTimes(1);
			turnDate(granted + until * 60_000);
			expect((await credential.getToken(SCOPE))?.token).not.toBe(first?.token);
			expect(asked).toHaveBeenCalledTimes(2);
		});

		it("gives none to a caller who no longer waits", async () => {
			turnDate(granted);
			give({ expires: 60 });
			const credential = credentialWith();
			await credential.getToken(SCOPE);
			await expect(credential.getToken(SCOPE, { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
				code: "entra-unavailable",
			});
		});
	});

	it("says how long it waited", async () => {
		entra.behaviour = "hang";
		await expect(credentialWith({ tokenMs: 20 }).getToken(SCOPE)).rejects.toMatchObject({
			code: "entra-unavailable",
			message: "no token from Entra within 20 ms",
		});
	});

	it("lets one caller stop waiting, before or during the wait, and the others go on", async () => {
		entra.behaviour = "hold";
		const credential = credentialWith();
		const controller = new AbortController();
		const leaving = credential.getToken(SCOPE, { abortSignal: controller.signal });
		const staying = credential.getToken(SCOPE);
		const stopped = { code: "entra-unavailable", message: "the caller stopped waiting for a token" };
		controller.abort();
		await expect(leaving).rejects.toMatchObject(stopped);
		await expect(credential.getToken(SCOPE, { abortSignal: AbortSignal.abort() })).rejects.toMatchObject(
			stopped,
		);
		await asked(1);
		entra.grantAll();
		expect((await staying)?.token).toBe("token-1");
		expect(entra.tokenRequests).toHaveLength(1);
	});

	it("leaves no timer and no listener behind", async () => {
		const { signal } = new AbortController();
		const listening = new Set<unknown>();
		signal.addEventListener = (_type: string, listener: unknown) => void listening.add(listener);
		signal.removeEventListener = (type: string, listener: unknown) =>
			void (type === "abort" && listening.delete(listener));
		const cleared = jest.spyOn(globalThis, "clearTimeout");
		const set = jest.spyOn(globalThis, "setTimeout");
		const token = credentialWith({ tokenMs: 54_321 }).getToken(SCOPE, { abortSignal: signal });
		expect(listening.size).toBe(1);
		await token;
		expect(listening.size).toBe(0);
		const timer = set.mock.results[set.mock.calls.findIndex(([, ms]) => ms === 54_321)]?.value;
		expect(timer).toBeDefined();
		expect(cleared.mock.calls.map(([cancelled]) => cancelled)).toContain(timer);
	});

	it("takes a token that comes after a renewal for a spent one", async () => {
		const credential = credentialWith({ now: () => 0 });
		await credential.getToken(SCOPE);
		entra.behaviour = "hold";
		const late = credential.getToken(OTHER_SCOPE);
		await asked(2);
		expect(credential.renew("token-1")).toBe(true);
		entra.grantAll();
		expect((await late)?.token).toBe("token-2");
		expect(credential.renew("token-2")).toBe(true);
	});

	it("does not forget a newer request when an older one ends", async () => {
		const credential = credentialWith({ now: () => 0 });
		await credential.getToken(SCOPE);
		entra.behaviour = "hold";
		const older = credential.getToken(OTHER_SCOPE);
		await asked(2);
		const grantOlder = entra.grantAll;
		credential.renew("token-1");
		const newer = credential.getToken(OTHER_SCOPE);
		await asked(3);
		grantOlder();
		await older;
		const joined = credential.getToken(OTHER_SCOPE);
		entra.grantAll();
		expect((await joined)?.token).toBe((await newer)?.token);
		expect(entra.tokenRequests).toHaveLength(3);
	});

	it("measures the time between renewals by the process's own clock", async () => {
		const clock = jest.spyOn(performance, "now").mockReturnValue(1_000);
		const credential = credentialWith();
		await credential.getToken(SCOPE);
		expect(credential.renew("token-1")).toBe(true);
		await credential.getToken(SCOPE);
		clock.mockReturnValue(60_999);
		expect(credential.renew("token-2")).toBe(false);
		clock.mockReturnValue(61_000);
		expect(credential.renew("token-2")).toBe(true);
	});
});
