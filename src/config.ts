import { z } from "zod";
import type { Role } from "./core/policy.js";

/** Directory roles that may be named in the settings, by role template id (the same in every tenant). */
const KNOWN_ROLES: readonly Role[] = [
	{ id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" },
	{ id: "62e90394-69f5-4237-9190-012177145e10", name: "Global Administrator" },
	{ id: "f42252d9-5400-4d7b-b9ef-cc582dbb8577", name: "Entra Backup Reader" },
	{ id: "f2ef992c-3afb-46b9-b7cf-a126ee74c451", name: "Global Reader" },
];
const DEFAULT_CANCEL_ROLES = "Entra Backup Administrator, Global Administrator";
const DEFAULT_VIEW_ROLES = "Entra Backup Reader, Global Reader";

/**
 * Where Teams' connector answers: worldwide, GCC, GCC High and DoD.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
const CONNECTOR_HOSTS =
	"smba.trafficmanager.net, smba.infra.gcc.teams.microsoft.com, smba.infra.gov.teams.microsoft.us, smba.infra.dod.teams.microsoft.us";

const guid = z.guid("must be a GUID, such as 3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4").toLowerCase();
const list = (fallback: string) =>
	z
		.string()
		.default(fallback)
		.transform((text) =>
			text
				.split(",")
				.map((part) => part.trim())
				.filter((part) => part !== ""),
		);
const roles = (fallback: string) =>
	list(fallback).transform((names, context) => names.flatMap((name) => toRole(name, context)));
const flag = (fallback: boolean) =>
	z
		.enum(["true", "false"], "must be true or false")
		.default(fallback ? "true" : "false")
		.transform((text) => text === "true");
const count = (fallback: number, least: number, most: number) =>
	z.coerce.number("must be a number").int("must be a whole number").min(least).max(most).default(fallback);
const httpsUrl = (fallback: string) =>
	z
		.url({ protocol: /^https$/, error: "must be an https URL" })
		.default(fallback)
		.transform((url) => url.replace(/\/+$/, ""));
const optional = z.string().optional();

const schema = z.object({
	HOST: z.string().default("0.0.0.0"),
	PORT: count(3978, 0, 65_535),

	MicrosoftAppType: z
		.enum(
			["SingleTenant", "UserAssignedMSI"],
			"must be SingleTenant or UserAssignedMSI (multi-tenant bots can no longer be created)",
		)
		.default("SingleTenant"),
	MicrosoftAppId: guid,
	MicrosoftAppTenantId: guid,
	MicrosoftAppPassword: optional,
	AZURE_CLIENT_CERTIFICATE_PATH: optional,
	AZURE_FEDERATED_TOKEN_FILE: optional,
	AZURE_AUTHORITY_HOST: z.url("must be a URL").optional(),

	ChannelService: optional,
	ValidateAuthority: optional,
	ToChannelFromBotLoginUrl: optional,
	ToChannelFromBotOAuthScope: optional,
	ToBotFromChannelTokenIssuer: optional,
	OAuthUrl: optional,
	ToBotFromChannelOpenIdMetadataUrl: optional,
	ToBotFromEmulatorOpenIdMetadataUrl: optional,
	CallerId: optional,
	SERVICE_URL_HOSTS: list(CONNECTOR_HOSTS).transform((hosts) => hosts.map((host) => host.toLowerCase())),

	GRAPH_ENDPOINT: httpsUrl("https://graph.microsoft.com"),
	GRAPH_API_VERSION: z.enum(["beta", "v1.0"], "must be beta or v1.0").default("beta"),

	DATABASE_URL: optional,
	DATA_DIR: z.string().default(".data"),

	CANCEL_ROLES: roles(DEFAULT_CANCEL_ROLES),
	CANCEL_GROUPS: list("").pipe(z.array(guid)),
	VIEW_ROLES: roles(DEFAULT_VIEW_ROLES),
	ALLOW_GUESTS: flag(false),
	APPROVALS: z
		.enum(
			["off", "on-request"],
			"must be off or on-request; two-person is not available in this version, and one person alone must not act in its place",
		)
		.default("on-request"),
	APPROVALS_REQUIRED: count(1, 1, 10),
	APPROVAL_TTL_MINUTES: count(60, 1, 10_080),
	REASON_REQUIRED: flag(false),

	WATCH_POLL_MIN_MS: count(2_000, 50, 600_000),
	WATCH_POLL_MAX_MS: count(30_000, 50, 3_600_000),
	WATCH_LIMIT_HOURS: z.coerce
		.number("must be a number")
		.positive()
		.max(24 * 7)
		.default(36),
	LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

export type Config = z.infer<typeof schema>;

/** One or more settings cannot be used; the message names each, and what it must be. */
export class ConfigError extends Error {
	readonly code = "settings-invalid";
}

/**
 * Reads every setting once. An empty value counts as absent.
 *
 * @throws ConfigError naming every setting that is missing or wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
	const present = Object.fromEntries(
		Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ""),
	);
	const result = schema.safeParse(present);
	if (!result.success) {
		const lines = result.error.issues.map(
			(issue) =>
				`  ${String(issue.path[0])}: ${present[String(issue.path[0])] === undefined ? "is required" : issue.message}`,
		);
		throw new ConfigError(
			`These settings are missing or wrong:\n${[...new Set(lines)].join("\n")}\nEvery setting is explained in .env.sample.`,
		);
	}
	return result.data;
}

function toRole(nameOrId: string, context: z.RefinementCtx): Role[] {
	const known = KNOWN_ROLES.find(
		(role) => role.id === nameOrId.toLowerCase() || sameName(role.name, nameOrId),
	);
	if (known) return [known];
	const id = guid.safeParse(nameOrId);
	if (id.success) return [{ id: id.data, name: id.data }];
	context.addIssue({
		code: "custom",
		message: `"${nameOrId}" is neither a role template id nor one of: ${KNOWN_ROLES.map((role) => role.name).join(", ")}`,
	});
	return [];
}

/** Articles write "Microsoft Entra Backup Administrator", the directory "Entra Backup Administrator". */
function sameName(name: string, text: string): boolean {
	const plain = (value: string) =>
		value
			.toLowerCase()
			.replace(/^microsoft\s+/, "")
			.replace(/[\s-]+/g, " ");
	return plain(name) === plain(text);
}
