import { type Config, SETTING_NAMES } from "./config.js";
import { findMisspelt } from "./misspelt-settings.js";

/** What whoever runs the bot should know about the settings; nothing that keeps it from starting. */
export interface Notice {
	readonly code: (typeof NOTICE_CODES)[number];
	readonly level: "info" | "warn";
	readonly settings: readonly string[];
	readonly message: string;
}

/** The codes of notices; each has its row in the README. */
export const NOTICE_CODES = [
	"setting-misspelt",
	"emergency-unused",
	"managed-identity",
	"embedded-database",
] as const;

/** Names that are nearly settings. Told first: they may be why the start goes wrong. */
export function misspeltNotices(environment: Readonly<Record<string, string | undefined>>): Notice[] {
	return findMisspelt(environment, SETTING_NAMES).map(({ written, meant }) => ({
		code: "setting-misspelt",
		level: "warn",
		settings: [written],
		message: `${written} is no setting and has no effect; ${meant} is one. Correct the name if it was meant for the bot; if another program needs it, all is well.`,
	}));
}

/** What follows from the settings and is easily overlooked. */
export function settingsNotices(config: Config): Notice[] {
	const notices: Notice[] = [];
	if (config.EMERGENCY_OVERRIDE && config.APPROVALS !== "two-person")
		notices.push({
			code: "emergency-unused",
			level: "info",
			settings: ["EMERGENCY_OVERRIDE", "APPROVALS"],
			message: `EMERGENCY_OVERRIDE=true has no effect with APPROVALS=${config.APPROVALS}: one person who holds the role is enough there.`,
		});
	if (config.MicrosoftAppType === "SingleTenant" && !hasCredential(config))
		notices.push({
			code: "managed-identity",
			level: "info",
			settings: ["MicrosoftAppPassword", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"],
			message:
				"No secret, certificate or federated token is set: a managed identity will be tried. It exists on Azure only; elsewhere set one of the three.",
		});
	if (config.DATABASE_URL === undefined)
		notices.push({
			code: "embedded-database",
			level: "info",
			settings: ["DATA_DIR", "DATABASE_URL"],
			message: `The embedded database in ${config.DATA_DIR} keeps everything when the process dies, but a power cut can lose or damage it, above all while the bot starts or stops. Where that matters, use a PostgreSQL server with DATABASE_URL.`,
		});
	return notices;
}

function hasCredential(config: Config): boolean {
	return [
		config.MicrosoftAppPassword,
		config.AZURE_CLIENT_CERTIFICATE_PATH,
		config.AZURE_FEDERATED_TOKEN_FILE,
	].some((value) => value !== undefined);
}
