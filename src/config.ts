import { z } from "zod";
import type { Role } from "./core/policy.js";
import { findFileProblem } from "./identity/check-files.js";
import { findMisspelt } from "./misspelt-settings.js";

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

/** `*.` stands for all hosts under a name of two parts or more. */
const UPLOAD_HOST = /^(?:\*\.(?=[^.]+\.))?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/u;
/** Where OneDrive takes files: worldwide and GCC, GCC High, DoD. */
const UPLOAD_HOSTS = "*.sharepoint.com, *.sharepoint.us, *.sharepoint-mil.us";

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
const count = (fallback: number, least: number, most: number) => {
	const error = `must be a whole number from ${least} to ${most}`;
	return z.coerce.number(error).int(error).min(least, error).max(most, error).default(fallback);
};
const hours = (fallback: number, most: number) => {
	const error = `must be a number of hours above 0, and at most ${most}`;
	return z.coerce.number(error).positive(error).max(most, error).default(fallback);
};
const httpsUrl = z.url({ protocol: /^https$/, error: "must be an https URL" });
const webUrl = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });
const hosts = (fallback: string) =>
	list(fallback)
		.transform((entries) => entries.map((entry) => entry.toLowerCase()))
		.refine((entries) => entries.length > 0, "must name at least one host, or be left empty")
		.refine(
			(entries) => entries.every(isHost),
			"must be a list of host or host:port, without https:// and without a path",
		);
const optional = z.string().optional();

const settings = z.object({
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
	AZURE_AUTHORITY_HOST: httpsUrl.optional(),

	ChannelService: optional,
	ValidateAuthority: optional,
	ToChannelFromBotLoginUrl: optional,
	ToChannelFromBotOAuthScope: optional,
	ToBotFromChannelTokenIssuer: optional,
	OAuthUrl: optional,
	ToBotFromChannelOpenIdMetadataUrl: webUrl.optional(),
	ToBotFromEmulatorOpenIdMetadataUrl: webUrl.optional(),
	CallerId: optional,
	SERVICE_URL_HOSTS: hosts(CONNECTOR_HOSTS),

	FILE_UPLOAD_HOSTS: list(UPLOAD_HOSTS)
		.transform((entries) => entries.map((entry) => entry.toLowerCase()))
		.refine(
			(entries) => entries.every((entry) => UPLOAD_HOST.test(entry)),
			"must be a list of host, host:port or *.host, without https:// and without a path",
		),

	GRAPH_ENDPOINT: httpsUrl.default("https://graph.microsoft.com").transform((url) => url.replace(/\/+$/, "")),
	GRAPH_API_VERSION: z.enum(["beta", "v1.0"], "must be beta or v1.0").default("beta"),
	ADMIN_CENTER_URL: httpsUrl.default("https://entra.microsoft.com"),

	DATABASE_URL: z
		.string()
		.refine(
			isPostgresUrl,
			"must be a URL such as postgres://user:password@host:5432/database, with the special characters of the password percent-encoded (# as %23, / as %2F, % as %25)",
		)
		.optional(),
	DATABASE_PREPARED_STATEMENTS: flag(true),
	DATA_DIR: z.string().default(".data"),

	CANCEL_ROLES: roles(DEFAULT_CANCEL_ROLES),
	CANCEL_GROUPS: list("").pipe(z.array(guid)),
	VIEW_ROLES: roles(DEFAULT_VIEW_ROLES),
	ALLOW_GUESTS: flag(false),
	APPROVALS: z
		.enum(["off", "on-request", "two-person"], "must be off, on-request or two-person")
		.default("on-request"),
	APPROVALS_REQUIRED: count(1, 1, 10),
	APPROVAL_TTL_MINUTES: count(60, 1, 10_080),
	APPROVAL_REMIND_AFTER_PERCENT: count(50, 0, 99),
	APPROVAL_REMIND_BEFORE_MINUTES: count(5, 0, 10_080),
	EMERGENCY_OVERRIDE: flag(false),
	REASON_REQUIRED: flag(false),

	ALERT_POLL_MS: count(15_000, 1_000, 3_600_000),
	ONCALL_GROUP: guid.optional(),
	ONCALL_ACK_MINUTES: count(10, 1, 1_440),
	TEAMS_REQUESTS_PER_SECOND: count(50, 10, 10_000),

	WATCH_POLL_MIN_MS: count(2_000, 50, 600_000),
	WATCH_POLL_MAX_MS: count(30_000, 50, 3_600_000),
	WATCH_LIMIT_HOURS: hours(36, 24 * 7),
	LOG_LEVEL: z
		.enum(
			["trace", "debug", "info", "warn", "error", "fatal", "silent"],
			"must be trace, debug, info, warn, error, fatal or silent",
		)
		.default("info"),
});
const schema = settings
	.superRefine(
		({ CANCEL_ROLES, CANCEL_GROUPS }, context) => {
			if (CANCEL_ROLES.length > 0 || CANCEL_GROUPS.length > 0) return;
			const message =
				"is a list without any role, and CANCEL_GROUPS is empty: nobody could cancel; name a role, or leave it empty for the default";
			context.addIssue({ code: "custom", path: ["CANCEL_ROLES"], message });
		},
		{ when: areFine("CANCEL_ROLES", "CANCEL_GROUPS") },
	)
	.superRefine(
		({ WATCH_POLL_MIN_MS: min, WATCH_POLL_MAX_MS: max }, context) => {
			if (min <= max) return;
			const message = `${min} is above WATCH_POLL_MAX_MS, which is ${max}; lower the one or raise the other`;
			context.addIssue({ code: "custom", path: ["WATCH_POLL_MIN_MS"], message });
		},
		{ when: areFine("WATCH_POLL_MIN_MS", "WATCH_POLL_MAX_MS") },
	);

export type Config = z.infer<typeof schema>;

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(settings.shape);

/** One or more settings cannot be used; the message names each, and what it must be. */
export class ConfigError extends Error {
	readonly code = "settings-invalid";

	constructor(
		readonly settings: readonly string[],
		problems: readonly string[],
	) {
		super(
			`These settings are missing or wrong. ${problems.map((problem) => `${problem}.`).join(" ")} Every setting is explained in .env.sample.`,
		);
	}
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting once. An empty value counts as absent. Looks at the files that are named, too.
 *
 * @throws ConfigError naming every setting that is missing or wrong; never repeats a secret
 */
export function readConfig(environment: Environment): Config {
	const present = presentIn(environment);
	return read(schema, present, findFileProblem(present));
}

/**
 * Reads where the database is, for those who need no other setting.
 *
 * @throws ConfigError
 */
export function readDatabaseConfig(environment: Environment): Pick<Config, "DATABASE_URL" | "DATA_DIR"> {
	return read(settings.pick({ DATABASE_URL: true, DATA_DIR: true }), presentIn(environment));
}

function presentIn(environment: Environment): Environment {
	return Object.fromEntries(
		Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ""),
	);
}

function read<T>(wanted: z.ZodType<T>, present: Environment, file?: Problem): T {
	const result = wanted.safeParse(present);
	const problems = (result.error?.issues ?? []).map((issue): Problem => {
		const setting = String(issue.path[0]);
		const missing = issue.code === "invalid_type" && present[setting] === undefined;
		return { setting, text: missing ? `is required${nearMiss(setting, present)}` : issue.message };
	});
	if (file) problems.push(file);
	if (!result.success || problems.length > 0) {
		const lines = problems.map(({ setting, text }) => `${setting}: ${text}`);
		throw new ConfigError([...new Set(problems.map(({ setting }) => setting))], [...new Set(lines)]);
	}
	return result.data;
}

interface Problem {
	readonly setting: string;
	readonly text: string;
}

/** A rule about several settings is judged only when each of them is fine by itself. */
function areFine(...names: (keyof typeof settings.shape)[]) {
	return ({
		issues,
	}: {
		readonly issues: readonly { readonly path?: readonly PropertyKey[] | undefined }[];
	}) => !issues.some(({ path }) => names.some((name) => path?.[0] === name));
}

function nearMiss(setting: string, present: Readonly<Record<string, string | undefined>>): string {
	const near = findMisspelt(present, SETTING_NAMES).find(({ meant }) => meant === setting);
	return near ? `; ${near.written} is set, but is no setting` : "";
}

/** What a URL parser makes of an unencoded password can be read as another host or database. */
function isPostgresUrl(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { protocol, username, password, pathname, hash } = new URL(text);
	try {
		for (const part of [username, password, pathname]) decodeURIComponent(part);
	} catch {
		return false;
	}
	return (protocol === "postgres:" || protocol === "postgresql:") && hash === "" && !pathname.includes("@");
}

function isHost(text: string): boolean {
	return URL.canParse(`https://${text}`) && new URL(`https://${text}/`).href === `https://${text}/`;
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
