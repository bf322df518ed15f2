import { z } from "zod";
import { graphError } from "./graph-error.js";
import type { Handler } from "./http.js";
import type { Person, RoleAssignment } from "./people.js";

/** The directory of the local tenant; changed freely while it runs. */
export interface DirectoryData {
	people: Person[];
	assignments: RoleAssignment[];
	memberships: { readonly groupId: string; readonly userId: string }[];
}

const PAGE = 2;
const MOST_GROUP_IDS = 20;
const groupIds = z.object({ groupIds: z.array(z.string()) });

/** Users, role assignments (in small pages) and group membership, as Graph v1.0 answers them. */
export function createGraphDirectory(data: DirectoryData, origin: () => string): Handler {
	return (request) => {
		const { method, path, query } = request;
		if (method === "GET" && path === "/v1.0/roleManagement/directory/roleAssignments") {
			const filter = query.get("$filter") ?? "";
			const roleId = /^roleDefinitionId eq '([^']+)'$/u.exec(filter)?.[1];
			if (roleId === undefined) return graphError(400, "Request_UnsupportedQuery", "Unsupported filter.");
			const rows = data.assignments.filter((row) => row.roleId === roleId);
			const skip = Number(query.get("$skiptoken") ?? 0);
			const more = skip + PAGE < rows.length;
			const next = `${origin()}${path}?$filter=${encodeURIComponent(filter)}&$skiptoken=${skip + PAGE}`;
			return {
				status: 200,
				body: {
					...(more ? { "@odata.nextLink": next } : {}),
					value: rows.slice(skip, skip + PAGE).map((row, index) => ({
						id: `assignment-${skip + index}`,
						principalId: row.principalId,
						roleDefinitionId: row.roleId,
						directoryScopeId: row.scope,
					})),
				},
			};
		}
		const [, userId, action] = /^\/v1\.0\/users\/([^/]+)(?:\/([^/]+))?$/u.exec(path) ?? [];
		if (userId === undefined) return undefined;
		const person = data.people.find((candidate) => candidate.userId === userId.toLowerCase());
		if (!person) return graphError(404, "Request_ResourceNotFound", "Resource does not exist.");
		if (method === "GET" && action === undefined)
			return {
				status: 200,
				body: { id: person.userId, accountEnabled: person.accountEnabled, userType: person.userType },
			};
		if (method !== "POST" || action !== "checkMemberGroups") return undefined;
		const asked = groupIds.safeParse(JSON.parse(request.body));
		if (!asked.success || asked.data.groupIds.length > MOST_GROUP_IDS)
			return graphError(400, "Directory_ResultSizeLimitExceeded", "Too many ids.");
		const value = asked.data.groupIds.filter((groupId) =>
			data.memberships.some(
				(membership) => membership.groupId === groupId && membership.userId === person.userId,
			),
		);
		return { status: 200, body: { value } };
	};
}
