import type { Asker } from "../../core/cancelling/cancellation.js";
import { known } from "../../core/known.js";
import type { Request } from "../store.js";

/** The person who asks for a job to be cancelled: where, when, why and in which language. */
export function askerOf(request: Request, now: Date): Asker {
	return { actor: request.actor, at: now.toISOString(), ...whereAndWhy(request) };
}

export function whereAndWhy(request: Request): Omit<Asker, "actor" | "at"> {
	const { conversationKey, locale } = request;
	return { conversationKey, ...reasonOf(request), ...known({ locale }) };
}

export function reasonOf({ command }: Request): { readonly reason?: string } {
	return (command.kind === "cancel" || command.kind === "ask") && command.reason !== undefined
		? { reason: command.reason }
		: {};
}
