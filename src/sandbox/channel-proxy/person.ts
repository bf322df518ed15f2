/** Somebody whose identity the proxy can put on an activity. */
export interface Person {
	/** What the persona is called in commands. */
	readonly key: string;
	/** Entra object id, a GUID. */
	readonly userId: string;
	readonly name: string;
	/** Teams' id of the person for this bot. */
	readonly channelUserId: string;
}
