import { nextDigest } from "../../core/on-call/digest-time.js";
import type { Digest } from "../../core/on-call/subscription.js";
import type { Clock, Ids, RecoveryJobs } from "../ports.js";
import type { Store, Tx } from "../store.js";
import { summarize } from "./summarize.js";
import { tell } from "./tell.js";

/** From so many milliseconds on a digest says that it comes late. */
const LATE_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Sends a conversation's digest, if one is due, and plans the next one. The local date of the last one is kept with
 * it, so that there is one for each date, whatever the clocks do and however often this runs.
 */
export async function sendDigest(
	subscriptionId: string,
	deps: { readonly store: Store; readonly clock: Clock; readonly ids: Ids; readonly jobs: RecoveryJobs },
): Promise<void> {
	const { store, clock } = deps;
	const subscription = await store.read.subscription(subscriptionId);
	if (subscription?.kind !== "digest") return;
	const now = clock.now();
	const due = nextDigest(subscription, subscription.lastDate, now);
	if (due.at.getTime() > now.getTime())
		return store.transaction(async (tx) => void planDigest(tx, subscription, now));
	const summary = await summarize(subscription.tenantId, new Date(now.getTime() - DAY_MS), now, deps);
	const head = await store.read.auditHead();
	await store.transaction(async (tx) => {
		await tx.forgetOld(now);
		const locked = await tx.lockSubscription(subscriptionId);
		if (locked?.kind !== "digest") return;
		const sent = { ...locked, lastDate: due.date };
		planDigest(tx, sent, now);
		// Somebody else was quicker.
		if (locked.lastDate >= due.date) return;
		await tx.putSubscription(sent);
		const late = now.getTime() - due.at.getTime() >= LATE_MS ? { dueAt: due.at.toISOString() } : {};
		const { conversationKey } = locked;
		await tell(
			tx,
			{
				cards: [],
				news: [
					{
						conversationKey,
						place: "post",
						tells: { what: "digest", date: due.date, head, ...late, ...summary },
					},
				],
			},
			deps,
		);
		tx.audit({
			at: now,
			type: "digest.sent",
			facts: { conversation: conversationKey, date: due.date, ...late },
		});
	});
}

/** Puts the next digest into the queue. */
export function planDigest(tx: Tx, digest: Digest, now: Date): Date {
	const { at } = nextDigest(digest, digest.lastDate, now);
	const afterMs = Math.max(0, at.getTime() - now.getTime());
	tx.enqueue({ queue: "on-call", data: { work: "digest", id: digest.id }, afterMs });
	return at;
}
