import type { Activity } from "./activity.js";
import type { Person } from "./person.js";
import type { Account, Replace } from "./replace-ids.js";

/** Who is who on either side of the proxy. */
export interface Identities {
	/** Remembers the Playground's own ids of an activity. */
	learn(activity: Activity, sender: Person): void;
	readonly toBot: Replace;
	readonly toPlayground: Replace;
}

/**
 * The Playground knows one current user. Whoever the sandbox plays, its answers must go to that user.
 *
 * @param current who stands for the Playground's user in what the bot reads
 */
export function createIdentities(botAppId: string, current: () => Person): Identities {
	const teamsBotId = `28:${botAppId}`;
	let bot: string | undefined;
	let user: string | undefined;
	/** Persona's Teams id -> the Playground's user who spoke as that persona. */
	const spokeAs = new Map<string, string>();
	return {
		learn({ from, recipient }, sender) {
			bot = recipient.id;
			user = from.id;
			spokeAs.set(sender.channelUserId, from.id);
		},
		toBot(id) {
			if (id === bot) return { id: teamsBotId };
			return id === user ? account(current()) : undefined;
		},
		toPlayground(id) {
			const known = id === teamsBotId ? bot : spokeAs.get(id);
			return known === undefined ? undefined : { id: known };
		},
	};
}

function account({ channelUserId, name, userId }: Person): Account {
	return { id: channelUserId, name, aadObjectId: userId };
}
