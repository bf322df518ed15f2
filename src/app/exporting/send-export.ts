import { decide } from "../../core/policy.js";
import type { Command } from "../../core/requests/command.js";
import { type DecideDeps, problem, refused, type Shown, show } from "../requests/decision.js";
import type { Request } from "../store.js";
import type { View } from "../views.js";

type Offer = Extract<View, { view: "file-offer" }>;

/**
 * Sends the offered piece of the audit trail to where Teams said, after the person accepted: if they may still look,
 * and if the place is one of Microsoft's. What is about to leave is in the audit trail before it does. Safe to run
 * again: the file is sent to the same place.
 */
export async function sendExport(
	request: Request,
	command: Extract<Command, { kind: "export-accepted" }>,
	deps: DecideDeps,
): Promise<Shown> {
	const { actor } = request;
	const standing = await deps.directory.standing(actor, "view");
	const verdict = decide("view", actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	const offer = await offerOf(command.requestId, request, deps);
	if (!offer) return problem(request, "request-not-found");
	const { upload } = command;
	if (!deps.files.allows(upload.uploadUrl))
		return failed("upload-refused", { code: "upload-host-refused", host: hostOf(upload.uploadUrl) });
	const written = await deps.trail(offer, offer.format);
	if (written.kind === "too-large") return show({ view: "export-told", what: "too-large" });
	const { events, bytes, last } = written;
	const facts = {
		requestId: request.id,
		offer: command.requestId,
		grant: verdict.grant,
		count: events,
		last,
	};
	await deps.store.transaction(async (tx) =>
		tx.audit({ at: deps.clock.now(), type: "export.allowed", actor, facts }),
	);
	const sent = await deps.files.put(upload.uploadUrl, bytes);
	if (sent.kind === "problem") return failed("upload-failed", { code: "upload-failed", detail: sent.detail });
	const { uploadUrl: _secret, ...file } = upload;
	return {
		kind: "show",
		type: "export.sent",
		view: { view: "file-sent", ...file },
		facts: { count: events, last, format: offer.format },
	};
}

/** What was offered to this person in this chat; the id on the card says only where to look. */
async function offerOf(id: string, request: Request, { store }: DecideDeps): Promise<Offer | undefined> {
	const offered = await store.read.request(id);
	const view = offered?.answer?.kind === "view" ? offered.answer.view : undefined;
	const same =
		offered?.actor.userId === request.actor.userId && offered.conversationKey === request.conversationKey;
	return same && view?.view === "file-offer" ? view : undefined;
}

function failed(what: "upload-refused" | "upload-failed", facts: Readonly<Record<string, unknown>>): Shown {
	return { kind: "show", type: "request.failed", view: { view: "export-told", what }, facts };
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : "an unreadable address";
}
