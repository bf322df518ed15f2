import { isUnderWay } from "../../core/cancelling/cancellation.js";
import { escalated, isUnattended } from "../../core/on-call/escalating.js";
import type { Incident } from "../../core/on-call/incident.js";
import type { News, Page } from "../../core/on-call/news.js";
import type { Clock, Ids, Log, Messenger, OnCallGroup, OnCallPerson } from "../ports.js";
import type { Store, Tx } from "../store.js";
import { tell } from "./tell.js";

export interface EscalateDeps {
	readonly store: Store;
	readonly clock: Clock;
	readonly ids: Ids;
	readonly messenger: Messenger;
	readonly onCallGroup: OnCallGroup;
	readonly log: Log;
}

type Called = Pick<Page, "group"> & { readonly people: readonly OnCallPerson[] };
type Wanted = Pick<News, "conversationKey"> & Pick<Page, "mentioned" | "named">;

/**
 * Calls somebody, because nobody has taken a job: first who is on call, where the job was told of; then the
 * conversations that take escalations. When there is nobody to call, the second step is made at once. Each is a new
 * message, since an update notifies nobody. Whoever takes the job meanwhile ends it.
 */
export async function escalate(
	{ id, step }: { readonly id: string; readonly step: 1 | 2 },
	deps: EscalateDeps,
): Promise<void> {
	const incident = await deps.store.read.incident(id);
	if (!incident || !(await isDue(incident, step, deps.store.read))) return;
	const called = await whoIsOnCall(deps);
	const reached = step === 1 && called.group === "called" ? 1 : 2;
	const told = async (kind: "alerts" | "escalations") =>
		(await deps.store.read.subscriptions(incident.tenantId, kind)).map(
			({ conversationKey }) => conversationKey,
		);
	const alerted = new Set(await told("alerts"));
	// Where alerts were turned off meanwhile, nobody wants to be called.
	const listening = incident.cards.filter((key) => alerted.has(key));
	const there = reached === 1 ? listening : await told("escalations");
	const nobodyElse = there.length === 0;
	const wanted = await Promise.all(
		(nobodyElse ? listening : there).map((key) => lookFor(key, called.people, deps)),
	);
	await deps.store.transaction(async (tx) => {
		const locked = await tx.lockIncident(id);
		if (!locked || !(await isDue(locked, step, tx))) return;
		const now = deps.clock.now();
		const next =
			reached === step ? locked : { ...escalated(locked, reached, now), version: locked.version + 1 };
		if (next !== locked) await tx.saveIncidents([next]);
		const page = {
			...pageOf(next, reached, called.group),
			...(nobodyElse ? { nobodyElse: true as const } : {}),
		};
		await tell(tx, { cards: cardsOf(next), news: wanted.map((one) => toNews(page, one)) }, deps);
		tx.audit({
			at: now,
			type: "incident.escalated",
			jobId: locked.job.id,
			facts: {
				incidentId: id,
				step: reached,
				group: called.group,
				conversations: wanted.map(({ conversationKey }) => conversationKey),
				called: called.people.map(({ userId }) => userId),
			},
		});
	});
}

async function isDue(
	incident: Incident,
	step: 1 | 2,
	read: Pick<Tx, "latestCancellation">,
): Promise<boolean> {
	if (incident.escalation.step !== step) return false;
	const cancellation = await read.latestCancellation(incident.tenantId, incident.job.id);
	return isUnattended(incident, cancellation !== undefined && isUnderWay(cancellation));
}

async function whoIsOnCall({ onCallGroup, log }: EscalateDeps): Promise<Called> {
	if (!onCallGroup.set) return { group: "unset", people: [] };
	const read = await onCallGroup.people();
	if (read.kind === "problem") {
		const { code, httpStatus, detail } = read;
		log.warn(
			{ code: "on-call-group-unreadable", why: code, httpStatus, detail },
			"who is on call could not be read; the next step is made at once",
		);
		return { group: "unreadable", people: [] };
	}
	return { group: read.people.length === 0 ? "empty" : "called", people: read.people };
}

/** Only members can be mentioned; who is on call but not there is named all the same. */
async function lookFor(
	conversationKey: string,
	people: readonly OnCallPerson[],
	{ store, messenger }: EscalateDeps,
): Promise<Wanted> {
	const conversation = people.length === 0 ? undefined : await store.read.conversation(conversationKey);
	const read = conversation && (await messenger.members(conversation));
	const here = new Map(
		read?.kind === "listed" ? read.members.map((member) => [member.userId.toLowerCase(), member]) : [],
	);
	const mentioned = people.flatMap(({ userId }) => {
		const member = here.get(userId.toLowerCase());
		return member ? [{ channelUserId: member.channelUserId, name: member.name }] : [];
	});
	const named = people.filter(({ userId }) => !here.has(userId.toLowerCase())).map(({ name }) => name);
	return { conversationKey, mentioned, named };
}

function pageOf(incident: Incident, step: 1 | 2, group: Page["group"]) {
	const { id: incidentId, turn, job, openedAt } = incident;
	return { what: "page", incidentId, turn, job, since: job.startedAt ?? openedAt, step, group } as const;
}

function toNews(
	page: Omit<Page, "mentioned" | "named">,
	{ conversationKey, mentioned, named }: Wanted,
): News {
	return {
		conversationKey,
		incidentId: page.incidentId,
		place: "post",
		urgent: true,
		tells: { ...page, mentioned, named },
	};
}

function cardsOf({ id, cards }: Incident) {
	return cards.map((conversationKey) => ({ kind: "alert" as const, incidentId: id, conversationKey }));
}
