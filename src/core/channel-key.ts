/** The key of the channel as a whole, given that of any of its threads; any other conversation's is itself. */
export function channelKey(conversationKey: string): string {
	return conversationKey.split(";", 1)[0] ?? conversationKey;
}
