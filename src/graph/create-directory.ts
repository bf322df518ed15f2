import type { Directory } from "../app/ports.js";
import { known } from "../core/known.js";
import type { Actor, Grant, Standing } from "../core/person.js";
import type { Permission, PolicySettings, Role } from "../core/policy.js";
import { createGraphCaller } from "./create-graph-caller.js";
import { type GraphDeps, isSameId } from "./graph-call.js";
import { createGroupNames } from "./name-groups.js";
import { type GraphProblem, toStandingProblem } from "./problem.js";
import {
	type Assignment,
	type DirectoryReading,
	readAccount,
	readAssignments,
	readMemberships,
} from "./read-directory.js";
import { readHolders } from "./read-holders.js";

/** For one request and for the whole check, in milliseconds. */
const REQUEST_MS = 10_000;
const STANDING_MS = 8_000;
const WHOLE_TENANT = "/";

export interface DirectoryDeps extends GraphDeps {
	readonly settings: Pick<PolicySettings, "cancelRoles" | "cancelGroups" | "viewRoles" | "allowGuests">;
	readonly timeouts?: { readonly requestMs?: number; readonly standingMs?: number };
}

/**
 * The role check over Microsoft Graph v1.0, whatever version the jobs are read with. Nothing that decides is cached.
 * Any error, throttle, timeout or odd answer in any of its calls makes the standing unreadable: a grant
 * that could not be looked for must not decide, and neither may half a picture.
 *
 * For `cancel`, an assignment of the person's own is enough and groups are then not asked about, so
 * the grants need not be complete. For `view` they always are.
 *
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 *
 * @throws when the endpoint is not https
 */
export function createDirectory(deps: DirectoryDeps): Directory {
	const caller = createGraphCaller(deps);
	const groupNames = createGroupNames(caller, deps);
	const { requestMs = REQUEST_MS, standingMs = STANDING_MS } = deps.timeouts ?? {};
	/** How long the next request of one check may take. */
	const startTime = () => {
		const end = performance.now() + standingMs;
		return (): number => Math.min(requestMs, end - performance.now());
	};
	return {
		async standing(actor, permission) {
			return readStanding(actor, permission, { caller, leftMs: startTime() }, deps);
		},
		async holders() {
			const read = await readHolders(deps.settings, { caller, leftMs: startTime() });
			if (read.kind === "problem") {
				deps.log.warn(
					{ code: "holders-unreadable", why: read.why, detail: read.detail },
					"who may decide could not be listed; nobody is mentioned, and everything else goes on",
				);
				return { kind: "problem" };
			}
			const { userIds, unchecked } = read;
			if (unchecked)
				deps.log.warn(
					{ code: "holders-unchecked", why: unchecked.why, detail: unchecked.detail },
					"whether some of those who hold the role can act was not seen; they are counted",
				);
			return { kind: "listed", userIds };
		},
		groupNames,
	};
}

async function readStanding(
	actor: Actor,
	permission: Permission,
	reading: DirectoryReading,
	deps: DirectoryDeps,
): Promise<Standing> {
	const unreadable = (problem: GraphProblem, about: "account" | "grants"): Standing => {
		const why = toStandingProblem(problem, about);
		deps.log.warn({ code: "standing-unreadable", why, detail: problem.detail }, "standing unreadable");
		return { kind: "unreadable", at: deps.clock.now().toISOString(), why, detail: problem.detail };
	};
	const roles = neededRoles(permission, deps.settings);
	const [account, ...lists] = await Promise.all([
		readAccount(actor.userId, reading),
		...roles.map((role) => readAssignments(role, reading)),
	]);
	if (account.kind === "problem") return unreadable(account, "account");
	const assignments: Assignment[] = [];
	for (const list of lists) {
		if (list.kind === "problem") return unreadable(list, "grants");
		assignments.push(...list.assignments);
	}

	const own = assignments.filter((row) => isSameId(row.principalId, actor.userId));
	const direct = own.filter((row) => row.scope === WHOLE_TENANT).map((row) => roleGrant(row.role));
	const scopedRoles = own
		.filter((row) => row.scope !== WHOLE_TENANT)
		.map((row) => ({ roleName: row.role.name, scope: row.scope }));
	const person = { accountEnabled: account.accountEnabled, guest: account.guest, scopedRoles };
	const standing = (grants: readonly Grant[]): Standing => ({
		kind: "read",
		at: deps.clock.now().toISOString(),
		...person,
		grants: [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()],
	});
	if (permission === "cancel" && direct.length > 0) return standing(direct);

	const others = assignments.filter((row) => row.scope === WHOLE_TENANT && !own.includes(row));
	const asked = [...others.map((row) => row.principalId), ...deps.settings.cancelGroups];
	const memberships = await readMemberships(actor.userId, asked, reading);
	if (memberships.kind === "problem") return unreadable(memberships, "grants");
	return standing([
		...direct,
		...others
			.filter((row) => memberships.includes(row.principalId))
			.map((row) => roleGrant(row.role, row.principalId)),
		...deps.settings.cancelGroups
			.filter((groupId) => memberships.includes(groupId))
			.map((groupId): Grant => ({ by: "group", groupId })),
	]);
}

/** `viewRoles` holds everything in `cancelRoles`. */
function neededRoles(permission: Permission, settings: DirectoryDeps["settings"]): readonly Role[] {
	const roles = permission === "cancel" ? settings.cancelRoles : settings.viewRoles;
	return [...new Map(roles.map((role) => [role.id.toLowerCase(), role])).values()];
}

function roleGrant(role: Role, viaGroupId?: string): Grant {
	return { by: "role", roleId: role.id, roleName: role.name, ...known({ viaGroupId }) };
}
