import { describe, expect, it } from "@jest/globals";
import { SETTING_NAMES } from "../src/config.js";
import { findMisspelt } from "../src/misspelt-settings.js";

describe("a name that is nearly a setting's", () => {
	it.each([
		["CANCEL_ROLE", "CANCEL_ROLES"],
		["CANCEL_ROELS", "CANCEL_ROLES"],
		["WATCH_POLL_MINMS", "WATCH_POLL_MIN_MS"],
		["MicrosoftAppID", "MicrosoftAppId"],
		["MICROSOFT_APP_PASSWORD", "MicrosoftAppPassword"],
		["microsoftapptenantid", "MicrosoftAppTenantId"],
		["DATABASE_URLS", "DATABASE_URL"],
		["DATADIR", "DATA_DIR"],
		["port", "PORT"],
	])("is found: %s for %s", (written, meant) => {
		expect(findMisspelt({ [written]: "x" }, SETTING_NAMES)).toEqual([{ written, meant }]);
	});

	it("is none of the names that other programs use", () => {
		const others =
			"PATH HOME HOSTNAME HOSTS PORTS PWD USER LANG SHELL LOGNAME NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS " +
			"npm_config_loglevel npm_package_name XDG_DATA_DIRS PGDATA PGHOST PGPORT AZURE_CLIENT_ID AZURE_TENANT_ID " +
			"AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PASSWORD IDENTITY_ENDPOINT WEBSITE_HOSTNAME AUTH_URL " +
			"KUBERNETES_SERVICE_HOST KUBERNETES_PORT BOT_SERVICE_HOST BOT_PORT DATABASE_HOST DATABASE_USER SANDBOX_PORT";
		expect(
			findMisspelt(Object.fromEntries(others.split(" ").map((name) => [name, "x"])), SETTING_NAMES),
		).toEqual([]);
	});

	it("is none of the settings themselves, and nothing that is empty", () => {
		expect(findMisspelt({ CANCEL_ROLES: "x", APPROVALS: "off", CANCEL_ROLE: " " }, SETTING_NAMES)).toEqual(
			[],
		);
	});
});
