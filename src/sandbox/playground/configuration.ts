import type { Person } from "../channel-proxy/person.js";

/** Name of the file that the Playground reads from its working directory. */
export const CONFIGURATION_FILE = ".m365agentsplayground.yml";

export interface PlaygroundWorld {
	/** A GUID. */
	readonly tenantId: string;
	readonly bot: { readonly id: string; readonly name: string };
	readonly people: readonly Person[];
	/** Who types in the Playground; it has one user. */
	readonly current: Person;
}

/**
 * The Playground's configuration, whose keys are those of its built-in one (package version 0.2.28). That
 * has people with malformed object ids, hence our own. User ids must be unique, chat and channel ids too.
 */
export function playgroundConfiguration({ tenantId, bot, people, current }: PlaygroundWorld): object {
	return {
		version: "0.1.1",
		tenantId,
		bot,
		currentUser: user(current),
		users: people.filter(({ channelUserId }) => channelUserId !== current.channelUserId).map(user),
		personalChat: { id: "personal-chat" },
		groupChat: { id: "group-chat", name: "Incident room" },
		team: {
			id: "team",
			name: "Identity team",
			aadGroupId: "80000000-0000-4000-8000-000000000001",
			channels: [{ id: "channel-general", name: "General" }],
		},
	};
}

function user(person: Person): object {
	const [givenName = person.name, surname = ""] = person.name.split(" ");
	const address = `${person.key}@contoso.example`;
	return {
		id: person.channelUserId,
		name: person.name,
		// Spelled so in the Playground's own configuration.
		userPrincipleName: address,
		aadObjectId: person.userId,
		givenName,
		surname,
		email: address,
	};
}
