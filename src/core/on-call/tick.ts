import { isSummedUp } from "./due-alerts.js";
import { type Judged, judge } from "./judge.js";
import type { News } from "./news.js";
import { observe } from "./observe.js";
import type { Alerts, Subscription } from "./subscription.js";
import { type Gap, gapIn, isBlindTooLong, type Watch } from "./watch.js";
import type { Look, Tick, TickSettings, Watched } from "./watched.js";

/** Cards of followed jobs show how long they have run, so they are sent so often although nothing happened. */
const REFRESH_MS = 60_000;

/**
 * One look at all jobs of a tenant: what is new, who is told, and whose time is up. Everything is computed from the
 * record and the moment, so that a timer can be neither lost nor forgotten to be cancelled.
 */
export function tick(
	watched: Watched,
	look: Look,
	now: Date,
	settings: TickSettings,
	newId: () => string,
): Tick {
	const { subscriptions } = watched;
	const alerts = subscriptions.filter((subscription) => subscription.kind === "alerts");
	const gap = look.kind === "listed" ? gapIn(watched.watch, look.jobs, now, settings.pollMs) : undefined;
	const seen = look.kind === "listed" ? observe(watched, look.jobs, now, newId) : watched.incidents;
	const before = new Map(watched.incidents.map((incident) => [incident.id, incident]));
	const inGap = new Set(gap?.ended.map(({ id }) => id));
	const judged = seen.map((incident) =>
		judge(incident, {
			alerts,
			cancellations: watched.cancellations.filter(({ jobId }) => jobId === incident.job.id),
			newPhase: before.get(incident.id)?.job.status !== incident.job.status,
			toldElsewhere: inGap.has(incident.job.id),
			now,
			ackMs: settings.ackMs,
		}),
	);
	const watch = nextWatch(watched, look, now);
	const sum = look.kind === "listed" ? sumUp(alerts, judged, now) : { summed: [], news: [] };
	const followed = follow(watched, judged, watch, now);
	const blind = blindNews(watch, alerts, now);
	const done = new Set(followed.done);
	return {
		watch: { ...watch, ...followed.watch, ...blind.watch },
		incidents: judged
			.filter(({ incident }) => before.get(incident.id) !== incident)
			.map(({ incident }) => ({ ...incident, version: (before.get(incident.id)?.version ?? 0) + 1 })),
		summed: sum.summed,
		done: followed.done,
		cards: [...judged.flatMap(({ cards }) => cards), ...followed.cards],
		news: [...gapNews(gap, alerts), ...judged.flatMap(({ news }) => news), ...sum.news, ...blind.news],
		escalate: judged.flatMap(({ escalate }) => escalate),
		lines: [
			...(gap ? [{ type: "watch.gap", facts: { from: gap.from, to: gap.to } }] : []),
			...judged.flatMap(({ lines }) => lines),
			...blind.lines,
		],
		goesOn: subscriptions.some((one) => (one.kind === "alerts" || one.kind === "follow") && !done.has(one)),
	};
}

function nextWatch({ watch }: Watched, look: Look, now: Date): Watch {
	const { notBefore: _over, ...rest } = watch;
	switch (look.kind) {
		case "listed": {
			const { blind: _sees, ...sees } = rest;
			return { ...sees, seenAt: now.toISOString() };
		}
		case "put-off":
			return watch;
		case "problem": {
			const { code, retryAfterMs = 0 } = look;
			const notBefore =
				retryAfterMs > 0 ? { notBefore: new Date(now.getTime() + retryAfterMs).toISOString() } : {};
			return { ...rest, ...notBefore, blind: { ...watch.blind, code } };
		}
	}
}

/** The jobs that were there when a conversation began to be told are one card. */
function sumUp(
	alerts: readonly Alerts[],
	judged: readonly Judged[],
	now: Date,
): Pick<Tick, "summed" | "news"> {
	const fresh = alerts.filter(({ summedAt }) => summedAt === undefined);
	const at = now.toISOString();
	return {
		summed: fresh.map((one) => ({ ...one, summedAt: at })),
		news: fresh.map((one) => {
			const running = judged
				.map(({ incident }) => incident)
				.filter((incident) => isSummedUp(incident, one, now));
			const others = judged.length - running.length;
			return {
				conversationKey: one.conversationKey,
				place: "post",
				tells: { what: "sum", running: running.map(({ job }) => job), others, at },
			};
		}),
	};
}

function follow(
	{ subscriptions, overJobIds }: Watched,
	judged: readonly Judged[],
	watch: Watch,
	now: Date,
): Pick<Tick, "cards" | "done"> & { readonly watch: Watch } {
	const follows = subscriptions.filter((one) => one.kind === "follow");
	if (follows.length === 0) return { cards: [], done: [], watch: {} };
	const refresh =
		now.getTime() - Date.parse(watch.refreshedAt ?? "") < REFRESH_MS
			? {}
			: { refreshedAt: now.toISOString() };
	const byJob = new Map(judged.map((one) => [one.incident.job.id, one]));
	const cards: Tick["cards"][number][] = [];
	const done: Subscription[] = [];
	for (const one of follows) {
		const found = byJob.get(one.jobId);
		const over = found ? found.incident.overAt !== undefined : overJobIds.includes(one.jobId);
		if (over) done.push(one);
		if (found && (over || found.changed || "refreshedAt" in refresh))
			cards.push({ kind: "follow", incidentId: found.incident.id, conversationKey: one.conversationKey });
	}
	return { cards, done, watch: refresh };
}

function gapNews(gap: Gap | undefined, alerts: readonly Alerts[]): News[] {
	if (!gap) return [];
	return alerts
		.filter(({ summedAt }) => summedAt !== undefined)
		.map(({ conversationKey }) => ({ conversationKey, place: "post", tells: { what: "gap", ...gap } }));
}

/** Silence must not be taken for calm: who is told of jobs is told that nobody sees them. */
function blindNews(
	watch: Watch,
	alerts: readonly Alerts[],
	now: Date,
): Pick<Tick, "news" | "lines"> & { readonly watch: Watch } {
	const [first] = alerts;
	const { blind } = watch;
	if (!blind || !first || !isBlindTooLong(watch, first.at, now)) return { news: [], lines: [], watch: {} };
	const since = watch.seenAt ?? first.at;
	return {
		watch: { blind: { ...blind, toldAt: now.toISOString() } },
		lines: [{ type: "watch.blind", facts: { code: blind.code, since } }],
		news: alerts.map(({ conversationKey }) => ({
			conversationKey,
			place: "post",
			tells: { what: "blind", since, code: blind.code },
		})),
	};
}
