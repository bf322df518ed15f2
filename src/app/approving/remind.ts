import { decisionOf, isOverdue, isWaiting } from "../../core/approving/rules.js";
import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Event } from "../../core/cancelling/events.js";
import { move } from "../../core/cancelling/move.js";
import { known } from "../../core/known.js";
import { type ApplyDeps, apply, saveMove } from "../cancelling/apply.js";
import type { ConversationRef } from "../ports.js";
import type { ApprovalStep } from "../store.js";
import { postMessage } from "../telling/post-message.js";
import type { Audience } from "../views.js";
import { type FindDeps, type Found, findDeciders } from "./find-deciders.js";

/** People whom a reminder mentions. */
const MENTIONED = 5;

/**
 * One step that was put off when a request was opened: a reminder, the deadline, or the next review card. Whether it
 * is still called for is read from the record; the deadline is compared there at every step, so this one is
 * only what lets people see it in time.
 */
export async function remind(
	{ cancellationId, step, number }: ApprovalStep,
	deps: ApplyDeps & FindDeps,
): Promise<void> {
	switch (step) {
		case "expire":
			return expire(cancellationId, deps);
		case "remind":
			return remindDeciders(cancellationId, number, deps);
		case "review":
			return tellReview(cancellationId, number, deps);
	}
}

async function expire(id: string, deps: ApplyDeps): Promise<void> {
	const record = await deps.store.read.cancellation(id);
	if (!record || !isWaiting(record)) return;
	const leftMs = Date.parse(record.approval.expiresAt) - deps.clock.now().getTime();
	if (leftMs <= 0) {
		await apply(id, { kind: "deadline" }, deps, {});
		return;
	}
	// The clock of whoever planned this was ahead of ours.
	await deps.store.transaction(async (tx) =>
		tx.enqueue({ queue: "remind", data: { cancellationId: id, step: "expire", number: 0 }, afterMs: leftMs }),
	);
}

async function remindDeciders(id: string, number: number, deps: ApplyDeps & FindDeps): Promise<void> {
	const record = await deps.store.read.cancellation(id);
	if (!record || !isWaiting(record)) return;
	if (isOverdue(record, deps.clock.now())) return expire(id, deps);
	const conversations = await decidingConversations(deps.store.read, record);
	const asked = record.askers.map(({ actor }) => actor);
	const found = await findDeciders(conversations, asked, deps);
	await deps.store.transaction(async (tx) => {
		const now = deps.clock.now();
		const locked = await tx.lockCancellation(id);
		if (!locked || !isWaiting(locked) || isOverdue(locked, now)) return;
		const told: string[] = [];
		for (const { key } of conversations) {
			const audience = found.audiences.get(key);
			// Where nobody can decide, a reminder only makes noise; what could not be read may be anything.
			if (audience?.here === 0) continue;
			await postMessage(
				tx,
				{
					kind: "reminder",
					cancellationId: id,
					conversationKey: key,
					copy: String(number),
					...known({ audience: mentioning(audience, locked) }),
				},
				deps,
			);
			told.push(key);
		}
		tx.audit({
			at: now,
			type: "approval.reminded",
			jobId: locked.jobId,
			cancellationId: id,
			facts: { receipt: locked.receipt, number, conversations: told, ...reachOf(found) },
		});
	});
}

async function tellReview(id: string, seq: number, deps: ApplyDeps & FindDeps): Promise<void> {
	const record = await deps.store.read.cancellation(id);
	if (!record?.review || record.review.acknowledged || record.review.seq !== seq) return;
	const approving = await deps.store.read.approvalConversations(record.tenantId);
	const conversations = approving.length > 0 ? approving : await askingConversations(deps.store.read, record);
	const found = await findDeciders(conversations, record.review.by, deps);
	await deps.store.transaction(async (tx) => {
		const now = deps.clock.now();
		const before = await tx.lockCancellation(id);
		if (!before) return;
		const event: Event = { kind: "review-told", seq };
		const result = move(before, event, now, deps.limits);
		if (result.kind === "conflict") return;
		await saveMove(tx, { before, event, now, facts: {} }, result, deps);
		for (const { key } of conversations)
			await postMessage(
				tx,
				{
					kind: "review",
					cancellationId: id,
					conversationKey: key,
					copy: String(seq),
					...known({ audience: found.audiences.get(key) }),
				},
				deps,
			);
	});
}

/** Whoever has decided is not asked again. */
function mentioning(audience: Audience | undefined, record: Cancellation): Audience | undefined {
	const { tenantId } = record;
	return (
		audience && {
			...audience,
			viewers: [],
			mentions: (audience.mentions ?? [])
				.filter(({ userId }) => !decisionOf(record, { tenantId, userId }))
				.slice(0, MENTIONED),
		}
	);
}

function reachOf({ reach }: Found): object {
	return known({ canDecide: reach?.canDecide, reached: reach?.reached });
}

/** Where a request is shown: the conversations that decide, and those in which it was asked for. */
async function decidingConversations(
	read: ApplyDeps["store"]["read"],
	record: Cancellation,
): Promise<readonly ConversationRef[]> {
	const [approving, asking] = await Promise.all([
		read.approvalConversations(record.tenantId),
		askingConversations(read, record),
	]);
	return [...new Map([...asking, ...approving].map((one) => [one.key, one])).values()];
}

async function askingConversations(
	read: ApplyDeps["store"]["read"],
	{ askers }: Cancellation,
): Promise<readonly ConversationRef[]> {
	const keys = [...new Set(askers.map(({ conversationKey }) => conversationKey))];
	const found = await Promise.all(keys.map((key) => read.conversation(key)));
	return found.filter((one) => one !== undefined);
}
