import { z } from "zod";
import { graphError } from "./graph-error.js";
import { type Handler, jsonOf, type Reply } from "./http.js";
import type { Person, RoleAssignment } from "./people.js";

/** The directory of the local tenant; changed freely while it runs. */
export interface DirectoryData {
	people: Person[];
	assignments: RoleAssignment[];
	groups: { readonly groupId: string; readonly name: string }[];
	memberships: { readonly groupId: string; readonly userId: string }[];
}

const PAGE = 2;
const MOST_GROUP_IDS = 20;
const MOST_VALUES = 15;
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
			const next = new URL(path, origin());
			next.searchParams.set("$filter", filter);
			next.searchParams.set("$skiptoken", String(skip + PAGE));
			const expand = query.get("$expand");
			if (expand !== null) next.searchParams.set("$expand", expand);
			return {
				status: 200,
				body: {
					...(more ? { "@odata.nextLink": next.href } : {}),
					value: rows.slice(skip, skip + PAGE).map((row, index) => ({
						id: `assignment-${skip + index}`,
						principalId: row.principalId,
						roleDefinitionId: row.roleId,
						directoryScopeId: row.scope,
						...(expand === "principal" ? { principal: principalOf(row.principalId, data) } : {}),
					})),
				},
			};
		}
		if (method === "GET" && path === "/v1.0/groups") return groupsNamed(query, data);
		const groupId = /^\/v1\.0\/groups\/([^/]+)\/transitiveMembers(?:\/microsoft\.graph\.user)?$/u.exec(
			path,
		)?.[1];
		if (method === "GET" && groupId !== undefined)
			return {
				status: 200,
				body: {
					value: data.memberships
						.filter((membership) => membership.groupId === groupId)
						.map(({ userId }) => ({
							"@odata.type": "#microsoft.graph.user",
							...(shown(userId, query.get("$select"), data) ?? { id: userId }),
						})),
				},
			};
		if (method === "GET" && path === "/v1.0/users") return accountsOf(query, data);
		const [, userId, action] = /^\/v1\.0\/users\/([^/]+)(?:\/([^/]+))?$/u.exec(path) ?? [];
		if (userId === undefined) return undefined;
		const person = data.people.find((candidate) => candidate.userId === userId.toLowerCase());
		if (!person) return graphError(404, "Request_ResourceNotFound", "Resource does not exist.");
		if (method === "GET" && action === undefined)
			return { status: 200, body: shown(person.userId, query.get("$select"), data) };
		if (method !== "POST" || action !== "checkMemberGroups") return undefined;
		const asked = groupIds.safeParse(jsonOf(request));
		if (!asked.success) return graphError(400, "Request_BadRequest", "'groupIds' is required.");
		if (asked.data.groupIds.length > MOST_GROUP_IDS)
			return graphError(400, "Directory_ResultSizeLimitExceeded", "Too many ids.");
		const value = asked.data.groupIds.filter((groupId) =>
			data.memberships.some(
				(membership) => membership.groupId === groupId && membership.userId === person.userId,
			),
		);
		return { status: 200, body: { value } };
	};
}

/** Groups by their ids. */
function groupsNamed(query: URLSearchParams, { groups }: DirectoryData): Reply {
	const ids = idsIn(query.get("$filter"));
	if (!ids) return graphError(400, "Request_UnsupportedQuery", "Unsupported filter.");
	const value = groups
		.filter(({ groupId }) => ids.includes(groupId))
		.map(({ groupId: id, name: displayName }) => only(query.get("$select"), { id, displayName }));
	return { status: 200, body: { value } };
}

/** Accounts by their ids; what is no account is left out. */
function accountsOf(query: URLSearchParams, data: DirectoryData): Reply {
	const ids = idsIn(query.get("$filter"));
	if (!ids) return graphError(400, "Request_UnsupportedQuery", "Unsupported filter.");
	const value = ids.flatMap((id) => shown(id, query.get("$select"), data) ?? []);
	return { status: 200, body: { value } };
}

/** The ids of a filter such as `id in ('a','b')`, of which Graph takes no more than 15 at a time. */
function idsIn(filter: string | null): readonly string[] | undefined {
	const list = /^id in \(('[^']+'(?:, ?'[^']+')*)\)$/u.exec(filter ?? "")?.[1];
	const ids = list?.split(",").map((id) => id.trim().slice(1, -1).toLowerCase());
	return ids && ids.length <= MOST_VALUES ? ids : undefined;
}

/** What holds a role: a person, shown whole, or else a group. */
function principalOf(id: string, data: DirectoryData): object {
	const person = shown(id, "id,displayName,accountEnabled,userType", data);
	return { "@odata.type": `#microsoft.graph.${person ? "user" : "group"}`, ...(person ?? { id }) };
}

/**
 * What Graph shows of a user: without `$select` neither the account's state nor its type.
 * https://learn.microsoft.com/graph/api/user-get
 */
function shown(userId: string, select: string | null, { people }: DirectoryData): object | undefined {
	const person = people.find((one) => one.userId === userId);
	if (!person) return undefined;
	const { userId: id, name: displayName, accountEnabled, userType } = person;
	if (select === null) return { id, displayName };
	return only(select, { id, displayName, accountEnabled, userType });
}

/** What `$select` names of it; without one, all. */
function only(select: string | null, all: object): object {
	const names = select?.split(",").map((name) => name.trim());
	return Object.fromEntries(Object.entries(all).filter(([name]) => names?.includes(name) ?? true));
}
