import type { View } from "../app/views.js";
import { jobEnd, type RecoveryJob } from "../core/job.js";
import { known } from "../core/known.js";
import { type Action, openAdminCenter, press, showJobs } from "./buttons.js";
import { cancelForm } from "./cancel-form.js";
import { type Face, type Fact, face, facts, notes, SYMBOLS } from "./face.js";
import {
	appliedWords,
	failedWords,
	linksWords,
	objectsWords,
	runningFor,
	shortId,
	statusWords,
	wouldChangeWords,
} from "./job-words.js";
import type { Pen } from "./pen.js";
import { duration, moment } from "./times.js";
import { escapeText, personName } from "./user-text.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** One job: running, being cancelled, or ended. */
export function jobFace(view: ViewOf<"job">, pen: Pen): Face {
	const { job, readAt, open, offered } = view;
	const { say } = pen.words;
	const common = {
		subject: say("summary.job", { id: shortId(job.id) }),
		facts: jobFacts(job, pen),
		smallPrint: notes(readWords(job, readAt, pen)),
	};
	if (jobEnd(job))
		return face({
			...common,
			tone: "default",
			symbol: SYMBOLS.ended,
			title: jobTitle(job, pen),
			lead: endedWords(job, pen),
			buttons: [showJobs(pen)],
		});
	const check = press(say("buttons.checkAgain"), "check-job", job.id);
	if (open) {
		const who = { name: personName(open.requesterName, pen.words), receipt: open.receipt };
		return face({
			...common,
			subject: say("summary.jobAndReceipt", { id: shortId(job.id), receipt: open.receipt }),
			tone: "accent",
			symbol: SYMBOLS.underWay,
			title: say("job.beingCancelledTitle"),
			lead: say(open.followed ? "job.beingCancelledHere" : "job.beingCancelledElsewhere", who),
			notes: notes(progressWords(job, readAt, pen)),
			buttons: [check, openAdminCenter(pen)],
		});
	}
	const running = {
		...common,
		tone: "accent",
		symbol: SYMBOLS.running,
		lead: progressWords(job, readAt, pen),
	} as const;
	const form = cancelForm(job, { verb: "cancel-job", inputId: "reason", ...view }, pen);
	if (offered && view.mayCancel !== false)
		return face({
			...running,
			title: say("job.offerTitle"),
			lead: say("job.offer"),
			facts: [],
			form: form.body,
			buttons: form.actions,
		});
	return face({
		...running,
		title: jobTitle(job, pen),
		buttons: [
			...(view.mayCancel === false ? [] : [form.opens(say("buttons.cancelJob"))]),
			check,
			openAdminCenter(pen),
		],
	});
}

/** The job had ended when somebody asked to cancel it. */
export function alreadyEndedFace({ job, readAt }: ViewOf<"already-ended">, pen: Pen): Face {
	const { say } = pen.words;
	const ended = moment(job.endedAt, pen);
	return face({
		tone: "default",
		symbol: SYMBOLS.ended,
		title: say("alreadyEnded.title", { end: job.status }),
		subject: say("summary.job", { id: shortId(job.id) }),
		lead: ended === "" ? say("alreadyEnded.lead") : say("alreadyEnded.leadAt", { moment: ended }),
		notes: notes(say(job.kind === "preview" ? "alreadyEnded.preview" : "alreadyEnded.stays")),
		facts: jobFacts(job, pen),
		smallPrint: notes(readWords(job, readAt, pen)),
		buttons: [showJobs(pen)],
	});
}

export function jobTitle(job: RecoveryJob, { words }: Pen): string {
	return words.say("job.title", { kind: job.kind, status: statusWords(job.status, job.counts, words) });
}

/** For example `200 of 1,024 objects (20%), running for 12 min.` */
export function progressWords(job: RecoveryJob, readAt: string, pen: Pen): string {
	const { say } = pen.words;
	const time = runningFor(job, readAt, pen);
	if (job.kind === "preview")
		return time === ""
			? say("job.previewRunningSinceUnknown")
			: say("job.previewRunning", { duration: time });
	const progress = objectsWords(job.counts, say);
	return time === ""
		? say("job.runningSinceUnknown", { progress })
		: say("job.running", { progress, duration: time });
}

function endedWords({ startedAt, endedAt }: RecoveryJob, pen: Pen): string {
	const { words } = pen;
	const ended = moment(endedAt, pen);
	const took = duration(startedAt, endedAt, words);
	if (ended === "") return words.say("job.endedUnknown");
	return took === ""
		? words.say("job.ended", { moment: ended })
		: words.say("job.endedAfter", { moment: ended, duration: took });
}

function readWords(job: RecoveryJob, readAt: string, pen: Pen): string {
	const { words } = pen;
	const read = moment(readAt, pen);
	const ago = jobEnd(job) ? "" : duration(job.startedAt, readAt, words);
	return ago === ""
		? words.say("job.read", { moment: read })
		: words.say("job.startedAndRead", { moment: read, duration: ago });
}

/** What Graph showed of a job. */
export function jobFacts(job: RecoveryJob, pen: Pen): Fact[] {
	const { words } = pen;
	const preview = job.kind === "preview";
	return facts(
		[words.say("facts.restores"), moment(job.targetStateAt, pen)],
		[words.say("facts.graphStatus"), escapeText(job.status)],
		[words.say("facts.wouldChange"), preview ? wouldChangeWords(job.counts, words) : "", "wide"],
		...(preview
			? []
			: jobEnd(job)
				? [[words.say("facts.staysApplied"), appliedWords(job.counts, words), "wide"] as const]
				: [
						[words.say("facts.links"), linksWords(job.counts, words)] as const,
						[words.say("facts.failed"), failedWords(job.counts, words)] as const,
					]),
		[words.say("facts.job"), escapeText(job.id), "wide"],
	);
}

/** The same for a card that is read in a hurry: the lead tells how far it is, and its own card the rest. */
export function jobFactsInShort(job: RecoveryJob, pen: Pen): Fact[] {
	const { words } = pen;
	const { failedChanges = 0 } = job.counts;
	const preview = job.kind === "preview";
	const ended = jobEnd(job) !== undefined;
	return facts(
		[words.say("facts.restores"), moment(job.targetStateAt, pen), "wide"],
		[words.say("facts.wouldChange"), preview ? wouldChangeWords(job.counts, words) : "", "wide"],
		[words.say("facts.staysApplied"), ended && !preview ? appliedWords(job.counts, words) : "", "wide"],
		[words.say("facts.failed"), failedChanges > 0 && !ended ? failedWords(job.counts, words) : "", "wide"],
		[words.say("facts.job"), escapeText(job.id), "wide"],
	);
}

/** Jobs that the list shows before it only counts them: an organisation runs one at a time. */
const RUNNING_SHOWN = 2;
const ENDED_SHOWN = 3;
const ENDED_SHOWN_BESIDES = 1;

export function jobsFace(view: ViewOf<"jobs">, pen: Pen): Face {
	const { running, ended, readAt } = view;
	const { say } = pen.words;
	const endedShown = ended.slice(0, running.length > 1 ? ENDED_SHOWN_BESIDES : ENDED_SHOWN);
	const hidden = Math.max(0, running.length - RUNNING_SHOWN) + ended.length - endedShown.length;
	const none = running.length + ended.length === 0;
	return face({
		tone: running.length === 0 ? "default" : "accent",
		symbol: running.length === 0 ? SYMBOLS.ended : SYMBOLS.running,
		title: say("jobs.title", { count: running.length }),
		lead: none ? say("jobs.none") : "",
		running: running.slice(0, RUNNING_SHOWN).map((job, index) => runningRow(job, index, view, pen)),
		endedHeading: say("jobs.ended"),
		ended: endedShown.map((job) => ({
			title: `${SYMBOLS.ended}  ${rowTitle(job, pen)}`,
			detail: endedRowWords(job, pen),
			open: opens(job, pen),
		})),
		smallPrint: notes(
			hidden > 0 ? say("jobs.more", { count: hidden }) : undefined,
			say("jobs.read", { moment: moment(readAt, pen) }),
		),
		buttons: [press(say("buttons.refresh"), "refresh-jobs", "jobs"), openAdminCenter(pen)],
	});
}

function runningRow(
	job: RecoveryJob,
	index: number,
	view: ViewOf<"jobs">,
	pen: Pen,
): Face["running"][number] {
	const { say } = pen.words;
	const underWay = view.beingCancelled?.find(({ jobId }) => jobId === job.id);
	const id = shortId(job.id);
	const cancel = (): Action =>
		cancelForm(
			job,
			{
				verb: "cancel-listed-job",
				inputId: `reason-${index}`,
				...known({ reasonRequired: view.reasonRequired }),
			},
			pen,
		).opens(say("buttons.cancelListedJob", { id }));
	return {
		title: `${underWay ? SYMBOLS.underWay : SYMBOLS.running}  ${rowTitle(job, pen)}`,
		detail: underWay
			? say("jobs.beingCancelled", {
					name: personName(underWay.requesterName, pen.words),
					receipt: underWay.receipt,
				})
			: runningRowWords(job, view.readAt, pen),
		open: opens(job, pen),
		buttons: underWay || view.mayCancel === false ? [] : [cancel()],
	};
}

function opens(job: RecoveryJob, { words }: Pen): Action {
	return press(words.say("buttons.showListedJob", { id: shortId(job.id) }), "show-job", job.id);
}

export function rowTitle(job: RecoveryJob, { words }: Pen): string {
	return words.say("jobs.row", { kind: job.kind, id: escapeText(shortId(job.id)) });
}

function runningRowWords(job: RecoveryJob, readAt: string, pen: Pen): string {
	const { words } = pen;
	const status = statusWords(job.status, job.counts, words);
	const time = runningFor(job, readAt, pen);
	if (job.kind === "preview")
		return time === ""
			? words.say("jobs.previewRow", { status })
			: words.say("jobs.previewRowFor", { status, duration: time });
	const progress = objectsWords(job.counts, words.say);
	return time === ""
		? words.say("jobs.runningRow", { status, progress })
		: words.say("jobs.runningRowFor", { status, progress, duration: time });
}

function endedRowWords(job: RecoveryJob, pen: Pen): string {
	const { words } = pen;
	const status = statusWords(job.status, job.counts, words);
	const ended = moment(job.endedAt, pen);
	const took = duration(job.startedAt, job.endedAt, words);
	if (ended === "") return words.say("jobs.endedRow", { status });
	return took === ""
		? words.say("jobs.endedRowAt", { status, moment: ended })
		: words.say("jobs.endedRowAfter", { status, moment: ended, duration: took });
}
