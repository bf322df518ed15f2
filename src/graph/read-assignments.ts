import { z } from "zod";
import type { Role } from "../core/policy.js";
import { type DirectoryReading, USER_INITIATED } from "./directory-reading.js";
import { filterString } from "./endpoint.js";
import { followPages } from "./follow-pages.js";
import type { GraphProblem } from "./problem.js";

const assignmentBody = z.object({
	principalId: z.string().min(1),
	roleDefinitionId: z.string().nullish(),
	directoryScopeId: z.string().nullish(),
	appScopeId: z.string().nullish(),
});

export interface Assignment {
	readonly role: Role;
	/** A person, a group or an app. */
	readonly principalId: string;
	/** `/` is the whole tenant; anything else is a part of it. */
	readonly scope: string;
}

/**
 * Who holds a role right now. The filter takes one role and nothing else, because no other combination
 * is documented; scope and person are compared here. A built-in role's definition id is its template id.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export async function readAssignments(
	role: Role,
	reading: DirectoryReading,
): Promise<{ readonly kind: "read"; readonly assignments: readonly Assignment[] } | GraphProblem> {
	const path = "/roleManagement/directory/roleAssignments";
	const listed = await followPages(
		{
			method: "GET",
			nature: "read",
			version: "v1.0",
			path: `${path}?$filter=roleDefinitionId%20eq%20${filterString(role.id)}`,
			template: `${path}?$filter=roleDefinitionId eq '${role.id}'`,
			headers: USER_INITIATED,
		},
		assignmentBody,
		reading,
	);
	if (listed.kind === "problem") return listed;
	// A row of another role never counts as this one, even where the filter was ignored.
	const ofRole = listed.rows.filter(
		(row) => (row.roleDefinitionId ?? role.id).toLowerCase() === role.id.toLowerCase(),
	);
	const assignments = ofRole.map((row) => ({
		role,
		principalId: row.principalId,
		scope: row.directoryScopeId || row.appScopeId || "unknown",
	}));
	return { kind: "read", assignments };
}
