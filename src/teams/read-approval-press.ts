import { known } from "../core/known.js";
import { type Command, LONGEST_REASON } from "../core/requests/command.js";
import { parseCommand } from "../core/requests/parse-command.js";
import { cleanText, LONGEST_ID, pressed } from "./press-data.js";

/** What the card is that somebody looks at again, or their client for them. */
export const REFRESH = "refresh-approval";

/**
 * What a button about approvals asks for, or `undefined` when it is none. Routed by verb and data: some clients drop
 * an action's own id. A comment is what was written, if anything was; the server alone decides whether one is needed.
 */
export function readApprovalPress(verb: unknown, data: unknown): Command | undefined {
	const content = pressed.safeParse(data);
	if (!content.success) return undefined;
	const { version, ...sent } = content.data;
	const id = cleanText(sent.id, LONGEST_ID);
	const written = (name: string): string | undefined => {
		const value = sent[name];
		const text = typeof value === "string" ? cleanText(value, LONGEST_REASON).trim() : "";
		return text === "" ? undefined : text;
	};
	const comment = known({ comment: written("comment") });
	switch (verb) {
		case "ask-approval": {
			const asked = parseCommand(`ask approval ${id}`);
			return asked.kind === "ask"
				? { kind: "ask", jobId: asked.jobId, ...known({ reason: written("reason") ?? written("comment") }) }
				: asked;
		}
		case "approve":
		case "reject":
			return { kind: "decide", verdict: verb, reference: id, edition: version, ...comment };
		case "withdraw":
			return { kind: "withdraw", reference: id };
		case "acknowledge-review":
			return { kind: "acknowledge", reference: id, ...comment };
		case REFRESH:
			// Only a client too old to take a card in place of the pressed one sends this as a message.
			return { kind: "why", reference: id };
		default:
			return undefined;
	}
}

/** The id that a card to be drawn again carries. */
export function readRefresh(verb: unknown, data: unknown): string | undefined {
	return verb === REFRESH ? pressed.safeParse(data).data?.id : undefined;
}
