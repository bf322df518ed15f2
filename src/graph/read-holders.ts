import { z } from "zod";
import type { PolicySettings, Role } from "../core/policy.js";
import { filterString, isOneOf, isSameId, MOST_IN, pathSegment } from "./graph-call.js";
import type { GraphProblem } from "./problem.js";
import { chunks, type DirectoryReading } from "./read-directory.js";
import { readPages } from "./read-pages.js";

/** How every look-up is sent. */
const LOOK_UP = { nature: "read", version: "v1.0", method: "GET" } as const;
const USER = "#microsoft.graph.user";
const GROUP = "#microsoft.graph.group";
const SELECT = "$select=id,accountEnabled,userType";

/** Accounts that are asked about because their list said nothing of them: no more than see a card of their own. */
const MOST_ACCOUNTS = 60;

const state = { accountEnabled: z.boolean().nullish(), userType: z.string().nullish() };
const account = z.object({ id: z.string().min(1), ...state });
/** Somebody or something that may hold a role: Graph says of an expanded principal and of a member what it is. */
const holder = { "@odata.type": z.string().nullish(), ...state };
const row = z.object({
	principalId: z.string().min(1),
	roleDefinitionId: z.string().nullish(),
	directoryScopeId: z.string().nullish(),
	principal: z.object(holder).nullish(),
});
const member = z.object({ id: z.string().min(1), ...holder });
type Holder = z.infer<typeof member>;

export interface HoldersRead {
	readonly kind: "read";
	readonly userIds: readonly string[];
	/** Why some are counted although nobody saw whether they can act. */
	readonly unchecked?: GraphProblem;
}

/**
 * The object ids of everybody who can act: who holds one of the roles for the whole tenant, directly or through a
 * group, or is in one of the groups, with an account that is enabled and no guest's. One call a role and one a group,
 * in pages, and none a person: only of accounts on which those lists are silent more is asked, fifteen a call.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 * https://learn.microsoft.com/graph/api/group-list-transitivemembers
 */
export async function readHolders(
	{
		cancelRoles,
		cancelGroups,
		allowGuests,
	}: Pick<PolicySettings, "cancelRoles" | "cancelGroups" | "allowGuests">,
	reading: DirectoryReading,
): Promise<HoldersRead | GraphProblem> {
	const all: Holder[] = [];
	const groups = [...cancelGroups];
	for (const list of await Promise.all(cancelRoles.map((role) => readPrincipals(role, reading)))) {
		if (list.kind === "problem") return list;
		all.push(...list.holders);
		groups.push(...list.holders.filter((one) => one["@odata.type"] === GROUP).map(({ id }) => id));
	}
	const ids = [...new Set(groups.map((id) => id.toLowerCase()))];
	for (const members of await Promise.all(ids.map((id) => readMembers(id, reading)))) {
		if (members.kind === "problem") return members;
		all.push(...members.rows);
	}
	const people = all.filter((one) => (one["@odata.type"] ?? USER) === USER);
	const acting = new Map<string, boolean | undefined>();
	for (const one of people) {
		const id = one.id.toLowerCase();
		acting.set(id, acting.get(id) ?? canAct(one, allowGuests));
	}
	const unknown = [...acting].filter(([, acts]) => acts === undefined).map(([id]) => id);
	const asked = await readAccounts(unknown, reading);
	const checked = asked.kind === "read";
	if (checked) for (const one of asked.accounts) acting.set(one.id.toLowerCase(), canAct(one, allowGuests));
	return {
		kind: "read",
		userIds: [...acting].filter(([, acts]) => acts ?? !checked).map(([id]) => id),
		...(checked ? {} : { unchecked: asked }),
	};
}

/** Undefined where the list did not say it. */
function canAct({ accountEnabled, userType }: Omit<Holder, "id">, allowGuests: boolean): boolean | undefined {
	if (accountEnabled == null || userType == null) return undefined;
	return accountEnabled && (allowGuests || userType.toLowerCase() === "member");
}

async function readPrincipals(role: Role, { caller, leftMs }: DirectoryReading) {
	const path = "/roleManagement/directory/roleAssignments";
	const listed = await readPages(
		{
			...LOOK_UP,
			path: `${path}?$filter=roleDefinitionId%20eq%20${filterString(role.id)}&$expand=principal`,
			template: `${path}?$filter=roleDefinitionId eq '${role.id}'&$expand=principal`,
		},
		row,
		caller,
		leftMs,
	);
	if (listed.kind === "problem") return listed;
	const rows = listed.rows.filter(
		(one) => isSameId(one.roleDefinitionId ?? role.id, role.id) && one.directoryScopeId === "/",
	);
	return {
		kind: "read",
		holders: rows.map(({ principalId, principal }): Holder => ({ ...principal, id: principalId })),
	} as const;
}

async function readMembers(groupId: string, { caller, leftMs }: DirectoryReading) {
	const segment = pathSegment(groupId);
	if (segment === undefined)
		return { kind: "problem", why: "not-found", detail: "no group id to look up" } as const;
	return readPages(
		{
			...LOOK_UP,
			path: `/groups/${segment}/transitiveMembers?${SELECT}&$top=999`,
			template: `/groups/{id}/transitiveMembers?${SELECT}&$top=999`,
		},
		member,
		caller,
		leftMs,
	);
}

/** What is no account is not among them. https://learn.microsoft.com/graph/api/user-list */
async function readAccounts(
	ids: readonly string[],
	{ caller, leftMs }: DirectoryReading,
): Promise<{ readonly kind: "read"; readonly accounts: readonly z.infer<typeof account>[] } | GraphProblem> {
	if (ids.length > MOST_ACCOUNTS)
		return { kind: "problem", why: "rejected", detail: `${ids.length} accounts are too many to ask about` };
	const query = `/users?${SELECT}&$filter=`;
	const accounts: z.infer<typeof account>[] = [];
	const pages = chunks(ids, MOST_IN).map((some) =>
		readPages(
			{ ...LOOK_UP, path: `${query}${isOneOf(some)}`, template: `${query}id in (…)` },
			account,
			caller,
			leftMs,
		),
	);
	for (const page of await Promise.all(pages)) {
		if (page.kind === "problem") return page;
		accounts.push(...page.rows.filter(({ id }) => ids.includes(id.toLowerCase())));
	}
	return { kind: "read", accounts };
}
