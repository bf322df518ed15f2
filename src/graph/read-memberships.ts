import { z } from "zod";
import { type DirectoryReading, timeLeft, USER_INITIATED } from "./directory-reading.js";
import { pathSegment } from "./endpoint.js";
import { expectSuccess, type GraphProblem, unreadable } from "./problem.js";

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
 * groups among them. A POST, but only a read.
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

async function checkMemberGroups(
	userId: string,
	groupIds: readonly string[],
	reading: DirectoryReading,
): Promise<{ readonly kind: "checked"; readonly groupIds: readonly string[] } | GraphProblem> {
	const segment = pathSegment(userId);
	if (segment === undefined) return { kind: "problem", why: "not-found", detail: "no object id to look up" };
	const reply = expectSuccess(
		await reading.caller({
			method: "POST",
			nature: "read",
			version: "v1.0",
			path: `/users/${segment}/checkMemberGroups`,
			template: "/users/{id}/checkMemberGroups",
			headers: USER_INITIATED,
			body: { groupIds },
			timeoutMs: timeLeft(reading),
		}),
	);
	if (reply.kind === "problem") return reply;
	const parsed = memberOf.safeParse(reply.body);
	if (!parsed.success) return unreadable(reply, "the memberships cannot be read");
	const members = parsed.data.value.map((id) => id.toLowerCase());
	return { kind: "checked", groupIds: members.filter((id) => groupIds.includes(id)) };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
	const count = Math.ceil(items.length / size);
	return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
