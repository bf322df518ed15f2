import type { Reach } from "../../core/approving/approval.js";
import { known } from "../../core/known.js";
import { type Actor, isSamePerson } from "../../core/person.js";
import type { ConversationRef, Directory, Messenger } from "../ports.js";
import type { Audience, Viewer } from "../views.js";

/** People who see a card of their own; Teams takes no more. */
const MOST_VIEWERS = 60;

export interface FindDeps {
	readonly directory: Pick<Directory, "holders">;
	readonly messenger: Pick<Messenger, "members">;
}

/** Who can decide, and who of them is where. What could not be read is not there: nothing is concluded from it. */
export interface Found {
	readonly reach?: Reach;
	/** By conversation key. */
	readonly audiences: ReadonlyMap<string, Audience>;
}

/**
 * Finds who can decide a request and in which of the conversations they are: the role's holders in a few calls to
 * Graph, the members of each conversation from Teams, and no call a person. Nobody is allowed anything by it.
 */
export async function findDeciders(
	conversations: readonly ConversationRef[],
	without: readonly Actor[],
	deps: FindDeps,
): Promise<Found> {
	const [holders, ...lists] = await Promise.all([
		deps.directory.holders(),
		...conversations.map((conversation) => deps.messenger.members(conversation)),
	]);
	const audiences = new Map<string, Audience>();
	if (holders.kind === "problem") return { audiences };
	const { tenantId = "" } = without[0] ?? {};
	const asks = (userId: string) => without.some((actor) => isSamePerson(actor, { tenantId, userId }));
	const deciders = new Set(holders.userIds.filter((userId) => !asks(userId)));
	const reached = new Set<string>();
	for (const [index, list] of lists.entries()) {
		const conversation = conversations[index];
		if (list.kind === "problem" || !conversation) continue;
		const here: Viewer[] = list.members.filter(({ userId }) => deciders.has(userId));
		const asking: Viewer[] = list.members.filter(({ userId }) => asks(userId));
		for (const { userId } of here) reached.add(userId);
		audiences.set(conversation.key, {
			viewers: [...asking, ...here].slice(0, MOST_VIEWERS),
			mentions: here.slice(0, MOST_VIEWERS),
			canDecide: deciders.size,
			here: here.length,
		});
	}
	const complete = lists.every(({ kind }) => kind === "listed");
	return {
		audiences,
		// That nobody can see it is said only when everybody's whereabouts are known.
		...known({
			reach: complete || reached.size > 0 ? { canDecide: deciders.size, reached: reached.size } : undefined,
		}),
	};
}
