import type { OnCallView } from "../app/on-call/on-call-views.js";
import { jobEnd, type RecoveryJob } from "../core/job.js";
import type { Filters } from "../core/on-call/filters.js";
import type { Incident } from "../core/on-call/incident.js";
import type { Summary } from "../core/on-call/news.js";
import { type Face, facts, notes } from "./face.js";
import { rowTitle } from "./job-face.js";
import { statusWords } from "./job-words.js";
import type { Pen } from "./pen.js";
import { moment } from "./times.js";
import { personName } from "./user-text.js";
import { branch, firstOf } from "./words.js";

/** Jobs or cancellations that a card lists before it only counts them. */
const LISTED = 5;

/** For example `recovery jobs, failed, longer than 2 hr`. */
export function filterWords({ kinds, longerThanMs, failedOnly }: Filters, { words }: Pen): string {
	const { say, list, duration } = words;
	const parts = [
		kinds?.includes("recovery") ? say("onCall.onlyRecovery") : "",
		kinds?.includes("preview") ? say("onCall.onlyPreview") : "",
		failedOnly ? say("onCall.onlyFailed") : "",
		longerThanMs === undefined ? "" : say("onCall.longer", { duration: duration(longerThanMs) }),
	].filter((part) => part !== "");
	return parts.length === 0 ? say("onCall.allJobs") : list(parts);
}

/** Who has it, in a sentence. */
export function takerWords({ taker, escalation }: Incident, pen: Pen): string {
	const { say } = pen.words;
	if (taker) {
		const name = personName(taker.actor.name, pen.words);
		return taker.until === undefined
			? say("onCall.has", { name })
			: say("onCall.until", { name, moment: moment(taker.until, pen) });
	}
	const nobody = ["onCall.nobody", "onCall.nobodyCalled", "onCall.nobodyEscalated"] as const;
	return say(nobody[escalation.step]);
}

/** Jobs in a line each, of which the first are shown; nothing when there are none. */
export function jobLines(jobs: readonly RecoveryJob[], pen: Pen): string {
	return lines(
		jobs.map((job) => jobLine(job, pen)),
		pen,
	);
}

function jobLine(job: RecoveryJob, pen: Pen): string {
	const { words } = pen;
	const status = statusWords(job.status, job.counts, words);
	const at = moment(jobEnd(job) ? job.endedAt : job.startedAt, pen);
	const state =
		at === "" ? words.say("jobs.endedRow", { status }) : words.say("jobs.endedRowAt", { status, moment: at });
	return `${rowTitle(job, pen)}: ${state}`;
}

function lines(all: readonly string[], { words }: Pen): string {
	return words.series(firstOf(all, LISTED, words));
}

/** Why a message may not be what it seems: it may be there twice, or it comes late. */
export function urgency(
	{ mayRepeat, lateMs }: Pick<Extract<OnCallView, { view: "news" }>, "mayRepeat" | "lateMs">,
	{ words: { say, duration } }: Pen,
): (string | undefined)[] {
	return [
		mayRepeat && say("onCall.mayRepeat"),
		lateMs === undefined ? undefined : say("onCall.late", { duration: duration(lateMs) }),
	];
}

/** What happened in a time, and what is open. */
export function summaryParts(summary: Summary, pen: Pen): Pick<Face, "facts" | "notes"> {
	const { say } = pen.words;
	const { from, to, jobs, cancellations, open } = summary;
	const some = (all: readonly string[]) => lines(all, pen) || say("handover.nothing");
	// What is open runs, and is said once.
	const openIds = new Set(open.map(({ job }) => job.id));
	const running = jobs?.running.filter(({ id }) => !openIds.has(id)) ?? [];
	return {
		facts: facts(
			[say("handover.from"), moment(from, pen)],
			[say("handover.to"), moment(to, pen)],
			[
				say("handover.open"),
				some(
					open.map(({ job, taker }) =>
						say("handover.openLine", {
							job: jobLine(job, pen),
							who: taker === undefined ? say("handover.nobody") : personName(taker, pen.words),
						}),
					),
				),
				"wide",
			],
			[say("handover.running"), jobLines(running, pen), "wide"],
			[say("handover.ended"), jobs && (jobLines(jobs.ended, pen) || say("handover.nothing")), "wide"],
			[say("handover.cancellations"), some(cancellations.map((one) => cancellationLine(one, pen))), "wide"],
		),
		notes: notes(
			jobs ? undefined : say("handover.noJobs"),
			cancellations.length > 0 ? say("handover.stays") : undefined,
		),
	};
}

function cancellationLine(
	{ receipt, requester, sentFor, state }: Summary["cancellations"][number],
	{ words: { say } }: Pen,
): string {
	const facts = { receipt, name: personName(requester, { say }), state: branch(state) };
	return sentFor === undefined || sentFor === requester
		? say("handover.cancellation", facts)
		: say("handover.cancellationFor", { ...facts, sender: personName(sentFor, { say }) });
}
