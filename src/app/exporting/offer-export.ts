import { decide } from "../../core/policy.js";
import type { Command } from "../../core/requests/command.js";
import { type DecideDeps, refused, type Shown, show } from "../requests/decision.js";
import type { Request } from "../store.js";

const HOUR_MS = 3_600_000;

/**
 * Offers a piece of the audit trail as a file to somebody who may look. Files come into personal chats only. What is
 * offered ends at the moment of asking, so that what is sent later is what was offered.
 */
export async function offerExport(
	request: Request,
	command: Extract<Command, { kind: "export" }>,
	deps: DecideDeps,
): Promise<Shown> {
	const { actor, conversationType, receivedAt } = request;
	if (conversationType !== undefined && conversationType !== "personal")
		return show({ view: "export-told", what: "only-personal" });
	const standing = await deps.directory.standing(actor, "view");
	const verdict = decide("view", actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	const { format, hours } = command;
	const to = receivedAt.toISOString();
	const from =
		hours === undefined ? undefined : new Date(receivedAt.getTime() - hours * HOUR_MS).toISOString();
	const range = { to, ...(from !== undefined && { from }) };
	const written = await deps.trail(range, format);
	if (written.kind === "too-large") return show({ view: "export-told", what: "too-large" });
	if (written.events === 0) return show({ view: "export-told", what: "nothing" });
	const { events, bytes } = written;
	const name = `audit-trail-${to.slice(0, 16).replace(/\D/gu, "")}.${format}`;
	return show(
		{ view: "file-offer", requestId: request.id, name, format, ...range, events, size: bytes.byteLength },
		{ grant: verdict.grant, count: events },
	);
}
