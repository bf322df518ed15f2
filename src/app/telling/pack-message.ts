import { isWaiting } from "../../core/approving/rules.js";
import { askersLocale } from "../../core/cancelling/cancellation.js";
import { known } from "../../core/known.js";
import { onCallViewOf } from "../on-call/on-call-view-of.js";
import { workingView } from "../requests/decision.js";
import type { Message, Tx } from "../store.js";
import type { View } from "../views.js";

/** What to tell, in the language of whoever asked. */
export interface Packed {
	readonly view: View;
	readonly locale: string | undefined;
}

/** A message drawn from the stored record at this moment, or nothing when there is nothing to tell any more. */
export async function packMessage(
	tx: Pick<Tx, "request" | "cancellation" | "findMessage" | "incident" | "latestCancellation" | "news">,
	message: Message,
	now: Date,
): Promise<Packed | undefined> {
	if (message.kind === "answer") return packAnswer(tx, message, now);
	if ("incidentId" in message || "newsId" in message) {
		const view = await onCallViewOf(tx, message, now);
		return view && { view, locale: undefined };
	}
	const { kind, cancellationId, conversationKey } = message;
	const cancellation = await tx.cancellation(cancellationId);
	if (!cancellation) return undefined;
	// Once the end is known there is nothing left to warn of.
	if (kind === "warning" && cancellation.outcome) return undefined;
	const locale = askersLocale(cancellation, conversationKey);
	// Where nobody has seen the question there is nothing to take back.
	const unseen = message.activityId === undefined && message.unclear === 0;
	if ((kind === "approval" || kind === "reminder") && unseen && !isWaiting(cancellation)) return undefined;
	const audience = known({ audience: message.audience });
	const supersedes = message.unclear > 0 ? { supersedes: true as const } : {};
	if (kind === "approval" || (kind === "live" && cancellation.state === "awaiting-approval"))
		return { view: { view: "approval", cancellation, conversationKey, ...audience, ...supersedes }, locale };
	if (kind === "reminder" || kind === "review")
		return { view: { view: kind, cancellation, conversationKey, ...audience }, locale };
	if (kind !== "live") return { view: { view: kind, cancellation, conversationKey }, locale };
	const followUp =
		cancellation.outcome && (await tx.findMessage("follow-up", cancellationId, conversationKey));
	const missed = followUp?.state === "unconfirmed" || followUp?.state === "failed";
	return {
		view: {
			view: kind,
			cancellation,
			conversationKey,
			...(missed ? { announcementMissed: true as const } : {}),
			...supersedes,
		},
		locale,
	};
}

/** Until there is an answer, what is being checked. */
async function packAnswer(
	tx: Pick<Tx, "request" | "cancellation">,
	{ requestId, conversationKey }: Extract<Message, { kind: "answer" }>,
	now: Date,
): Promise<Packed | undefined> {
	const request = await tx.request(requestId);
	if (!request) return undefined;
	const { answer, locale } = request;
	if (!answer) return { view: { ...workingView(request), becomesAnswer: true }, locale };
	if (answer.kind === "view") return { view: asMessage(answer.view), locale };
	if (answer.kind === "followed") return undefined;
	const cancellation = answer.copied ? await tx.cancellation(answer.cancellationId) : undefined;
	if (!cancellation) return undefined;
	return { view: { view: "live", cancellation, conversationKey, copiedAt: now.toISOString() }, locale };
}

/** What was drawn for the pressed card, and came too late for that, is told in words: such a message needs no keeping. */
function asMessage(view: View): View {
	return (view.view === "approval" || view.view === "review") && view.note && view.viewer
		? { view: "told", cancellation: view.cancellation, actor: view.viewer, note: view.note }
		: view;
}
