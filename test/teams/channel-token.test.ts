import { createHmac, createSign } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createChannelTokenCheck } from "../../src/teams/channel-token.js";
import { turnDate } from "../turn-date.js";
import { APP_ID, FakeChannel, ISSUER } from "./fake-channel.js";

const NOW = Date.parse("2026-11-23T03:00:00Z");
const NOW_SECONDS = NOW / 1_000;
describe("the channel's token", () => {
	let channel: FakeChannel;
	beforeEach(async () => {
		turnDate(NOW);
		channel = new FakeChannel();
		await channel.start();
		await channel.addKey("good", { endorsements: ["facebook", "msteams"] });
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		jest.useRealTimers();
		await channel.stop();
	});

	const newCheck = () =>
		createChannelTokenCheck({ metadataUrl: channel.metadataUrl, issuer: ISSUER, appId: APP_ID });

	it("lets a well-signed request in, in whatever case the scheme is written", async () => {
		const header = await channel.bearer();
		expect(await newCheck()(header)).toEqual({ admission: "admitted" });
		expect(await newCheck()(header.replace("Bearer ", "bearer  "))).toEqual({ admission: "admitted" });
	});

	const refused: readonly (readonly [string, () => Promise<string | undefined>, string | RegExp])[] = [
		["no header", async () => undefined, "no bearer token"],
		["an empty header", async () => "", "no bearer token"],
		["another scheme", async () => "Basic abc", "no bearer token"],
		["a scheme without a token", async () => "Bearer ", "no bearer token"],
		["two tokens", async () => `${await channel.bearer()} x`, "no bearer token"],
		["something before the scheme", async () => `x ${await channel.bearer()}`, "no bearer token"],
		["garbage", async () => "Bearer abc.def.ghi", /./u],
		["a token of two parts", async () => (await channel.bearer()).replace(/\.[^.]*$/u, ""), /./u],
		["another audience", () => channel.bearer({ aud: "somebody-else" }), /"aud"/u],
		["no audience", () => channel.bearer({ aud: undefined }), /"aud"/u],
		["another issuer", () => channel.bearer({ iss: "https://sts.windows.net/x/" }), /"iss"/u],
		["no issuer", () => channel.bearer({ iss: undefined }), /"iss"/u],
		["no lifetime", () => channel.bearer({ exp: undefined }), /"exp"/u],
		["a lifetime that is no number", () => channel.bearer({ exp: "tomorrow" }), /"exp"/u],
	];
	it.each(refused)("refuses %s", async (_what, make, why) => {
		expect(await newCheck()(await make())).toEqual({
			admission: "refused",
			why: typeof why === "string" ? why : expect.stringMatching(why),
		});
	});

	it.each([
		["ended 299 s ago", { exp: NOW_SECONDS - 299 }, "admitted"],
		["ended 300 s ago", { exp: NOW_SECONDS - 300 }, "refused"],
		["begins in 300 s", { nbf: NOW_SECONDS + 300 }, "admitted"],
		["begins in 301 s", { nbf: NOW_SECONDS + 301 }, "refused"],
	])("forgives clocks that differ by five minutes, and no more: it %s", async (_when, claims, admission) => {
		expect(await newCheck()(await channel.bearer(claims))).toMatchObject({ admission });
	});

	describe("is refused when it is signed", () => {
		const isRefused = async (header: string) =>
			expect(await newCheck()(header)).toMatchObject({ admission: "refused" });

		it("by another key under a known name", async () => {
			await channel.addKey("stranger", undefined);
			await isRefused(await channel.bearer({}, { signer: "stranger", kid: "good" }));
		});

		it("by a key that was never published", async () => {
			await channel.addKey("stranger", undefined);
			await isRefused(await channel.bearer({}, { signer: "stranger" }));
		});

		it("not at all", async () => {
			await isRefused(`Bearer ${unsigned("none")}.`);
			await isRefused(`Bearer ${unsigned("None")}.`);
			await isRefused(`Bearer ${unsigned("RS256")}.`);
		});

		it("with the published key taken for a secret", async () => {
			const head = unsigned("HS256");
			for (const secret of [channel.spki("good"), channel.spki("good").trim()])
				await isRefused(`Bearer ${head}.${createHmac("sha256", secret).update(head).digest("base64url")}`);
		});

		it.each(["RS384", "RS512", "PS256"])("by the right key with %s", async (alg) => {
			const pem = await channel.privatePem("good");
			const head = unsigned(alg);
			const hash = `sha${alg.slice(2)}`;
			const padding = alg.startsWith("PS") ? { padding: 6, saltLength: 32 } : {};
			const signature = createSign(hash)
				.update(head)
				.sign({ key: pem, ...padding }, "base64url");
			await isRefused(`Bearer ${head}.${signature}`);
		});

		it("by a key that is endorsed for other channels only", async () => {
			await channel.addKey("webchat", { endorsements: ["webchat", "msteams2"] });
			expect(await newCheck()(await channel.bearer({}, { signer: "webchat" }))).toEqual({
				admission: "refused",
				why: "the signing key is not endorsed for Teams",
			});
		});
	});

	it("is refused when it does not name its key, even where there is but one", async () => {
		expect(await newCheck()(await channel.bearer({}, { kid: undefined }))).toEqual({
			admission: "refused",
			why: "the token does not name its key",
		});
	});

	it.each([
		["no endorsements", {}],
		["an empty list of endorsements", { endorsements: [] }],
		["endorsements that are no list", { endorsements: "msteams" }],
	])("is good when its key says nothing of channels: %s", async (_what, more) => {
		await channel.addKey("plain", more);
		expect(await newCheck()(await channel.bearer({}, { signer: "plain" }))).toEqual({
			admission: "admitted",
		});
	});

	it("is good after the channel changed its keys, and bad once its key was withdrawn", async () => {
		const check = newCheck();
		expect(await check(await channel.bearer())).toEqual({ admission: "admitted" });
		await channel.addKey("next", { endorsements: ["msteams"] });
		channel.withdrawKey("good");
		turnDate(NOW + 60_000);
		expect(await check(await channel.bearer({}, { signer: "next" }))).toEqual({ admission: "admitted" });
		expect(await check(await channel.bearer())).toMatchObject({ admission: "refused" });
	});

	it("is judged by keys that are fetched once", async () => {
		const check = newCheck();
		const header = await channel.bearer();
		await Promise.all([check(header), check(header)]);
		await check(header);
		expect(channel.asked).toEqual(["/openid", "/keys"]);
	});

	describe("cannot be judged", () => {
		it.each([
			["openid", { status: 500, body: "{}" }, "answered 500"],
			["openid", { status: 404, body: "{}" }, "answered 404"],
			["openid", { status: 200, body: "<html>" }, "JSON"],
			["openid", { status: 200, body: "{}" }, "jwks_uri"],
			["openid", { status: 200, body: '{"jwks_uri":"keys"}' }, "jwks_uri"],
			["keys", { status: 500, body: "{}" }, "200 OK"],
			["keys", { status: 200, body: "<html>" }, "JSON"],
			["keys", { status: 200, body: "{}" }, "JSON Web Key Set"],
		] as const)(
			"while the address of the %s answers %j, and is not called forged",
			async (which, answer, why) => {
				const check = newCheck();
				const header = await channel.bearer();
				channel.broken[which] = answer;
				expect(await check(header)).toEqual({
					admission: "unavailable",
					why: expect.stringContaining(why),
				});
				delete channel.broken[which];
				expect(await check(header)).toEqual({ admission: "admitted" });
			},
		);

		it("while nobody answers", async () => {
			const header = await channel.bearer();
			const check = newCheck();
			await channel.stop();
			expect(await check(header)).toMatchObject({ admission: "unavailable" });
		});

		it.each([1, 2])("when request number %d for the keys takes more than five seconds", async (slow) => {
			const header = await channel.bearer();
			const signals = jest.spyOn(AbortSignal, "timeout");
			const outOfTime = AbortSignal.abort(new DOMException("out of time", "TimeoutError"));
			if (slow === 2) signals.mockReturnValueOnce(new AbortController().signal);
			signals.mockReturnValueOnce(outOfTime);
			expect(await newCheck()(header)).toMatchObject({ admission: "unavailable" });
			expect(signals.mock.calls).toEqual(Array.from({ length: slow }, () => [5_000]));
		});
	});

	/** Header and claims of a token that would be genuine, were it signed. */
	function unsigned(alg: string): string {
		const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
		const claims = { iss: ISSUER, aud: APP_ID, exp: NOW_SECONDS + 600 };
		return `${part({ alg, kid: "good" })}.${part(claims)}`;
	}
});
