import { describe, expect, it } from "@jest/globals";
import { readConfig } from "../src/config.js";
import { credentialSettings, moveLimits, policySettings } from "../src/settings-for.js";

const APP = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const TENANT = "11111111-1111-4111-8111-111111111111";
const OWN_ROLE = "00000000-0000-4000-8000-000000000001";
const GROUP = "00000000-0000-4000-8000-000000000002";

function config(settings: Readonly<Record<string, string>> = {}) {
	return readConfig({ MicrosoftAppId: APP, MicrosoftAppTenantId: TENANT, ...settings });
}

describe("what the credential gets of the settings", () => {
	it("is the app and its tenant, and nothing of what is not set", () => {
		expect(credentialSettings(config())).toStrictEqual({
			appType: "SingleTenant",
			appId: APP,
			tenantId: TENANT,
		});
	});

	it.each([
		["MicrosoftAppPassword", "clientSecret", "s3cret"],
		["AZURE_CLIENT_CERTIFICATE_PATH", "certificatePath", "/keys/bot.pem"],
		["AZURE_FEDERATED_TOKEN_FILE", "federatedTokenFile", "/keys/token"],
		["AZURE_AUTHORITY_HOST", "authorityHost", "https://login.example"],
	])("is %s as its %s", (setting, name, value) => {
		const settings = credentialSettings({ ...config(), [setting]: value });
		expect(settings).toStrictEqual({ appType: "SingleTenant", appId: APP, tenantId: TENANT, [name]: value });
	});

	it("is the kind of the app", () => {
		const { appType } = credentialSettings(config({ MicrosoftAppType: "UserAssignedMSI" }));
		expect(appType).toBe("UserAssignedMSI");
	});
});

describe("what the policy gets of the settings", () => {
	it("is strict by default", () => {
		const { tenantId, allowGuests, reasonRequired, cancelGroups } = policySettings(config());
		expect({ tenantId, allowGuests, reasonRequired, cancelGroups }).toEqual({
			tenantId: TENANT,
			allowGuests: false,
			reasonRequired: false,
			cancelGroups: [],
		});
	});

	it("is what was set, each in its place", () => {
		expect(policySettings(config({ ALLOW_GUESTS: "true", CANCEL_GROUPS: GROUP }))).toMatchObject({
			allowGuests: true,
			reasonRequired: false,
			cancelGroups: [GROUP],
		});
		expect(policySettings(config({ REASON_REQUIRED: "true" }))).toMatchObject({
			allowGuests: false,
			reasonRequired: true,
		});
	});

	it("lets whoever may cancel look, too, and names each role once", () => {
		const { cancelRoles, viewRoles } = policySettings(
			config({
				CANCEL_ROLES: `${OWN_ROLE}, Global Administrator`,
				VIEW_ROLES: "Global Reader, Global Administrator",
			}),
		);
		expect(cancelRoles.map(({ name }) => name)).toEqual([OWN_ROLE, "Global Administrator"]);
		expect(viewRoles.map(({ name }) => name)).toEqual([OWN_ROLE, "Global Administrator", "Global Reader"]);
	});
});

describe("what a cancellation gets of the settings", () => {
	it("is its times in milliseconds, and a quarter of an hour to get a clear answer", () => {
		const limits = moveLimits(
			config({ WATCH_POLL_MIN_MS: "100", WATCH_POLL_MAX_MS: "700", WATCH_LIMIT_HOURS: "1.5" }),
		);
		expect(limits).toEqual({
			poll: { minMs: 100, maxMs: 700 },
			watchLimitMs: 5_400_000,
			submitLimitMs: 900_000,
		});
	});
});
