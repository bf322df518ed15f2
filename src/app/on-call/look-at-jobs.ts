import { known } from "../../core/known.js";
import { tick } from "../../core/on-call/tick.js";
import type { Look, Tick, TickSettings, Watched } from "../../core/on-call/watched.js";
import type { Clock, Ids, Log, RecoveryJobs } from "../ports.js";
import type { Store, Tx } from "../store.js";
import { tell } from "./tell.js";

export interface LookDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly ids: Ids;
	readonly jobs: RecoveryJobs;
	readonly log: Log;
	readonly onCall: TickSettings;
}

/**
 * One look at all jobs of a tenant, and the plan for the next one. A look that shows nothing new costs one call to
 * Graph, one question to the database and one line in it, however many conversations are told. Nobody who wants to
 * be told: no look, and no next one.
 */
export async function lookAtJobs(tenantId: string, deps: LookDeps): Promise<void> {
	const watched = await deps.store.read.watched(tenantId, deps.clock.now());
	if (!anybodyWatches(watched)) return deps.store.transaction((tx) => endUnlessAsked(tx, tenantId, deps));
	const look = await lookNow(watched, deps);
	const now = deps.clock.now();
	const judge = (before: Watched) => tick(before, look, now, deps.onCall, () => deps.ids.uuid());
	const first = judge(watched);
	await deps.store.transaction(async (tx) => {
		const seen = isQuiet(first) ? first : await judgeAgain(tx, first, { tenantId, now, judge });
		await tx.saveWatch(tenantId, seen.watch);
		if (seen !== first) await save(tx, seen, now, deps);
		if (seen.goesOn) planLook(tx, tenantId, deps.onCall.pollMs);
	});
}

/**
 * The jobs are looked at from now on, for a subscription that this transaction saves after this. Its first look may be
 * left out of the queue, since an earlier one waits there; the lock keeps that one from ending before it can see
 * who subscribes.
 */
export async function watchFromNowOn(tx: Tx, tenantId: string): Promise<void> {
	await tx.lockWatch(tenantId);
	planLook(tx, tenantId, 0);
}

/** Waits for whoever is subscribing, and sees them then. */
async function endUnlessAsked(tx: Tx, tenantId: string, { clock }: LookDeps): Promise<void> {
	await tx.lockWatch(tenantId);
	if (anybodyWatches(await tx.watched(tenantId, clock.now()))) planLook(tx, tenantId, 0);
}

function anybodyWatches({ subscriptions }: Watched): boolean {
	return subscriptions.some(({ kind }) => kind === "alerts" || kind === "follow");
}

function planLook(tx: Tx, tenantId: string, afterMs: number): void {
	tx.enqueue({ queue: "on-call", data: { work: "look", id: tenantId }, afterMs });
}

async function lookNow({ watch }: Watched, { jobs, clock, log }: LookDeps): Promise<Look> {
	if (watch.notBefore !== undefined && clock.now().getTime() < Date.parse(watch.notBefore))
		return { kind: "put-off" };
	const read = await jobs.list();
	if (read.kind === "listed") return read;
	const { code, httpStatus, retryAfterMs, detail } = read;
	// Once for each time out of sight; people are told in the conversations.
	if (!watch.blind)
		log.warn({ code: "jobs-unreadable", why: code, httpStatus, detail }, "the jobs cannot be watched now");
	return { kind: "problem", code, ...known({ retryAfterMs }) };
}

function isQuiet({ incidents, summed, done, cards, news, escalate, lines }: Tick): boolean {
	return [incidents, summed, done, cards, news, escalate, lines].every((list) => list.length === 0);
}

/** What is stored may have changed while Graph was asked: somebody took a job, or turned alerts off. */
async function judgeAgain(
	tx: Tx,
	first: Tick,
	{ tenantId, now, judge }: { tenantId: string; now: Date; judge: (before: Watched) => Tick },
): Promise<Tick> {
	await tx.lockWatch(tenantId);
	const incidents = await tx.lockOpenIncidents(tenantId, now);
	// A job that began after the last look may have been cancelled by now.
	const jobIds = first.incidents.map(({ job }) => job.id);
	return judge({ ...(await tx.watched(tenantId, now, jobIds)), incidents });
}

async function save(tx: Tx, seen: Tick, now: Date, deps: LookDeps): Promise<void> {
	await tx.forgetOld(now);
	await tx.saveIncidents(seen.incidents);
	for (const one of seen.summed) await tx.summedUp(one.id, one.summedAt ?? now.toISOString());
	for (const one of seen.done)
		if (one.kind === "follow") await tx.dropSubscription("follow", one.conversationKey, one.jobId);
	await tell(tx, seen, deps);
	for (const { incidentId, step } of seen.escalate)
		tx.enqueue({ queue: "on-call", data: { work: "escalate", id: incidentId, step }, afterMs: 0 });
	for (const line of seen.lines) tx.audit({ ...line, at: now });
}
