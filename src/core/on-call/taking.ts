import { known } from "../known.js";
import { type Actor, isSamePerson } from "../person.js";
import type { Incident, Taker } from "./incident.js";

/** Between "still with you?" and the moment in which it is nobody's again, in milliseconds. */
const ANSWER_MS = 5 * 60_000;
/** Nobody promises for longer than a shift, in minutes. */
export const LONGEST_PROMISE_MIN = 24 * 60;

export type Handed =
	/** `from` is who had it before; the same person may promise anew. */
	| { readonly kind: "taken"; readonly incident: Incident; readonly from?: Taker }
	| { readonly kind: "released"; readonly incident: Incident; readonly from: Taker }
	/** It has ended: there is nothing to take. */
	| { readonly kind: "over" }
	/** It has changed hands since the card was drawn on which somebody pressed. */
	| { readonly kind: "meanwhile" }
	/** Only who has it can release it; others take it over. */
	| { readonly kind: "not-yours" };

/**
 * Somebody has it, or takes it over. `turn` is the one that their card showed: of two who press at once, the
 * second is told of the first. All waiting ends with it, since every wait is read from the record.
 */
export function take(incident: Incident, actor: Actor, turn: number, now: Date, minutes?: number): Handed {
	if (incident.overAt !== undefined) return { kind: "over" };
	const again = incident.taker !== undefined && isSamePerson(incident.taker.actor, actor);
	if (incident.turn !== turn && !again) return { kind: "meanwhile" };
	const until = minutes === undefined ? undefined : new Date(now.getTime() + minutes * 60_000).toISOString();
	const taker: Taker = { actor, at: now.toISOString(), ...known({ until }) };
	const { taker: from } = incident;
	return { kind: "taken", incident: handOn(incident, taker, now), ...known({ from }) };
}

/** It is nobody's again, and whoever is on call is called again when nobody takes it in time. */
export function release(incident: Incident, actor: Actor, now: Date): Handed {
	if (incident.overAt !== undefined) return { kind: "over" };
	const { taker: from } = incident;
	if (!from) return { kind: "meanwhile" };
	if (!isSamePerson(from.actor, actor)) return { kind: "not-yours" };
	return { kind: "released", incident: handOn(incident, undefined, now), from };
}

/** What a promise that has run out calls for: a question first, and then the end of it. */
export function promiseDue({ taker, overAt }: Incident, now: Date): "ask" | "lapse" | undefined {
	if (!taker?.until || overAt !== undefined) return undefined;
	if (taker.askedAt === undefined) return now.getTime() >= Date.parse(taker.until) ? "ask" : undefined;
	return now.getTime() >= Date.parse(taker.askedAt) + ANSWER_MS ? "lapse" : undefined;
}

/** Notes that the taker was asked. */
export function ask(incident: Incident, now: Date): Incident {
	const { taker } = incident;
	return taker ? { ...incident, taker: { ...taker, askedAt: now.toISOString() } } : incident;
}

/** Nobody's again, because nobody answered. */
export function lapse(incident: Incident, now: Date): Incident {
	return handOn(incident, undefined, now);
}

function handOn(incident: Incident, taker: Taker | undefined, now: Date): Incident {
	const { taker: _before, ...rest } = incident;
	const { since } = incident.escalation;
	return {
		...rest,
		...(taker && { taker }),
		turn: incident.turn + 1,
		// The wait begins anew, if it ever began.
		escalation: { step: 0, ...(since === undefined ? {} : { since: now.toISOString() }) },
	};
}
