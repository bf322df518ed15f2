import { isGuid } from "./guid.js";
import type { Actor, Grant, Standing, StandingProblem } from "./person.js";

/** The part of the settings that policy depends on. */
export interface PolicySettings {
	readonly tenantId: string;
	readonly allowGuests: boolean;
	readonly cancelRoles: readonly Role[];
	readonly cancelGroups: readonly string[];
	/** Includes everything in `cancelRoles`. */
	readonly viewRoles: readonly Role[];
	readonly reasonRequired: boolean;
}

export interface Role {
	/** The role template id, the same in every tenant. */
	readonly id: string;
	readonly name: string;
}

export type Permission = "cancel" | "view";

export type Verdict =
	| { readonly allowed: true; readonly rule: "role" | "group"; readonly grant: Grant }
	| { readonly allowed: false; readonly rule: RefusalRule; readonly problem?: StandingProblem };

export type RefusalRule =
	| "other-tenant"
	| "no-identity"
	| "unreadable-standing"
	| "account-disabled"
	| "guest"
	/** A role that would count is held for a part of the organisation only. */
	| "scoped-role"
	| "no-role";

/** Whether a refusal means no more than that the role is missing: then getting it helps, or asking who has it. */
export function lacksRole(rule: RefusalRule | undefined): boolean {
	return rule === "no-role" || rule === "scoped-role";
}

/** Whether the directory gave no answer to go by. That is not a no; an account that is not there is one. */
export function isOutage(standing: Standing): boolean {
	return standing.kind === "unreadable" && standing.why !== "not-found";
}

/**
 * Whether this person may do this, given what the directory just said. Deny unless shown otherwise.
 */
export function decide(
	permission: Permission,
	actor: Pick<Actor, "tenantId" | "userId">,
	standing: Standing,
	settings: PolicySettings,
): Verdict {
	const stranger = refuseStranger(actor, settings);
	if (stranger) return stranger;
	if (standing.kind === "unreadable")
		return { allowed: false, rule: "unreadable-standing", problem: standing.why };
	if (!standing.accountEnabled) return { allowed: false, rule: "account-disabled" };
	if (standing.guest && !settings.allowGuests) return { allowed: false, rule: "guest" };
	const grant = standing.grants.find((g) => counts(g, permission, settings));
	if (grant) return { allowed: true, rule: grant.by, grant };
	const scoped = standing.scopedRoles.some(({ roleName }) =>
		rolesThatMay(permission, settings).some(({ name }) => name === roleName),
	);
	return { allowed: false, rule: scoped ? "scoped-role" : "no-role" };
}

/** The refusals that need no question to the directory, so that a stranger causes no call to Graph. */
export function refuseStranger(
	actor: Pick<Actor, "tenantId" | "userId">,
	settings: Pick<PolicySettings, "tenantId">,
): Extract<Verdict, { allowed: false }> | undefined {
	if (actor.tenantId.toLowerCase() !== settings.tenantId.toLowerCase())
		return { allowed: false, rule: "other-tenant" };
	// Entra's object ids are GUIDs; anything else would go into a Graph address as it came.
	if (!isGuid(actor.userId)) return { allowed: false, rule: "no-identity" };
	return undefined;
}

function counts(grant: Grant, permission: Permission, settings: PolicySettings): boolean {
	if (grant.by === "group") return settings.cancelGroups.includes(grant.groupId);
	return rolesThatMay(permission, settings).some((role) => role.id === grant.roleId);
}

function rolesThatMay(permission: Permission, settings: PolicySettings): readonly Role[] {
	return permission === "cancel" ? settings.cancelRoles : settings.viewRoles;
}
