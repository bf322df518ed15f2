import { channelKey } from "../../core/channel-key.js";
import { jobEnd } from "../../core/job.js";
import { known } from "../../core/known.js";
import { dateBeforeFirst, nextDigest } from "../../core/on-call/digest-time.js";
import { openIncident } from "../../core/on-call/incident.js";
import type { Subscription } from "../../core/on-call/subscription.js";
import type { Standing } from "../../core/person.js";
import { decide, lacksRole, refuseStranger } from "../../core/policy.js";
import type { OnCallCommand } from "../../core/requests/command.js";
import type { Ids, OnCallGroup } from "../ports.js";
import { type DecideDeps, type Decision, problem, readProblem, refused, show } from "../requests/decision.js";
import { jobView, mayCancel } from "../requests/show-jobs.js";
import type { Answer, Request, Store, Tx } from "../store.js";
import { postMessage } from "../telling/post-message.js";
import type { Changed } from "./changed.js";
import { handOverAll, releaseIncident, takeIncident } from "./hand-on.js";
import { watchFromNowOn } from "./look-at-jobs.js";
import type { OnCallView } from "./on-call-views.js";
import { planDigest } from "./send-digest.js";
import { summarize } from "./summarize.js";

export interface OnCallDeps extends DecideDeps {
	readonly store: Store;
	readonly ids: Ids;
	readonly onCallGroup: OnCallGroup;
}

/** What a request changes, in the transaction that keeps its answer. */
export interface Change {
	readonly kind: "change";
	make(tx: Tx, now: Date): Promise<Answer>;
}

export type OnCallRequest = Request & { readonly command: OnCallCommand };

/** Finds out what a request of somebody on call calls for: who may see jobs may have them told of, too. */
export async function decideOnCall(request: OnCallRequest, deps: OnCallDeps): Promise<Change | Decision> {
	const { command, actor } = request;
	const stranger = refuseStranger(actor, deps.policy);
	if (stranger) return refused(request, "view", stranger, undefined, deps);
	switch (command.kind) {
		case "misunderstood": {
			const { kind: _kind, ...misunderstood } = command;
			return show({ view: "misunderstood", ...misunderstood });
		}
		case "take-incident":
		case "release-incident":
		case "take-over":
		case "escalations":
			return decideByWhoMayTake(request, command, deps);
		default:
			return decideByWhoMaySee(request, command, deps);
	}
}

type Taking = Extract<
	OnCallCommand,
	{ kind: "take-incident" | "release-incident" | "take-over" | "escalations" }
>;

/** Who may cancel, and who is on call: an onlooker must not stop an escalation. */
async function decideByWhoMayTake(
	request: OnCallRequest,
	command: Taking,
	deps: OnCallDeps,
): Promise<Change | Decision> {
	const refusal = await refusalToTake(request, deps);
	if (refusal) return refusal;
	switch (command.kind) {
		case "take-incident":
			return change(request, (tx, now) => takeIncident(tx, command, request.actor, now, deps));
		case "release-incident":
			return change(request, (tx, now) => releaseIncident(tx, command, request.actor, now, deps));
		case "take-over": {
			const answer = (await deps.store.read.request(command.handoverId))?.answer;
			if (answer?.kind !== "view" || answer.view.view !== "handover")
				return show({ view: "no-such-incident" });
			const handover = answer.view;
			return change(request, (tx, now) => handOverAll(tx, handover, request.actor, now, deps));
		}
		case "escalations":
			return change(request, (tx, now) => switchEscalations(tx, request, command.here, now, deps));
	}
}

async function refusalToTake(request: OnCallRequest, deps: OnCallDeps): Promise<Decision | undefined> {
	const { actor } = request;
	const [standing, onCall] = await Promise.all([
		deps.directory.standing(actor, "cancel"),
		deps.onCallGroup.set ? deps.onCallGroup.includes(actor) : undefined,
	]);
	const verdict = decide("cancel", actor, standing, deps.policy);
	// An account that is disabled or a guest's does not get in by the group.
	const byGroup = !verdict.allowed && lacksRole(verdict.rule) && onCall?.kind === "read" && onCall.member;
	return verdict.allowed || byGroup ? undefined : refused(request, "cancel", verdict, standing, deps);
}

type Seeing = Exclude<OnCallCommand, Taking | { kind: "misunderstood" }>;

async function decideByWhoMaySee(
	request: OnCallRequest,
	command: Seeing,
	deps: OnCallDeps,
): Promise<Change | Decision> {
	const { actor, conversationKey } = request;
	const standing = await deps.directory.standing(actor, "view");
	const verdict = decide("view", actor, standing, deps.policy);
	if (!verdict.allowed) return refused(request, "view", verdict, standing, deps);
	switch (command.kind) {
		case "alerts":
			return change(request, async (tx, now) => ({
				view: await subscribed(tx, request, now, deps),
				type: "request.answered",
				facts: {},
			}));
		case "alerts-on":
			return change(request, async (tx, now) => {
				await watchFromNowOn(tx, actor.tenantId);
				await tx.putSubscription({ ...told(request, now, deps), kind: "alerts", filters: command.filters });
				const view = await subscribed(tx, request, now, deps);
				return {
					view: { ...view, changed: "alerts-on" },
					type: "alerts.on",
					facts: { filters: command.filters },
				};
			});
		case "alerts-off":
			return change(request, (tx, now) => switchOff(tx, request, "alerts", now, deps));
		case "digest-off":
			return change(request, (tx, now) => switchOff(tx, request, "digest", now, deps));
		case "digest-on":
			return change(request, async (tx, now) => {
				const { time, zone } = command;
				const lastDate = dateBeforeFirst({ time, zone }, now);
				const digest = { ...told(request, now, deps), kind: "digest", time, zone, lastDate } as const;
				await tx.putSubscription(digest);
				planDigest(tx, digest, now);
				const view = await subscribed(tx, request, now, deps);
				return { view: { ...view, changed: "digest-on" }, type: "digest.on", facts: { time, zone } };
			});
		case "unfollow":
			return change(request, async (tx) => {
				const { jobId } = command;
				const dropped = await tx.dropSubscription("follow", conversationKey, jobId);
				return {
					view: { view: "unfollowed", jobId, ...(dropped ? {} : { unchanged: true as const }) },
					type: dropped ? "follow.off" : "request.answered",
					jobId,
					facts: {},
				};
			});
		case "follow":
			return decideFollow(request, command.jobId, standing, deps);
		case "handover": {
			const to = deps.clock.now();
			const from = new Date(to.getTime() - command.hours * 3_600_000);
			const summary = await summarize(actor.tenantId, from, to, deps);
			return change(request, async (tx, now) => {
				const open = new Map(summary.open.map((one) => [one.job.id, one]));
				// What runs is open also when nobody was told of it.
				for (const job of summary.jobs?.running ?? []) {
					if (open.has(job.id)) continue;
					const incident = await tx.ensureIncident(openIncident(deps.ids.uuid(), actor.tenantId, job, now));
					open.set(job.id, { incidentId: incident.id, job, ...known({ taker: incident.taker?.actor.name }) });
				}
				return {
					view: {
						view: "handover",
						handoverId: request.id,
						summary: { ...summary, open: [...open.values()] },
					},
					type: "request.answered",
					facts: { hours: command.hours, open: open.size, conversation: conversationKey },
				};
			});
		}
	}
}

async function decideFollow(
	request: OnCallRequest,
	jobId: string,
	standing: Standing,
	deps: OnCallDeps,
): Promise<Change | Decision> {
	const { actor, conversationKey, id: requestId } = request;
	const read = await deps.jobs.read(jobId);
	if (read.kind === "missing") return problem(request, "job-not-found", {}, jobId);
	if (read.kind === "problem") return readProblem(request, read, jobId);
	const { job } = read;
	if (jobEnd(job)) return show(jobView(job, mayCancel(request, standing, deps), deps));
	return {
		kind: "change",
		async make(tx, now) {
			await watchFromNowOn(tx, actor.tenantId);
			const incident = await tx.ensureIncident(openIncident(deps.ids.uuid(), actor.tenantId, job, now));
			const { id: incidentId } = incident;
			await tx.putSubscription({
				...told(request, now, deps),
				kind: "follow",
				jobId: job.id,
				conversationKey,
			});
			const facts = { requestId, incidentId, conversation: conversationKey };
			tx.audit({ at: now, type: "follow.on", actor, jobId: job.id, facts });
			const card = await tx.findMessage("follow", incidentId, conversationKey);
			// It is followed here already: that card goes on, and the answer is a copy of it.
			if (card) return { kind: "view", view: { view: "follow", incident, at: now.toISOString() } };
			// The message that tells what is being checked, if it stands there, becomes the card.
			const checking = await tx.findMessage("answer", requestId, conversationKey);
			if (checking) await tx.becomeFollow(checking.id, incidentId);
			await postMessage(tx, { kind: "follow", incidentId, conversationKey }, deps);
			return { kind: "followed", incidentId };
		},
	};
}

async function switchEscalations(
	tx: Tx,
	request: OnCallRequest,
	here: boolean,
	now: Date,
	deps: OnCallDeps,
): Promise<Changed> {
	if (!here) return switchOff(tx, request, "escalations", now, deps);
	await tx.putSubscription({ ...told(request, now, deps), kind: "escalations" });
	const view = await subscribed(tx, request, now, deps);
	return { view: { ...view, changed: "escalations-on" }, type: "escalations.on", facts: {} };
}

async function switchOff(
	tx: Tx,
	request: OnCallRequest,
	kind: "alerts" | "escalations" | "digest",
	now: Date,
	deps: OnCallDeps,
): Promise<Changed> {
	const dropped = await tx.dropSubscription(kind, channelKey(request.conversationKey));
	const view = await subscribed(tx, request, now, deps);
	const off = { ...view, changed: `${kind}-off` as const, ...(dropped ? {} : { unchanged: true as const }) };
	return { view: off, type: dropped ? `${kind}.off` : "request.answered", facts: {} };
}

/** What a subscription says of who asked for it, and where. */
function told({ actor, conversationKey }: OnCallRequest, now: Date, { ids }: OnCallDeps) {
	return {
		id: ids.uuid(),
		tenantId: actor.tenantId,
		conversationKey: channelKey(conversationKey),
		by: actor,
		at: now.toISOString(),
	} satisfies Partial<Subscription>;
}

/** What a conversation is told, as it stands in this transaction. */
async function subscribed(
	tx: Tx,
	{ conversationKey }: OnCallRequest,
	now: Date,
	{ onCallGroup }: OnCallDeps,
): Promise<Extract<OnCallView, { view: "subscriptions" }>> {
	const all = await tx.subscriptionsIn(channelKey(conversationKey));
	const digest = all.find((one) => one.kind === "digest");
	return {
		view: "subscriptions",
		escalations: all.some(({ kind }) => kind === "escalations"),
		onCallGroup: onCallGroup.set,
		...known({ alerts: all.find((one) => one.kind === "alerts"), digest }),
		...(digest ? { nextDigestAt: nextDigest(digest, digest.lastDate, now).at.toISOString() } : {}),
	};
}

function change(request: OnCallRequest, make: (tx: Tx, now: Date) => Promise<Changed>): Change {
	const { actor, id: requestId, conversationKey: conversation } = request;
	return {
		kind: "change",
		async make(tx, now) {
			const { view, type, facts, jobId } = await make(tx, now);
			tx.audit({
				at: now,
				type,
				actor,
				...known({ jobId }),
				facts: { requestId, conversation, answered: view.view, ...facts },
			});
			return { kind: "view", view };
		},
	};
}
