import type { FoundJobs } from "../app/requests/find-jobs.js";
import { jobEnd, type RecoveryJob } from "../core/job.js";
import { press } from "./buttons.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { shortId, statusWords } from "./job-words.js";
import type { Pen } from "./pen.js";
import { drawFace, type RenderedCard } from "./render-card.js";
import { moment, momentsInWords } from "./times.js";
import { escapeText, plainText } from "./user-text.js";
import type { MessageKey } from "./words.js";

/** What the search box shows: results to choose from, or why there are none. */
export type SearchResults =
	| { readonly kind: "results"; readonly results: readonly SearchResult[] }
	| { readonly kind: "message"; readonly text: string };

export interface SearchResult {
	readonly title: string;
	readonly text: string;
	/** What is put into the person's message. */
	readonly card: object;
}

const NONE = {
	"not-found": "search.notFound",
	refused: "search.refused",
	unchecked: "search.unchecked",
	unavailable: "search.unavailable",
} as const satisfies Record<Exclude<FoundJobs["kind"], "found">, MessageKey>;

export function drawFound(found: FoundJobs, pen: Pen): SearchResults {
	if (found.kind !== "found") return { kind: "message", text: pen.words.say(NONE[found.kind]) };
	return { kind: "results", results: found.jobs.map((job) => resultOf(job, pen)) };
}

function resultOf(job: RecoveryJob, pen: Pen): SearchResult {
	const { words } = pen;
	const when = moment(jobEnd(job) ? job.endedAt : job.startedAt, pen);
	const started = jobEnd(job) ? "search.ended" : "search.started";
	return {
		title: words.say("search.result", {
			kind: job.kind,
			status: plainText(statusWords(job.status, job.counts, words), 60),
		}),
		text: [shortId(job.id), when === "" ? "" : momentsInWords(words.say(started, { moment: when }), words)]
			.filter((part) => part !== "")
			.join(" · "),
		card: drawShared(job, pen).card,
	};
}

/**
 * A card that goes out in a person's own message: nobody can update it, and it may come before anybody's eyes. So
 * it names the job and says nothing that changes.
 */
export function drawShared(job: RecoveryJob, pen: Pen): RenderedCard {
	return drawFace(sharedFace(job, pen), pen.words);
}

function sharedFace(job: RecoveryJob, pen: Pen): Face {
	const { say } = pen.words;
	return face({
		tone: "default",
		symbol: SYMBOLS.none,
		title: say("search.card", { kind: job.kind, id: shortId(job.id) }),
		lead: say("search.cardLead"),
		facts: facts([say("facts.job"), escapeText(job.id), "wide"]),
		smallPrint: notes(say("search.cardNote")),
		buttons: [press(say("search.postHere"), "post-job", job.id)],
	});
}

/** Said to whoever presses that button where the bot is not. */
export function notHereWords({ words }: Pen): string {
	return words.say("search.notHere");
}
