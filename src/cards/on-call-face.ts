import type { OnCallView } from "../app/on-call/on-call-views.js";
import { jobEnd } from "../core/job.js";
import type { Incident } from "../core/on-call/incident.js";
import { type Action, press, showJob, showJobs } from "./buttons.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { jobFacts, jobFactsInShort, jobTitle, progressWords } from "./job-face.js";
import { shortId } from "./job-words.js";
import { cancels, minutesField, newsFace, takes } from "./on-call-news-face.js";
import { filterWords, summaryParts, takerWords, urgency } from "./on-call-words.js";
import type { Pen } from "./pen.js";
import { moment } from "./times.js";
import { ECHO_LENGTH, escapeText, personName, plainText } from "./user-text.js";
import type { MessageKey } from "./words.js";

type ViewOf<Name extends OnCallView["view"]> = Extract<OnCallView, { view: Name }>;

/** What whoever is on call reads. It says nothing of anybody's roles: everybody in the conversation sees it. */
export function onCallFace(view: OnCallView, pen: Pen): Face {
	const { say } = pen.words;
	switch (view.view) {
		case "alert":
		case "follow":
			return incidentFace(view, pen);
		case "news":
			return newsFace(view, pen);
		case "subscriptions":
			return subscriptionsFace(view, pen);
		case "handover":
			return handoverFace(view, pen);
		case "misunderstood":
			return misunderstoodFace(view, pen);
		case "unfollowed":
			return face({
				tone: "default",
				symbol: SYMBOLS.none,
				title: say("onCall.unfollowedTitle"),
				subject: say("summary.job", { id: shortId(view.jobId) }),
				lead: say(view.unchanged ? "onCall.notFollowed" : "onCall.unfollowed"),
				buttons: [showJob(pen, view.jobId)],
			});
		case "no-such-incident":
			return face({
				tone: "warning",
				symbol: SYMBOLS.unclear,
				title: say("onCall.unknownTitle"),
				lead: say("onCall.unknown"),
				buttons: [showJobs(pen)],
			});
	}
}

const NOTES = { meanwhile: "onCall.meanwhile", "not-yours": "onCall.notYours", over: "onCall.over" } as const;

/** Each standing of an incident by its sign and colour. */
const LOOKS = {
	open: { tone: "warning", symbol: SYMBOLS.running },
	taken: { tone: "accent", symbol: SYMBOLS.running },
	ended: { tone: "default", symbol: SYMBOLS.ended },
	failed: { tone: "attention", symbol: SYMBOLS.no },
	// Graph lists it no more, and what it last showed may be long past.
	forgotten: { tone: "default", symbol: SYMBOLS.unclear },
} as const;

function standingOf({ job, overAt, taker }: Incident): keyof typeof LOOKS {
	const end = jobEnd(job);
	if (end) return end === "failed" ? "failed" : "ended";
	if (overAt !== undefined) return "forgotten";
	return taker ? "taken" : "open";
}

function incidentFace(view: ViewOf<"alert"> | ViewOf<"follow">, pen: Pen): Face {
	const { incident, cancellation, at, note } = view;
	const { words } = pen;
	const { say, sentences } = words;
	const { job, openedAt, taker } = incident;
	const runs = () => progressWords({ ...job, startedAt: job.startedAt ?? openedAt }, at, pen);
	// Who only follows a job is not asked to take it.
	const whose = taker || view.view === "alert" ? takerWords(incident, pen) : "";
	const standing = standingOf(incident);
	const over = standing !== "open" && standing !== "taken";
	const forgotten = standing === "forgotten";
	return face({
		...LOOKS[standing],
		title: forgotten
			? say("job.title", { kind: job.kind, status: say("onCall.endUnknown") })
			: jobTitle(job, pen),
		subject: say("summary.job", { id: shortId(job.id) }),
		lead: forgotten ? say("onCall.forgotten") : over ? "" : sentences(whose, runs()),
		notes: notes(note && say(NOTES[note]), ...urgency(view, pen)),
		facts: [
			...facts([
				say("onCall.cancellation"),
				cancellation &&
					say("onCall.cancellationBy", {
						receipt: cancellation.receipt,
						name: personName(cancellation.requester.name, words),
					}),
				"wide",
			]),
			...(view.view === "alert" ? jobFactsInShort(job, pen) : jobFacts(job, pen)),
		],
		smallPrint: notes(say("job.read", { moment: moment(at, pen) })),
		form: over || view.view === "follow" ? [] : minutesField(pen),
		buttons: over ? [] : incidentButtons(incident, view.view === "alert", pen),
	});
}

function incidentButtons(incident: Incident, takeable: boolean, pen: Pen): Action[] {
	const { say } = pen.words;
	const { id, turn: version, taker, job } = incident;
	const cancel = cancels(job, pen);
	if (!takeable) return [cancel, press(say("onCall.unfollow"), "unfollow", job.id)];
	const take = takes(say(taker ? "onCall.takeOver" : "onCall.take"), id, version);
	const release = press(say("onCall.release"), "release-incident", id, { version });
	return [take, ...(taker ? [release] : []), cancel];
}

const CHANGED: Readonly<
	Record<NonNullable<ViewOf<"subscriptions">["changed"]>, { title: MessageKey; unchanged: MessageKey }>
> = {
	"alerts-on": { title: "onCall.alertsOn", unchanged: "onCall.alertsOn" },
	"alerts-off": { title: "onCall.alertsOff", unchanged: "onCall.alertsWereOff" },
	"escalations-on": { title: "onCall.escalationsOn", unchanged: "onCall.escalationsOn" },
	"escalations-off": { title: "onCall.escalationsOff", unchanged: "onCall.escalationsWereOff" },
	"digest-on": { title: "onCall.digestOn", unchanged: "onCall.digestOn" },
	"digest-off": { title: "onCall.digestOff", unchanged: "onCall.digestWasOff" },
};

function subscriptionsFace(view: ViewOf<"subscriptions">, pen: Pen): Face {
	const { say } = pen.words;
	const { alerts, escalations, digest, nextDigestAt, changed, unchanged, onCallGroup } = view;
	const on = changed?.endsWith("-on");
	return face({
		tone: on ? "good" : "default",
		symbol: on ? SYMBOLS.yes : SYMBOLS.none,
		title: say(changed ? CHANGED[changed][unchanged ? "unchanged" : "title"] : "onCall.told"),
		facts: facts(
			[say("onCall.alerts"), alerts ? filterWords(alerts.filters, pen) : say("onCall.off"), "wide"],
			[
				say("onCall.since"),
				alerts &&
					say("onCall.by", { moment: moment(alerts.at, pen), name: personName(alerts.by.name, pen.words) }),
				"wide",
			],
			[say("onCall.escalations"), say(escalations ? "onCall.here" : "onCall.notComing"), "wide"],
			[
				say("onCall.digest"),
				digest
					? say("onCall.daily", { time: digest.time, zone: escapeText(digest.zone) })
					: say("onCall.off"),
				"wide",
			],
			[say("onCall.nextDigest"), moment(nextDigestAt, pen), "wide"],
		),
		notes: notes(alerts && !onCallGroup ? say("onCall.groupUnset") : undefined),
	});
}

function handoverFace({ summary, handoverId, takenBy }: ViewOf<"handover">, pen: Pen): Face {
	const { say } = pen.words;
	const { length: count } = summary.open;
	return face({
		tone: takenBy === undefined ? "default" : "good",
		symbol: takenBy === undefined ? SYMBOLS.none : SYMBOLS.yes,
		title: say("handover.title", { count }),
		lead: takenBy === undefined ? "" : say("handover.taken", { name: personName(takenBy, pen.words) }),
		...summaryParts(summary, pen),
		buttons:
			takenBy === undefined && count > 0
				? [press(say("handover.takeOver"), "take-handover", handoverId, { style: "positive" })]
				: [],
	});
}

const MISUNDERSTOOD: Readonly<Record<ViewOf<"misunderstood">["problem"], MessageKey>> = {
	"not-a-filter": "onCall.notAFilter",
	"not-here-or-off": "onCall.notHereOrOff",
	"not-hours": "onCall.notHours",
	"not-a-time": "onCall.notATime",
	"not-a-zone": "onCall.notAZone",
};
/** What to type is English in every language: that is what is understood. */
const EXAMPLES: Readonly<Record<ViewOf<"misunderstood">["verb"], string>> = {
	alerts: "alerts on recovery longer than 2h",
	escalations: "escalations here",
	handover: "handover 24h",
	digest: "digest daily 08:00 Europe/Oslo",
};

function misunderstoodFace({ verb, problem, found }: ViewOf<"misunderstood">, { words: { say } }: Pen): Face {
	return face({
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: say("onCall.misunderstoodTitle"),
		lead: say(MISUNDERSTOOD[problem]),
		quote: found === undefined ? "" : plainText(found, ECHO_LENGTH),
		notes: notes(say("onCall.example", { example: EXAMPLES[verb] })),
	});
}
