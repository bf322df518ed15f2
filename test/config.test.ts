import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { ConfigError, readConfig } from "../src/config.js";

const required = {
	MicrosoftAppId: "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4",
	MicrosoftAppTenantId: "11111111-1111-4111-8111-111111111111",
};

describe("settings", () => {
	it("need only the app registration", () => {
		expect(readConfig(required)).toMatchObject({
			HOST: "0.0.0.0",
			PORT: 3978,
			GRAPH_API_VERSION: "beta",
			CANCEL_ROLES: [{ name: "Entra Backup Administrator" }, { name: "Global Administrator" }],
			VIEW_ROLES: [{ name: "Entra Backup Reader" }, { name: "Global Reader" }],
			ALLOW_GUESTS: false,
			WATCH_POLL_MIN_MS: 2000,
		});
	});

	it("name every problem at once", () => {
		const wrong = { MicrosoftAppTenantId: "contoso", PORT: "many", GRAPH_ENDPOINT: "http://graph" };
		const message = problem(wrong);
		expect(message).toContain("MicrosoftAppId: is required");
		expect(message).toContain("MicrosoftAppTenantId: must be a GUID");
		expect(message).toContain("PORT: must be a whole number from 0 to 65535");
		expect(message).toContain("GRAPH_ENDPOINT: must be an https URL");
	});

	it("take roles by name, with or without Microsoft in front, and by template id", () => {
		const CANCEL_ROLES =
			"microsoft entra backup administrator, 62e90394-69f5-4237-9190-012177145e10, 00000000-0000-4000-8000-000000000001";
		expect(readConfig({ ...required, CANCEL_ROLES }).CANCEL_ROLES.map((role) => role.name)).toEqual([
			"Entra Backup Administrator",
			"Global Administrator",
			"00000000-0000-4000-8000-000000000001",
		]);
	});

	it("refuse a role nobody knows, rather than letting nobody or somebody in", () => {
		expect(problem({ ...required, CANCEL_ROLES: "Backup Boss" })).toContain("Backup Boss");
	});

	it("refuse a way of approving that there is not, rather than letting one person act alone", () => {
		expect(problem({ ...required, APPROVALS: "two persons" })).toContain("APPROVALS");
		expect(readConfig({ ...required, APPROVALS: "two-person" }).APPROVALS).toBe("two-person");
	});

	it("treat an empty value as absent", () => {
		expect(readConfig({ ...required, DATABASE_URL: "", PORT: " " })).toMatchObject({ PORT: 3978 });
		expect(readConfig({ ...required, DATABASE_URL: "" }).DATABASE_URL).toBeUndefined();
	});

	it.each([
		["PORT", "99999", "from 0 to 65535"],
		["PORT", "80.5", "a whole number"],
		["WATCH_LIMIT_HOURS", "0", "above 0, and at most 168"],
		["WATCH_LIMIT_HOURS", "forever", "a number of hours"],
		["APPROVALS_REQUIRED", "0", "from 1 to 10"],
		["LOG_LEVEL", "loud", "trace, debug, info, warn, error, fatal or silent"],
		["AZURE_AUTHORITY_HOST", "http://login.example.com", "an https URL"],
		["SERVICE_URL_HOSTS", "https://smba.example.com/", "host or host:port"],
		["SERVICE_URL_HOSTS", " , ", "at least one host"],
		["FILE_UPLOAD_HOSTS", "https://x.sharepoint.com", "host, host:port or *.host"],
		["FILE_UPLOAD_HOSTS", "*.com", "host, host:port or *.host"],
		["FILE_UPLOAD_HOSTS", "a.*.com/x", "host, host:port or *.host"],
		["ToBotFromChannelOpenIdMetadataUrl", "keys", "an http or https URL"],
	])("say of %s=%s what it must be", (name, value, sentence) => {
		expect(problems({ ...required, [name]: value })).toEqual({
			settings: [name],
			message: expect.stringContaining(sentence),
		});
	});

	it.each([
		["not a URL", "server=db;password=hush"],
		["of another database", "mysql://bot:hush@db/bot"],
		["with a # in the password", "postgres://bot:hush#hush@db/bot"],
		["with a / in the password", "postgres://bot:5/hush@db/bot"],
		["with a % in the password", "postgres://bot:hush%@db/bot"],
	])("refuse a DATABASE_URL %s, without repeating its password", (_what, DATABASE_URL) => {
		const { settings, message } = problems({ ...required, DATABASE_URL });
		expect(settings).toEqual(["DATABASE_URL"]);
		expect(message).toContain("postgres://user:password@host:5432/database");
		expect(message).not.toContain("hush");
	});

	it.each([
		"postgres://db/bot",
		"postgresql://bot:p%40ss%2Fword@db.example.com:5433/bot?sslmode=require",
		"postgres://bot@[::1]:5432/bot",
	])("take %s as DATABASE_URL", (DATABASE_URL) => {
		expect(readConfig({ ...required, DATABASE_URL })).toMatchObject({ DATABASE_URL });
	});

	it("refuse a list of roles that is empty, because nobody could cancel, unless groups may", () => {
		expect(problems({ ...required, CANCEL_ROLES: "," })).toEqual({
			settings: ["CANCEL_ROLES"],
			message: expect.stringContaining("nobody could cancel"),
		});
		const CANCEL_GROUPS = required.MicrosoftAppTenantId;
		expect(readConfig({ ...required, CANCEL_ROLES: ",", CANCEL_GROUPS }).CANCEL_ROLES).toEqual([]);
	});

	it("refuse a first poll that is slower than the slowest, also when only one of them is given", () => {
		expect(problem({ ...required, WATCH_POLL_MIN_MS: "40000" })).toContain(
			"40000 is above WATCH_POLL_MAX_MS, which is 30000",
		);
		expect(problem({ ...required, WATCH_POLL_MAX_MS: "1000" })).toContain(
			"2000 is above WATCH_POLL_MAX_MS, which is 1000",
		);
		expect(problem({ ...required, WATCH_POLL_MAX_MS: "no", WATCH_POLL_MIN_MS: "40000" })).not.toContain(
			"above",
		);
	});

	it("point out the near miss when a required setting is missing", () => {
		const { MicrosoftAppId, ...others } = required;
		expect(problem({ ...others, MicrosoftAppID: MicrosoftAppId })).toContain(
			"MicrosoftAppId: is required; MicrosoftAppID is set, but is no setting",
		);
	});

	it("name a file that is missing together with everything else that is wrong", () => {
		const AZURE_CLIENT_CERTIFICATE_PATH = "/no/such/bot.pem";
		expect(problems({ ...required, PORT: "-1", AZURE_CLIENT_CERTIFICATE_PATH })).toEqual({
			settings: ["PORT", "AZURE_CLIENT_CERTIFICATE_PATH"],
			message: expect.stringContaining("/no/such/bot.pem does not exist"),
		});
	});

	it("are all in .env.sample, with their defaults", () => {
		const sample = Object.fromEntries(
			[...readFileSync(".env.sample", "utf8").matchAll(/^([A-Za-z_]+)=(.*)$/gm)].map(([, key, value]) => [
				key,
				value,
			]),
		);
		const { MicrosoftAppId, MicrosoftAppTenantId, ...defaults } = sample;
		expect(MicrosoftAppId).toBe("");
		expect(MicrosoftAppTenantId).toBe("");
		expect(readConfig({ ...defaults, ...required })).toEqual(readConfig(required));
		expect(Object.keys(sample)).toEqual(expect.arrayContaining(Object.keys(readConfig(required))));
	});
});

function problem(environment: Record<string, string>): string {
	return problems(environment).message;
}

function problems(environment: Record<string, string>): { settings: readonly string[]; message: string } {
	try {
		readConfig(environment);
	} catch (error) {
		if (error instanceof ConfigError) return { settings: error.settings, message: error.message };
		throw error;
	}
	throw new Error("the settings were accepted");
}
