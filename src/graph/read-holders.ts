import { z } from "zod";
import type { Role } from "../core/policy.js";
import { filterString, isSameId, pathSegment } from "./graph-call.js";
import type { GraphProblem } from "./problem.js";
import type { DirectoryReading } from "./read-directory.js";
import { readPages } from "./read-pages.js";

/** How every look-up is sent. */
const LOOK_UP = { nature: "read", version: "v1.0", method: "GET" } as const;
const GROUP = "#microsoft.graph.group";

const row = z.object({
	principalId: z.string().min(1),
	roleDefinitionId: z.string().nullish(),
	directoryScopeId: z.string().nullish(),
	principal: z.looseObject({ "@odata.type": z.string().nullish() }).nullish(),
});
const member = z.object({ id: z.string().min(1) });

/**
 * The object ids of everybody who holds one of the roles for the whole tenant, directly or through a group, or is in
 * one of the groups. One call a role and one a group, in pages; none a person.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 * https://learn.microsoft.com/graph/api/group-list-transitivemembers
 */
export async function readHolders(
	roles: readonly Role[],
	groups: readonly string[],
	reading: DirectoryReading,
): Promise<{ readonly kind: "read"; readonly userIds: readonly string[] } | GraphProblem> {
	const lists = await Promise.all(roles.map((role) => readPrincipals(role, reading)));
	const people: string[] = [];
	const groupIds = [...groups];
	for (const list of lists) {
		if (list.kind === "problem") return list;
		people.push(...list.people);
		groupIds.push(...list.groups);
	}
	const ids = [...new Set(groupIds.map((id) => id.toLowerCase()))];
	for (const members of await Promise.all(ids.map((id) => readMembers(id, reading)))) {
		if (members.kind === "problem") return members;
		people.push(...members.rows.map(({ id }) => id));
	}
	return { kind: "read", userIds: [...new Set(people.map((id) => id.toLowerCase()))] };
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
	const isGroup = (one: (typeof rows)[number]) => one.principal?.["@odata.type"] === GROUP;
	return {
		kind: "read",
		people: rows.filter((one) => !isGroup(one)).map(({ principalId }) => principalId),
		groups: rows.filter(isGroup).map(({ principalId }) => principalId),
	} as const;
}

async function readMembers(groupId: string, { caller, leftMs }: DirectoryReading) {
	const segment = pathSegment(groupId);
	if (segment === undefined)
		return { kind: "problem", why: "not-found", detail: "no group id to look up" } as const;
	return readPages(
		{
			...LOOK_UP,
			path: `/groups/${segment}/transitiveMembers?$select=id&$top=999`,
			template: "/groups/{id}/transitiveMembers?$select=id&$top=999",
		},
		member,
		caller,
		leftMs,
	);
}
