import type { OnCallView } from "../app/on-call/on-call-views.js";
import type { RecoveryJob } from "../core/job.js";
import type { Page, Tells } from "../core/on-call/news.js";
import type { StoryLine } from "../core/on-call/story.js";
import { type Action, openAdminCenter, press, showJobs } from "./buttons.js";
import { cancelForm } from "./cancel-form.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { jobFactsInShort } from "./job-face.js";
import { shortId } from "./job-words.js";
import { jobLines, summaryParts, urgency } from "./on-call-words.js";
import type { Pen } from "./pen.js";
import { duration, moment } from "./times.js";
import { escapeText, mention, personName } from "./user-text.js";
import { branch, type MessageKey } from "./words.js";

/** Characters of a reason in the thread; the cancellation's own cards show all of it. */
const REASON_LENGTH = 200;

type Shown = Pick<Face, "tone" | "symbol" | "title"> & Partial<Face>;
type TellsOf<What extends Tells["what"]> = Extract<Tells, { what: What }>;

/** Something that happened, as a message of its own. */
export function newsFace(view: Extract<OnCallView, { view: "news" }>, pen: Pen): Face {
	const shown = shownOf(view.tells, pen);
	return face({ ...shown, notes: [...(shown.notes ?? []), ...notes(...urgency(view, pen))] });
}

function shownOf(tells: Tells, pen: Pen): Shown {
	switch (tells.what) {
		case "event":
			return eventShown(tells, pen);
		case "story":
			return {
				tone: "default",
				symbol: SYMBOLS.none,
				title: pen.words.say("onCall.storyTitle", { receipt: tells.receipt }),
				subject: subject(tells.jobId, pen),
				notes: notes(...tells.lines.map((line) => storyLine(line, pen))),
			};
		case "hands":
			return handsShown(tells, pen);
		case "still-there":
			return stillThereShown(tells, pen);
		case "sum":
			return sumShown(tells, pen);
		case "gap":
			return gapShown(tells, pen);
		case "blind":
			return {
				tone: "attention",
				symbol: SYMBOLS.no,
				title: pen.words.say("onCall.blindTitle"),
				lead: pen.words.say("onCall.blind", {
					moment: moment(tells.since, pen),
					code: `graph-${tells.code}`,
				}),
				buttons: [openAdminCenter(pen)],
			};
		case "page":
			return pageShown(tells, pen);
		case "digest":
			return digestShown(tells, pen);
	}
}

function eventShown({ kind, job, at, phaseSince }: TellsOf<"event">, pen: Pen): Shown {
	const { words } = pen;
	const { say } = words;
	const about = { subject: subject(job.id, pen), facts: jobFactsInShort(job, pen) };
	const stays = job.kind === "preview" ? "" : say("onCall.stays");
	switch (kind) {
		case "started":
			return {
				...about,
				tone: "warning",
				symbol: SYMBOLS.running,
				title: say("onCall.startedTitle", { kind: job.kind }),
			};
		case "failed":
			return {
				...about,
				tone: "attention",
				symbol: SYMBOLS.no,
				title: say("onCall.failedTitle", { kind: job.kind }),
				lead: stays,
			};
		case "finished":
			return job.status === "abandoned"
				? {
						...about,
						tone: "default",
						symbol: SYMBOLS.ended,
						title: say("onCall.stoppedTitle", { kind: job.kind }),
						lead: stays,
					}
				: {
						...about,
						tone: "good",
						symbol: SYMBOLS.yes,
						title: say("onCall.finishedTitle", { kind: job.kind }),
					};
		case "stuck":
			return {
				...about,
				tone: "warning",
				symbol: SYMBOLS.unclear,
				title: say("onCall.stuckTitle", { kind: job.kind }),
				lead: say("onCall.stuck", { duration: duration(phaseSince, at, words) }),
			};
	}
}

const HANDS: Readonly<Record<TellsOf<"hands">["change"], MessageKey>> = {
	taken: "onCall.takenTitle",
	"taken-over": "onCall.takenOverTitle",
	released: "onCall.releasedTitle",
	lapsed: "onCall.lapsedTitle",
};

function handsShown({ change, who, from, until, job }: TellsOf<"hands">, pen: Pen): Shown {
	const { say, sentences } = pen.words;
	const name = personName(who, pen.words);
	const has = change === "taken" || change === "taken-over";
	return {
		tone: has ? "accent" : "warning",
		symbol: has ? SYMBOLS.underWay : SYMBOLS.unclear,
		title: say(HANDS[change], { name }),
		subject: subject(job.id, pen),
		lead: sentences(
			change === "lapsed" ? say("onCall.lapsed", { name }) : "",
			from === undefined ? "" : say("onCall.takenFrom", { name: personName(from, pen.words) }),
			until === undefined ? "" : say("onCall.promised", { moment: moment(until, pen) }),
		),
	};
}

function stillThereShown({ incidentId, turn, job, who }: TellsOf<"still-there">, pen: Pen): Shown {
	const { say } = pen.words;
	const whom = mention(who, pen.words);
	return {
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: say("onCall.stillTitle"),
		lead: say("onCall.still", { name: whom.text }),
		subject: subject(job.id, pen),
		mentions: [whom],
		form: minutesField(pen),
		buttons: takeButtons({ incidentId, turn, job }, pen),
	};
}

function sumShown({ running, others, at }: TellsOf<"sum">, pen: Pen): Shown {
	const { say } = pen.words;
	return {
		tone: running.length === 0 ? "default" : "accent",
		symbol: running.length === 0 ? SYMBOLS.none : SYMBOLS.running,
		title: say("onCall.sumTitle", { count: running.length }),
		lead: say("onCall.sum"),
		facts: facts([say("handover.running"), jobLines(running, pen), "wide"]),
		notes: notes(others > 0 ? say("onCall.sumOthers", { count: others }) : undefined),
		smallPrint: notes(say("job.read", { moment: moment(at, pen) })),
		buttons: [showJobs(pen)],
	};
}

function gapShown({ from, to, started, ended, forgottenBefore }: TellsOf<"gap">, pen: Pen): Shown {
	const { words } = pen;
	const { say } = words;
	const some = (jobs: TellsOf<"gap">["started"]) => jobLines(jobs, pen) || say("onCall.nothingKnown");
	return {
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: say("onCall.gapTitle"),
		lead: say("onCall.gap", {
			from: moment(from, pen),
			to: moment(to, pen),
			duration: duration(from, to, words),
		}),
		facts: facts(
			[say("onCall.startedMeanwhile"), some(started), "wide"],
			[say("onCall.endedMeanwhile"), some(ended), "wide"],
		),
		notes: notes(forgottenBefore && say("onCall.gapForgotten", { moment: moment(forgottenBefore, pen) })),
		buttons: [showJobs(pen)],
	};
}

const GROUPS: Readonly<Record<Page["group"], MessageKey | undefined>> = {
	called: undefined,
	empty: "onCall.groupEmpty",
	unset: "onCall.groupUnset",
	unreadable: "onCall.groupUnreadable",
};

function pageShown(page: Page, pen: Pen): Shown {
	const { say } = pen.words;
	const { job, since, group, mentioned, named, nobodyElse } = page;
	const mentions = mentioned.map((person) => mention(person, pen.words));
	const names = [...mentions.map(({ text }) => text), ...named.map((name) => personName(name, pen.words))];
	const when = { moment: moment(since, pen) };
	const why = GROUPS[group];
	return {
		tone: "attention",
		symbol: SYMBOLS.no,
		title: say("onCall.pageTitle", { kind: job.kind }),
		lead:
			names.length === 0
				? say("onCall.page", when)
				: say("onCall.pageFor", { ...when, names: pen.words.callees(names) }),
		subject: subject(job.id, pen),
		facts: facts([say("facts.job"), escapeText(job.id), "wide"]),
		notes: notes(
			why && say(why),
			named.length > 0 ? say("onCall.notHere") : undefined,
			nobodyElse && say("onCall.nobodyElse"),
		),
		mentions,
		form: minutesField(pen),
		buttons: takeButtons(page, pen),
	};
}

function digestShown(tells: TellsOf<"digest">, pen: Pen): Shown {
	const { say } = pen.words;
	const { date, head, dueAt } = tells;
	return {
		tone: "default",
		symbol: SYMBOLS.none,
		title: say("handover.digestTitle", { date }),
		...summaryParts(tells, pen),
		smallPrint: notes(
			say("handover.head", { seq: head.seq, hash: head.hash }),
			dueAt && say("handover.late", { moment: moment(dueAt, pen) }),
		),
	};
}

function storyLine(line: StoryLine, pen: Pen): string {
	const { say } = pen.words;
	const when = { moment: moment(line.at, pen) };
	const by = (name: string) => ({ ...when, name: personName(name, pen.words) });
	const because = (text: string, reason: string | undefined) =>
		reason === undefined
			? text
			: say("onCall.because", { line: text, reason: escapeText(reason, REASON_LENGTH) });
	switch (line.what) {
		case "asked":
			return because(say("onCall.storyAsked", by(line.name)), line.reason);
		case "decided":
			return because(
				say(line.verdict === "approve" ? "onCall.storyApproved" : "onCall.storyRejected", by(line.name)),
				line.comment,
			);
		case "alone":
			return because(say("onCall.storyAlone", by(line.name)), line.reason);
		case "emergency":
			return because(say("onCall.storyEmergency", by(line.name)), line.reason);
		case "sent":
			return say("onCall.storySent", by(line.name));
		case "accepted":
			return say("onCall.storyAccepted", when);
		case "ended":
			return say("onCall.storyEnded", { ...when, state: branch(line.outcome.state) });
	}
}

/** A field for how long somebody promises to look after a job. */
export function minutesField({ words: { say } }: Pen): readonly object[] {
	return [{ type: "Input.Number", id: "minutes", label: say("onCall.takeMinutes"), min: 1, max: 1_440 }];
}

function takeButtons(
	{ incidentId, turn, job }: Pick<Page, "incidentId" | "turn" | "job">,
	pen: Pen,
): Action[] {
	return [takes(pen.words.say("onCall.take"), incidentId, turn), cancels(job, pen)];
}

/** Takes a job, for as long as the field for minutes says; `turn` is how often it has changed hands. */
export function takes(title: string, incidentId: string, turn: number): Action {
	return press(title, "take-incident", incidentId, { style: "positive", withInputs: true, version: turn });
}

/** Opens the form that cancels an incident's job. */
export function cancels(job: RecoveryJob, pen: Pen): Action {
	const form = cancelForm(job, { verb: "cancel-incident-job", inputId: "reason" }, pen);
	return form.opens(pen.words.say("buttons.cancelJob"));
}

function subject(jobId: string, { words: { say } }: Pen): string {
	return say("summary.job", { id: shortId(jobId) });
}
