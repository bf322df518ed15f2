import { isSamePerson } from "../../core/person.js";
import type { Command } from "../../core/requests/command.js";
import type { Request, Store } from "../store.js";
import type { ProblemCode } from "../views.js";

/** A request whose command says itself what is asked. */
export type MeantRequest = Request & { readonly command: Exclude<Command, { kind: "again" }> };

/**
 * The request with the command that it means: Try again means what the request meant on whose answer it stands.
 * It repeats only what the same person asked, whatever id the button carried.
 */
export async function asMeant(
	request: Request,
	store: Store,
): Promise<MeantRequest | { readonly problem: ProblemCode }> {
	let { command } = request;
	while (command.kind === "again") {
		const first = await store.read.request(command.requestId);
		if (!first) return { problem: "request-not-found" };
		if (!isSamePerson(first.actor, request.actor)) return { problem: "not-your-request" };
		command = first.command;
	}
	return { ...request, command };
}
