import { channelKey } from "../../core/channel-key.js";
import type { ConversationRef } from "../ports.js";

/** The channel as a whole, given any of its threads; any other conversation is itself. */
export function channelOf(conversation: ConversationRef): ConversationRef {
	return { ...conversation, key: channelKey(conversation.key) };
}

/**
 * The thread below a message of a channel. Only the conversation's id makes a message a reply; `replyToId` does not
 * (https://github.com/microsoft/teams.py/issues/521).
 */
export function inThread(conversation: ConversationRef, rootActivityId: string): ConversationRef {
	return { ...conversation, key: `${channelKey(conversation.key)};messageid=${rootActivityId}` };
}
