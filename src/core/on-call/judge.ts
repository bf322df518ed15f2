import { type Cancellation, isOpen, isUnderWay } from "../cancelling/cancellation.js";
import { channelKey } from "../channel-key.js";
import { jobEnd } from "../job.js";
import { dueAlerts } from "./due-alerts.js";
import { escalated, escalationDue } from "./escalating.js";
import type { AlertKind, Incident } from "./incident.js";
import type { News } from "./news.js";
import { type StoryLine, storyOf } from "./story.js";
import type { Alerts } from "./subscription.js";
import { ask, lapse, promiseDue } from "./taking.js";
import type { AuditLine, Tick } from "./watched.js";

/** What one incident calls for at one look. */
export interface Judged extends Pick<Tick, "cards" | "news" | "escalate" | "lines"> {
	readonly incident: Incident;
	/** Whether its cards show something new. */
	readonly changed: boolean;
}

interface Help {
	readonly alerts: readonly Alerts[];
	/** Of this job. */
	readonly cancellations: readonly Cancellation[];
	/** Another one than it was last seen in, or the first. */
	readonly newPhase: boolean;
	/** Its end is told together with what happened while nobody watched. */
	readonly toldElsewhere: boolean;
	readonly now: Date;
	readonly ackMs: number;
}

/** Who has to be told of an incident now, whose promise has run out, and who has to be called. */
export function judge(incident: Incident, help: Help): Judged {
	// One that waits for others keeps nobody from being called.
	const acting = help.cancellations.some(isUnderWay);
	const alerted = tellAlerts(incident, acting, help);
	const storied = tellStory(alerted.incident, help);
	const promised = keepPromise(storied.incident, help);
	const called = escalate(promised.incident, acting, help);
	// The last line of its story may come after its end was seen.
	const told = !help.cancellations.some(isOpen);
	const ended = jobEnd(incident.job) !== undefined && told;
	const last = ended ? { ...called.incident, overAt: help.now.toISOString() } : called.incident;
	// Where alerts were turned off meanwhile, the card stays true, and nothing more is said.
	const listening = new Set(help.alerts.map(({ conversationKey }) => conversationKey));
	const news = [...alerted.news, ...storied.news, ...promised.news].filter(({ conversationKey }) =>
		listening.has(conversationKey),
	);
	const changed = last !== incident || incident.changedAt === help.now.toISOString();
	const shown =
		isNewOnCards(incident, help) ||
		last.turn !== incident.turn ||
		last.storyTold !== incident.storyTold ||
		ended ||
		news.length > 0;
	return {
		incident: last,
		changed,
		cards: last.cards
			.filter((key) => shown || called.escalate.length > 0 || !incident.cards.includes(key))
			.map((conversationKey) => ({ kind: "alert", incidentId: last.id, conversationKey })),
		news,
		escalate: called.escalate,
		lines: [...alerted.lines, ...promised.lines],
	};
}

/** Numbers alone are not worth a message to everybody; a new phase, or that it is gone, is. */
function isNewOnCards({ overAt }: Incident, { newPhase, now }: Help): boolean {
	return newPhase || overAt === now.toISOString();
}

interface Step {
	readonly incident: Incident;
	readonly news: readonly News[];
	readonly lines: readonly AuditLine[];
}

function tellAlerts(
	incident: Incident,
	acting: boolean,
	{ alerts, cancellations, toldElsewhere, now }: Help,
): Step {
	const told = new Map<AlertKind, string[]>();
	const cards = new Set(incident.cards);
	const news: News[] = [];
	// What a cancellation of ours came to is told as its story.
	const ours = cancellations.some(
		(one) => isUnderWay(one) || one.state === "abandoned" || one.state === "too-late",
	);
	for (const one of alerts) {
		const { conversationKey } = one;
		const hadCard = cards.has(conversationKey);
		for (const kind of dueAlerts(incident, one, acting, now)) {
			told.set(kind, [...(told.get(kind) ?? []), conversationKey]);
			if (toldElsewhere) continue;
			cards.add(conversationKey);
			// Without a card there is one now, which says it.
			if (hadCard && kind !== "started" && !ours) news.push(event(incident, kind, conversationKey, now));
		}
	}
	if (told.size === 0) return { incident, news, lines: [] };
	const { escalation, job } = incident;
	const merged = Object.fromEntries(
		[...told].map(([kind, keys]) => [kind, [...(incident.told[kind] ?? []), ...keys]]),
	);
	return {
		incident: {
			...incident,
			told: { ...incident.told, ...merged },
			cards: [...cards],
			escalation: { ...escalation, since: escalation.since ?? now.toISOString() },
		},
		news,
		lines: [...told].map(([kind, keys]) => ({
			type: `alert.${kind}`,
			jobId: job.id,
			facts: { incidentId: incident.id, status: job.status, conversations: keys },
		})),
	};
}

function event(incident: Incident, kind: AlertKind, conversationKey: string, now: Date): News {
	const { job, phaseSince, id: incidentId } = incident;
	return {
		conversationKey,
		incidentId,
		place: "reply",
		tells: { what: "event", kind, job, phaseSince, at: now.toISOString() },
	};
}

function tellStory(incident: Incident, { cancellations }: Help): Omit<Step, "lines"> {
	const news: News[] = [];
	const keys: string[] = [];
	for (const cancellation of cancellations) {
		const lines = storyOf(cancellation).filter(({ key }) => !incident.storyTold.includes(key));
		if (lines.length === 0) continue;
		keys.push(...lines.map(({ key }) => key));
		news.push(...incident.cards.map((key) => story(incident, cancellation, lines, key)));
	}
	if (keys.length === 0) return { incident, news };
	return { incident: { ...incident, storyTold: [...incident.storyTold, ...keys] }, news };
}

function story(
	incident: Incident,
	{ receipt, askers }: Cancellation,
	lines: StoryLine[],
	conversationKey: string,
): News {
	// Where it was asked the outcome is announced anyway; elsewhere nobody else would say it.
	const announced = askers.some((asker) => channelKey(asker.conversationKey) === conversationKey);
	const ended = lines.some(({ what }) => what === "ended");
	return {
		conversationKey,
		incidentId: incident.id,
		place: ended && !announced ? "reply" : "record",
		tells: { what: "story", jobId: incident.job.id, receipt, lines },
	};
}

function keepPromise(incident: Incident, { now }: Help): Step {
	const { taker, job, id: incidentId, turn } = incident;
	const due = taker && promiseDue(incident, now);
	if (!due) return { incident, news: [], lines: [] };
	const line = { type: `incident.${due === "ask" ? "asked" : "lapsed"}`, jobId: job.id };
	const facts = { incidentId, taker: taker.actor.userId };
	const tell = (rest: Pick<News, "place" | "urgent" | "tells">): News[] =>
		incident.cards.map((conversationKey) => ({ conversationKey, incidentId, ...rest }));
	if (due === "ask")
		return {
			incident: ask(incident, now),
			news: tell({
				place: "reply",
				urgent: true,
				tells: { what: "still-there", incidentId, turn, job, who: taker.actor },
			}),
			lines: [{ ...line, facts }],
		};
	return {
		incident: lapse(incident, now),
		news: tell({
			place: "reply",
			tells: { what: "hands", change: "lapsed", job, who: taker.actor.name, at: now.toISOString() },
		}),
		lines: [{ ...line, facts }],
	};
}

function escalate(
	incident: Incident,
	acting: boolean,
	{ now, ackMs }: Help,
): Pick<Judged, "incident" | "escalate"> {
	const step = escalationDue(incident, acting, now, ackMs);
	if (!step) return { incident, escalate: [] };
	return { incident: escalated(incident, step, now), escalate: [{ incidentId: incident.id, step }] };
}
