import type { Config } from "./config.js";
import type { ApprovalSettings } from "./core/approving/terms.js";
import type { MoveLimits } from "./core/cancelling/events.js";
import { known } from "./core/known.js";
import type { TickSettings } from "./core/on-call/watched.js";
import type { PolicySettings } from "./core/policy.js";
import type { CredentialSettings } from "./identity/credential-settings.js";

/** How long Graph may throttle us or leave us without an answer before we say so, in milliseconds. */
const SUBMIT_LIMIT_MS = 15 * 60 * 1000;

/** How the bot proves to Entra who it is; what is not set is left out. */
export function credentialSettings(config: Config): CredentialSettings {
	return {
		appType: config.MicrosoftAppType,
		appId: config.MicrosoftAppId,
		tenantId: config.MicrosoftAppTenantId,
		...known({
			clientSecret: config.MicrosoftAppPassword,
			certificatePath: config.AZURE_CLIENT_CERTIFICATE_PATH,
			federatedTokenFile: config.AZURE_FEDERATED_TOKEN_FILE,
			authorityHost: config.AZURE_AUTHORITY_HOST,
		}),
	};
}

/** Who may do what. Whoever may cancel may also look, so the roles to look include those to cancel, each once. */
export function policySettings(config: Config): PolicySettings {
	return {
		tenantId: config.MicrosoftAppTenantId,
		allowGuests: config.ALLOW_GUESTS,
		reasonRequired: config.REASON_REQUIRED,
		cancelRoles: config.CANCEL_ROLES,
		cancelGroups: config.CANCEL_GROUPS,
		viewRoles: [
			...config.CANCEL_ROLES,
			...config.VIEW_ROLES.filter((role) => !config.CANCEL_ROLES.some((c) => c.id === role.id)),
		],
	};
}

/** On what terms others decide, in requests opened from now on. */
export function approvalSettings(config: Config): ApprovalSettings {
	return {
		mode: config.APPROVALS,
		required: config.APPROVALS_REQUIRED,
		ttlMs: config.APPROVAL_TTL_MINUTES * 60 * 1000,
		remindAfterPercent: config.APPROVAL_REMIND_AFTER_PERCENT,
		remindBeforeMs: config.APPROVAL_REMIND_BEFORE_MINUTES * 60 * 1000,
		emergency: config.EMERGENCY_OVERRIDE,
	};
}

/** How quickly a cancellation asks again, and how long it may take, in milliseconds. */
export function moveLimits(config: Config): MoveLimits {
	return {
		poll: { minMs: config.WATCH_POLL_MIN_MS, maxMs: config.WATCH_POLL_MAX_MS },
		watchLimitMs: config.WATCH_LIMIT_HOURS * 60 * 60 * 1000,
		submitLimitMs: SUBMIT_LIMIT_MS,
	};
}

/** How often all jobs are looked at, and how long nobody may take one, in milliseconds. */
export function onCallSettings(config: Config): TickSettings {
	return { pollMs: config.ALERT_POLL_MS, ackMs: config.ONCALL_ACK_MINUTES * 60_000 };
}
