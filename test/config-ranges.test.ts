import { describe, expect, it } from "@jest/globals";
import { ConfigError, readConfig } from "../src/config.js";

const required = {
	MicrosoftAppId: "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4",
	MicrosoftAppTenantId: "11111111-1111-4111-8111-111111111111",
};
const read = (more: Record<string, string>) => readConfig({ ...required, ...more });

describe("every setting's default", () => {
	it("is what the README and .env.sample promise", () => {
		expect(readConfig(required)).toEqual({
			...required,
			HOST: "0.0.0.0",
			PORT: 3978,
			MicrosoftAppType: "SingleTenant",
			SERVICE_URL_HOSTS: [
				"smba.trafficmanager.net",
				"smba.infra.gcc.teams.microsoft.com",
				"smba.infra.gov.teams.microsoft.us",
				"smba.infra.dod.teams.microsoft.us",
			],
			FILE_UPLOAD_HOSTS: ["*.sharepoint.com", "*.sharepoint.us", "*.sharepoint-mil.us"],
			GRAPH_ENDPOINT: "https://graph.microsoft.com",
			GRAPH_API_VERSION: "beta",
			DATABASE_PREPARED_STATEMENTS: true,
			ADMIN_CENTER_URL: "https://entra.microsoft.com",
			DATA_DIR: ".data",
			CANCEL_ROLES: [
				{ id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" },
				{ id: "62e90394-69f5-4237-9190-012177145e10", name: "Global Administrator" },
			],
			CANCEL_GROUPS: [],
			VIEW_ROLES: [
				{ id: "f42252d9-5400-4d7b-b9ef-cc582dbb8577", name: "Entra Backup Reader" },
				{ id: "f2ef992c-3afb-46b9-b7cf-a126ee74c451", name: "Global Reader" },
			],
			ALLOW_GUESTS: false,
			APPROVALS: "on-request",
			APPROVALS_REQUIRED: 1,
			APPROVAL_REMIND_AFTER_PERCENT: 50,
			APPROVAL_REMIND_BEFORE_MINUTES: 5,
			EMERGENCY_OVERRIDE: false,
			APPROVAL_TTL_MINUTES: 60,
			REASON_REQUIRED: false,
			ALERT_POLL_MS: 15_000,
			ONCALL_ACK_MINUTES: 10,
			TEAMS_REQUESTS_PER_SECOND: 50,
			WATCH_POLL_MIN_MS: 2_000,
			WATCH_POLL_MAX_MS: 30_000,
			WATCH_LIMIT_HOURS: 36,
			LOG_LEVEL: "info",
		});
	});
});

describe("a number", () => {
	it.each([
		["PORT", 0, 65_535],
		["APPROVALS_REQUIRED", 1, 10],
		["APPROVAL_REMIND_AFTER_PERCENT", 0, 99],
		["APPROVAL_REMIND_BEFORE_MINUTES", 0, 10_080],
		["APPROVAL_TTL_MINUTES", 1, 10_080],
		["ALERT_POLL_MS", 1_000, 3_600_000],
		["ONCALL_ACK_MINUTES", 1, 1_440],
		["TEAMS_REQUESTS_PER_SECOND", 10, 10_000],
		["WATCH_POLL_MIN_MS", 50, 600_000],
		["WATCH_POLL_MAX_MS", 50, 3_600_000],
		["WATCH_LIMIT_HOURS", 0.5, 168],
	] as const)("%s may be %d to %d, and nothing beyond", (name, least, most) => {
		// The slowest poll may not be quicker than the first one.
		const others = { WATCH_POLL_MIN_MS: "50", WATCH_POLL_MAX_MS: "3600000" };
		expect(read({ ...others, [name]: String(least) })[name]).toBe(least);
		expect(read({ ...others, [name]: String(most) })[name]).toBe(most);
		for (const wrong of [least - 1, most + 1, "many", "NaN", "Infinity"])
			expect(() => read({ [name]: String(wrong) })).toThrow(new RegExp(`missing or wrong\\. ${name}: `, "u"));
	});

	it.each(["PORT", "WATCH_POLL_MIN_MS", "APPROVALS_REQUIRED"])("%s is whole", (name) => {
		expect(() => read({ [name]: "60.5" })).toThrow(`${name}: must be a whole number`);
	});
});

describe("a setting of words", () => {
	it.each([
		["ALLOW_GUESTS", "yes", "must be true or false"],
		["REASON_REQUIRED", "TRUE", "must be true or false"],
		["GRAPH_API_VERSION", "v2.0", "must be beta or v1.0"],
		["MicrosoftAppType", "MultiTenant", "must be SingleTenant or UserAssignedMSI"],
		["APPROVALS", "two", "must be off, on-request or two-person"],
		["AZURE_AUTHORITY_HOST", "entra", "must be an https URL"],
		["GRAPH_ENDPOINT", "ftp://graph", "must be an https URL"],
		["ADMIN_CENTER_URL", "http://entra", "must be an https URL"],
		["CANCEL_GROUPS", "admins", "must be a GUID"],
		["LOG_LEVEL", "loud", ""],
	])("%s is not %s", (name, value, why) => {
		expect(() => read({ [name]: value })).toThrow(`missing or wrong. ${name}: ${why}`);
		expect(() => read({ [name]: value })).toThrow(ConfigError);
	});

	it("may be any that is named", () => {
		expect(read({ ALLOW_GUESTS: "true", REASON_REQUIRED: "true", APPROVALS: "off" })).toMatchObject({
			ALLOW_GUESTS: true,
			REASON_REQUIRED: true,
			APPROVALS: "off",
		});
		expect(
			read({ GRAPH_ENDPOINT: "https://graph.test//", SERVICE_URL_HOSTS: " A.test:5443 ,, b " }),
		).toMatchObject({
			GRAPH_ENDPOINT: "https://graph.test",
			SERVICE_URL_HOSTS: ["a.test:5443", "b"],
		});
	});
});
