import { known } from "../../core/known.js";
import type { Incident } from "../../core/on-call/incident.js";
import type { News } from "../../core/on-call/news.js";
import { type Handed, release, take } from "../../core/on-call/taking.js";
import { type Actor, isSamePerson } from "../../core/person.js";
import type { OnCallCommand } from "../../core/requests/command.js";
import type { Clock, Ids } from "../ports.js";
import type { Tx } from "../store.js";
import type { Changed } from "./changed.js";
import type { OnCallView } from "./on-call-views.js";
import { tell } from "./tell.js";

interface HandDeps {
	readonly clock: Clock;
	readonly ids: Ids;
}

/** Somebody has it: every card says so, and nobody is called any more. */
export async function takeIncident(
	tx: Tx,
	{ incidentId, turn, minutes }: Extract<OnCallCommand, { kind: "take-incident" }>,
	actor: Actor,
	now: Date,
	deps: HandDeps,
): Promise<Changed> {
	const hand = (incident: Incident) => take(incident, actor, turn, now, minutes);
	return handOn(tx, incidentId, hand, actor, now, deps);
}

/** Nobody has it again. */
export async function releaseIncident(
	tx: Tx,
	{ incidentId }: Extract<OnCallCommand, { kind: "release-incident" }>,
	actor: Actor,
	now: Date,
	deps: HandDeps,
): Promise<Changed> {
	const hand = (incident: Incident) => release(incident, actor, now);
	return handOn(tx, incidentId, hand, actor, now, deps);
}

/** The next person takes everything that was open in a handover and still is. */
export async function handOverAll(
	tx: Tx,
	handover: Extract<OnCallView, { view: "handover" }>,
	actor: Actor,
	now: Date,
	deps: HandDeps,
): Promise<Changed> {
	const locked: (Incident | undefined)[] = [];
	// In one order, since two people may press at once; and all of them before the first message about one.
	for (const id of handover.summary.open.map(({ incidentId }) => incidentId).sort())
		locked.push(await tx.lockIncident(id));
	const taken: string[] = [];
	for (const incident of locked) {
		if (incident?.tenantId !== actor.tenantId) continue;
		const handed = take(incident, actor, incident.turn, now);
		if (handed.kind !== "taken") continue;
		await keep(tx, handed, actor, now, deps);
		taken.push(incident.id);
	}
	const open = handover.summary.open.map((one) =>
		taken.includes(one.incidentId) ? { ...one, taker: actor.name } : one,
	);
	return {
		view: { ...handover, summary: { ...handover.summary, open }, takenBy: actor.name },
		type: "handover.taken",
		facts: { handoverId: handover.handoverId, incidents: taken },
	};
}

async function handOn(
	tx: Tx,
	incidentId: string,
	hand: (incident: Incident) => Handed,
	actor: Actor,
	now: Date,
	deps: HandDeps,
): Promise<Changed> {
	const facts = { incidentId };
	const incident = await tx.lockIncident(incidentId);
	if (incident?.tenantId !== actor.tenantId)
		return { view: { view: "no-such-incident" }, type: "request.answered", facts };
	const handed = hand(incident);
	const jobId = incident.job.id;
	if (handed.kind === "taken" || handed.kind === "released") {
		const kept = await keep(tx, handed, actor, now, deps);
		const { taker } = kept;
		return {
			view: await viewOf(tx, kept, now),
			type: `incident.${handed.kind}`,
			jobId,
			facts: { ...facts, ...known({ from: handed.from?.actor.userId, until: taker?.until }) },
		};
	}
	const view = { ...(await viewOf(tx, incident, now)), note: handed.kind };
	return { view, type: "request.answered", jobId, facts: { ...facts, why: handed.kind } };
}

async function keep(
	tx: Tx,
	handed: Extract<Handed, { kind: "taken" | "released" }>,
	actor: Actor,
	now: Date,
	deps: HandDeps,
): Promise<Incident> {
	const incident = { ...handed.incident, version: handed.incident.version + 1 };
	await tx.saveIncidents([incident]);
	const { id: incidentId, cards, job, taker } = incident;
	const other = handed.from && !isSamePerson(handed.from.actor, actor);
	const change = handed.kind === "released" ? handed.kind : other ? "taken-over" : "taken";
	const news = cards.map(
		(conversationKey): News => ({
			conversationKey,
			incidentId,
			place: "record",
			tells: {
				what: "hands",
				change,
				job,
				who: actor.name,
				at: now.toISOString(),
				...known({ from: other ? handed.from?.actor.name : undefined, until: taker?.until }),
			},
		}),
	);
	await tell(
		tx,
		{ cards: cards.map((conversationKey) => ({ kind: "alert", incidentId, conversationKey })), news },
		deps,
	);
	return incident;
}

async function viewOf(
	tx: Tx,
	incident: Incident,
	now: Date,
): Promise<Extract<OnCallView, { view: "alert" }>> {
	const cancellation = await tx.latestCancellation(incident.tenantId, incident.job.id);
	return { view: "alert", incident, at: now.toISOString(), ...known({ cancellation }) };
}
