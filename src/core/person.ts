/**
 * Who acts: a tenant and an Entra object id. The name is for reading only and never decides anything.
 */
export interface Actor {
	readonly tenantId: string;
	/** The person's Entra object id (`aadObjectId` in Teams). */
	readonly userId: string;
	/** Empty when none is known: whoever reads it sees a word of their own language then. */
	readonly name: string;
	/** The person's id inside Teams (`29:…`), needed to mention them. Differs per bot. */
	readonly channelUserId: string;
}

/** An actor as everything that is decided sees them. */
export type Person = Pick<Actor, "tenantId" | "userId">;

/** Whether two actors are one person: compared by tenant and object id, never by name. */
export function isSamePerson(one: Person, other: Person): boolean {
	return keyOf(one) === keyOf(other);
}

function keyOf({ tenantId, userId }: Person): string {
	return `${tenantId} ${userId}`.toLowerCase();
}

/** One reason why somebody may do something, as the directory showed it. */
export type Grant =
	| { readonly by: "role"; readonly roleId: string; readonly roleName: string; readonly viaGroupId?: string }
	| { readonly by: "group"; readonly groupId: string };

/** What the directory said about a person at one moment. Never stored for later use as a permission. */
export type Standing =
	| {
			readonly kind: "read";
			readonly at: string;
			readonly accountEnabled: boolean;
			readonly guest: boolean;
			readonly grants: readonly Grant[];
			/** Assignments that exist but do not count, because they are scoped to a part of the tenant. */
			readonly scopedRoles: readonly { readonly roleName: string; readonly scope: string }[];
	  }
	| {
			readonly kind: "unreadable";
			readonly at: string;
			readonly why: StandingProblem;
			/** Technical detail for the log and the audit trail, never for a card. */
			readonly detail: string;
	  };

export type StandingProblem = "not-found" | "forbidden" | "throttled" | "timeout" | "unavailable";
