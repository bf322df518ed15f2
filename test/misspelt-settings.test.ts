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
		["PROT", "PORT"],
		["HSOT", "HOST"],
		["LOG_LEVL", "LOG_LEVEL"],
		["LOG_LEVELS", "LOG_LEVEL"],
		["DATA_DIRR", "DATA_DIR"],
		["DATA_DRI", "DATA_DIR"],
		["DATA_DIRECTORY", "DATA_DIR"],
		["DataDirectory", "DATA_DIR"],
		["OAuthUlr", "OAuthUrl"],
		["VIEW_ROELS", "VIEW_ROLES"],
		["WATCH_POLL_MX_MS", "WATCH_POLL_MAX_MS"],
		["WATCH_POLL_MAX_MSEC", "WATCH_POLL_MAX_MS"],
	])("is found: %s for %s", (written, meant) => {
		expect(findMisspelt({ [written]: "x" }, SETTING_NAMES)).toEqual([{ written, meant }]);
	});

	it("is none of the names that other programs use", () => {
		const others =
			"PATH HOME HOSTNAME HOSTTYPE HOSTS PORTS PORTAL POST PWD OLDPWD USER LANG SHELL SHLVL RUNLEVEL LOGNAME " +
			"NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_PORT NODE_HOST POD_NAME POD_NAMESPACE POD_IP HOST_IP " +
			"LOG_DIR LOG_FILE LOG_FORMAT LOG_LEVEL_ROOT BLOG_LEVEL DATA_URL DATA_DIR_MODE DATADOG DATABASE_URL_READONLY " +
			"npm_config_loglevel npm_package_name XDG_DATA_DIRS PGDATA PGHOST PGPORT AZURE_CLIENT_ID AZURE_TENANT_ID " +
			"AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PASSWORD IDENTITY_ENDPOINT WEBSITE_HOSTNAME AUTH_URL " +
			"KUBERNETES_SERVICE_HOST KUBERNETES_PORT BOT_SERVICE_HOST BOT_PORT DATABASE_HOST DATABASE_USER SANDBOX_PORT " +
			"DATABASE_PORT DATABASE_SERVICE_HOST DATABASE_SERVICE_PORT DATA_PORT DATA_SERVICE_HOST LOG_PORT LOGS_PORT " +
			"LOG_PORT_80_TCP_ADDR LOG_SERVICE_PORT_HTTP";
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
