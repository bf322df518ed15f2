import { z } from "zod";
import type { Role } from "../core/policy.js";
import { filterString, type GraphCall, type GraphCaller, isSameId, pathSegment } from "./graph-call.js";
import { expectSuccess, type GraphProblem, unreadable } from "./problem.js";
import { readPages } from "./read-pages.js";

/** What the look-ups of one role check share. */
export interface DirectoryReading {
	readonly caller: GraphCaller;
	/** Milliseconds that the next call may take. */
	leftMs(): number;
}

/** How every look-up is sent. A person waits for it: https://learn.microsoft.com/graph/throttling-limits */
const LOOK_UP = {
	nature: "read",
	version: "v1.0",
	headers: { "x-ms-throttle-priority": "high" },
} satisfies Partial<GraphCall>;

const NOBODY: GraphProblem = { kind: "problem", why: "not-found", detail: "no object id to look up" };

const accountBody = z.object({
	id: z.string(),
	accountEnabled: z.boolean().nullish(),
	userType: z.string().nullish(),
});

export interface Account {
	readonly kind: "account";
	readonly accountEnabled: boolean;
	readonly guest: boolean;
}

/**
 * The state of a person's account. Only a `userType` of `Member` makes somebody a member: Graph may
 * answer null for old accounts, and such an account is treated as a guest. A hidden `accountEnabled` is
 * how Graph answers an app that may not read it, so it is a `forbidden`, not a disabled account.
 * https://learn.microsoft.com/graph/api/resources/user
 */
export async function readAccount(
	userId: string,
	{ caller, leftMs }: DirectoryReading,
): Promise<Account | GraphProblem> {
	const segment = pathSegment(userId);
	if (segment === undefined) return NOBODY;
	const reply = expectSuccess(
		await caller.send({
			...LOOK_UP,
			method: "GET",
			path: `/users/${segment}?$select=id,accountEnabled,userType`,
			template: "/users/{id}?$select=id,accountEnabled,userType",
			timeoutMs: leftMs(),
		}),
	);
	if (reply.kind === "problem") return reply;
	const parsed = accountBody.safeParse(reply.body);
	if (!parsed.success) return unreadable(reply, "the account cannot be read");
	const { id, accountEnabled, userType } = parsed.data;
	if (!isSameId(id, userId)) return unreadable(reply, "this is another account");
	if (typeof accountEnabled !== "boolean")
		return { ...unreadable(reply, "Graph does not show accountEnabled to this app"), why: "forbidden" };
	return { kind: "account", accountEnabled, guest: userType?.toLowerCase() !== "member" };
}

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
 * is documented; scope and person are compared by the caller. A built-in role's definition id is its template id.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export async function readAssignments(
	role: Role,
	{ caller, leftMs }: DirectoryReading,
): Promise<{ readonly kind: "read"; readonly assignments: readonly Assignment[] } | GraphProblem> {
	const path = "/roleManagement/directory/roleAssignments";
	const call = {
		...LOOK_UP,
		method: "GET",
		path: `${path}?$filter=roleDefinitionId%20eq%20${filterString(role.id)}`,
		template: `${path}?$filter=roleDefinitionId eq '${role.id}'`,
	} as const;
	const listed = await readPages(call, assignmentBody, caller, leftMs);
	if (listed.kind === "problem") return listed;
	const assignments = listed.rows
		// A row of another role never counts as this one, even where the filter was ignored.
		.filter((row) => isSameId(row.roleDefinitionId ?? role.id, role.id))
		.map((row) => ({
			role,
			principalId: row.principalId,
			scope: row.directoryScopeId || row.appScopeId || "unknown",
		}));
	return { kind: "read", assignments };
}

/** https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups */
const MOST_IDS_PER_CALL = 20;

const memberOf = z.object({ value: z.array(z.string()) });

export interface Memberships {
	readonly kind: "memberships";
	/** Whether the person is a member, directly or through another group. */
	includes(groupId: string): boolean;
}

/**
 * Which of these groups a person belongs to. Ids that are no groups do no harm: Graph answers with the
 * groups among them.
 */
export async function readMemberships(
	userId: string,
	ids: readonly string[],
	reading: DirectoryReading,
): Promise<Memberships | GraphProblem> {
	const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
	const answers = await Promise.all(
		chunks(asked, MOST_IDS_PER_CALL).map((groupIds) => checkMemberGroups(userId, groupIds, reading)),
	);
	const found = new Set<string>();
	for (const answer of answers) {
		if (answer.kind === "problem") return answer;
		for (const id of answer.groupIds) found.add(id);
	}
	return { kind: "memberships", includes: (groupId) => found.has(groupId.toLowerCase()) };
}

/** A POST, but only a read. */
async function checkMemberGroups(
	userId: string,
	groupIds: readonly string[],
	{ caller, leftMs }: DirectoryReading,
): Promise<{ readonly kind: "checked"; readonly groupIds: readonly string[] } | GraphProblem> {
	const segment = pathSegment(userId);
	if (segment === undefined) return NOBODY;
	const reply = expectSuccess(
		await caller.send({
			...LOOK_UP,
			method: "POST",
			path: `/users/${segment}/checkMemberGroups`,
			template: "/users/{id}/checkMemberGroups",
			body: { groupIds },
			timeoutMs: leftMs(),
		}),
	);
	if (reply.kind === "problem") return reply;
	const parsed = memberOf.safeParse(reply.body);
	if (!parsed.success) return unreadable(reply, "the memberships cannot be read");
	const members = parsed.data.value.map((id) => id.toLowerCase());
	return { kind: "checked", groupIds: members.filter((id) => groupIds.includes(id)) };
}

const personBody = z.looseObject({ id: z.string().min(1), displayName: z.string().nullish() });

/**
 * The people in a group, through other groups, too; whoever has activated their membership counts while that lasts.
 * https://learn.microsoft.com/graph/api/group-list-transitivemembers
 */
export async function readPeople(
	groupId: string,
	{ caller, leftMs }: DirectoryReading,
): Promise<{ readonly kind: "read"; readonly rows: readonly z.infer<typeof personBody>[] } | GraphProblem> {
	const segment = pathSegment(groupId);
	if (segment === undefined) return NOBODY;
	const query = "$select=id,displayName&$top=999";
	const call = {
		...LOOK_UP,
		method: "GET",
		path: `/groups/${segment}/transitiveMembers/microsoft.graph.user?${query}`,
		template: `/groups/{id}/transitiveMembers/microsoft.graph.user?${query}`,
	} as const;
	return readPages(call, personBody, caller, leftMs);
}

/** Some at a time, as many as Graph takes in a call. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
	const count = Math.ceil(items.length / size);
	return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
