import { z } from "zod";
import { type DirectoryReading, timeLeft, USER_INITIATED } from "./directory-reading.js";
import { pathSegment } from "./endpoint.js";
import { expectSuccess, type GraphProblem, unreadable } from "./problem.js";

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
	reading: DirectoryReading,
): Promise<Account | GraphProblem> {
	const segment = pathSegment(userId);
	if (segment === undefined) return { kind: "problem", why: "not-found", detail: "no object id to look up" };
	const reply = expectSuccess(
		await reading.caller({
			method: "GET",
			nature: "read",
			version: "v1.0",
			path: `/users/${segment}?$select=id,accountEnabled,userType`,
			template: "/users/{id}?$select=id,accountEnabled,userType",
			headers: USER_INITIATED,
			timeoutMs: timeLeft(reading),
		}),
	);
	if (reply.kind === "problem") return reply;
	const parsed = accountBody.safeParse(reply.body);
	if (!parsed.success) return unreadable(reply, "the account cannot be read");
	const { id, accountEnabled, userType } = parsed.data;
	if (id.toLowerCase() !== userId.toLowerCase()) return unreadable(reply, "this is another account");
	if (typeof accountEnabled !== "boolean")
		return { ...unreadable(reply, "Graph does not show accountEnabled to this app"), why: "forbidden" };
	return { kind: "account", accountEnabled, guest: userType?.toLowerCase() !== "member" };
}
