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
		expect(message).toContain("PORT: must be a number");
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

	it("refuse approvals that this version does not have, rather than letting one person act alone", () => {
		expect(problem({ ...required, APPROVALS: "two-person" })).toContain("APPROVALS");
	});

	it("treat an empty value as absent", () => {
		expect(readConfig({ ...required, DATABASE_URL: "", PORT: " " })).toMatchObject({ PORT: 3978 });
		expect(readConfig({ ...required, DATABASE_URL: "" }).DATABASE_URL).toBeUndefined();
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
	try {
		readConfig(environment);
	} catch (error) {
		if (error instanceof ConfigError) return error.message;
		throw error;
	}
	throw new Error("the settings were accepted");
}
