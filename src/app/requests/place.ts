import { isOnCall } from "../../core/requests/command.js";
import type { Answer, Request } from "../store.js";

/**
 * Whether an answer is a message of its own. A card that others still need (a list, a form without its reason) is
 * never replaced by what became of one press on it.
 */
export function isOwnMessage({ via, command }: Pick<Request, "via" | "command">, answer: Answer): boolean {
	const view = answer.kind === "view" ? answer.view.view : undefined;
	switch (via) {
		case "message":
		case "press-aside":
		case "consent":
			return true;
		case "press-in-list":
			return view !== "jobs";
		case "press":
			return view === "malformed" || view === "file-offer" || (view === "refusal" && isOnCall(command));
	}
}
