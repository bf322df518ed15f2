import { messageOf } from "../../core/thrown.js";
import type { Log, Messenger } from "../ports.js";
import { askedFor } from "./decision.js";
import type { Incoming } from "./receive-request.js";

/**
 * Shows that an answer is being found, where Teams shows that (not in channels) and where finding it takes a
 * while. Nobody waits for it, and nothing depends on it.
 */
export function showTyping(
	{ command, conversation }: Pick<Incoming, "command" | "conversation">,
	{ messenger, log }: { readonly messenger: Pick<Messenger, "typing">; readonly log: Log },
): void {
	if (conversation.conversationType === "channel" || askedFor(command) === undefined) return;
	messenger
		.typing(conversation)
		.catch((error: unknown) =>
			log.info({ code: "typing-not-shown", detail: messageOf(error) }, "nobody could be shown that it types"),
		);
}
