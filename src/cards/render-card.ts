import type { View } from "../app/views.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import { jobEnd } from "../core/job.js";
import type { Actor } from "../core/person.js";
import {
	alreadyEndedFace,
	helpFace,
	jobFace,
	listRow,
	malformedFace,
	refusalFace,
	standingFace,
	uncheckedFace,
	unknownFace,
	workingFace,
} from "./answer-face.js";
import {
	approvalFace,
	approvalsFace,
	approvalsHereFace,
	askable,
	canIFace,
	noEmergencyFace,
	noSuchRequestFace,
	type Pressable,
	refreshFor,
	reminderFace,
	reviewFace,
	toldFace,
	whyFace,
} from "./approval-face.js";
import { liveFace, newsFace } from "./cancellation-face.js";
import { type Face, face } from "./face.js";
import { problemFace } from "./problem-face.js";
import { expand, type TemplateName } from "./template.js";
import { moment, momentsInWords } from "./times.js";
import { escapeText, mentionName, plainText } from "./user-text.js";
import { wordsFor } from "./words.js";

/** Jobs that a list shows before it only counts them. */
const RUNNING_SHOWN = 5;
const ENDED_SHOWN = 10;
/** People that a follow-up card mentions. */
const MENTIONED = 5;
/** Version of the data that our buttons carry. */
const DATA_VERSION = 1;
/** Characters of a notification. */
const SUMMARY_LENGTH = 300;

export interface RenderedCard {
	readonly card: object;
	/** One plain sentence: the text of the notification. */
	readonly summary: string;
}

/** For whom and when a card is drawn, and the settings that show on it. */
export interface Drawing {
	/** The reader's language, as Teams sends it (`de-DE`); English when it is absent or not spoken. */
	readonly locale?: string | undefined;
	readonly now: Date;
	/** `ADMIN_CENTER_URL`: where people act when this bot cannot. */
	readonly adminCenterUrl: string;
}

/** Draws a view as an Adaptive Card 1.5. What it says comes from the view alone. */
export function renderCard(view: View, { locale }: Drawing): RenderedCard {
	const words = wordsFor(locale);
	switch (view.view) {
		case "live":
			return withoutViewers(view.cancellation, draw("live", liveFace(view.cancellation, view)));
		case "warning":
		case "follow-up":
			return drawNews(view);
		case "job": {
			const cancellable = view.mayCancel && jobEnd(view.job) === undefined && !view.open;
			return draw("job", jobFace(view), { cancellable, jobId: view.job.id, version: DATA_VERSION });
		}
		case "jobs":
			return drawJobs(view);
		case "already-ended":
			return draw("notice", alreadyEndedFace(view));
		case "refusal":
			return view.mayAsk && view.jobId !== undefined
				? drawPressable({ ...refusalFace(view), ...askable(view.jobId, DATA_VERSION) })
				: draw("notice", refusalFace(view));
		case "unchecked":
			return draw("notice", uncheckedFace(view));
		case "standing":
			return draw("notice", standingFace(view));
		case "help":
			return draw("help", helpFace(view.greeting, words));
		case "malformed":
			return draw("notice", malformedFace(view));
		case "unknown":
			return draw("notice", unknownFace(view));
		case "working":
			return draw("notice", workingFace(view));
		case "problem":
			return draw("notice", problemFace(view));
		case "approval":
			return drawPressable(approvalFace(view));
		case "reminder":
			return drawPressable(reminderFace(view));
		case "review":
			return drawPressable(reviewFace(view));
		case "told":
			return draw("notice", toldFace(view));
		case "why":
			return draw("notice", whyFace(view));
		case "can-i":
			return draw("notice", canIFace(view));
		case "approvals":
			return draw("notice", approvalsFace(view));
		case "approvals-here":
			return draw("notice", approvalsHereFace(view));
		case "no-such-request":
			return draw("notice", noSuchRequestFace(view));
		case "no-emergency":
			return draw("notice", noEmergencyFace(view));
	}
}

/** Nobody's client asks for a card of its own any more, as it did while the request was waiting. */
function withoutViewers(record: Cancellation, { card, summary }: RenderedCard): RenderedCard {
	return { card: record.approval ? { ...card, refresh: refreshFor(record, []) } : card, summary };
}

function drawPressable({ refresh, entities, ...shown }: Face & Pressable): RenderedCard {
	const { card, summary } = draw("approval", shown, {}, entities);
	return { card: refresh ? { ...card, refresh } : card, summary };
}

/** A new message that names the people whom it concerns here, so that they are notified. */
function drawNews(view: Extract<View, { view: "warning" | "follow-up" }>): RenderedCard {
	const { cancellation, conversationKey } = view;
	const here = cancellation.askers.filter((asker) => asker.conversationKey === conversationKey);
	const people = new Map(here.map(({ actor }) => [actor.userId, actor]));
	const mentions = [...people.values()].slice(0, MENTIONED).map(mention);
	// Only members can be mentioned, and who asked here is one; the requester may be elsewhere.
	const greeting =
		mentions.length > 0
			? `${mentions.map(({ text }) => text).join(", ")}:`
			: `${escapeText(cancellation.requester.name)}:`;
	return draw("follow-up", newsFace(cancellation, greeting), {}, mentions);
}

function mention(actor: Actor): { type: "mention"; text: string; mentioned: { id: string; name: string } } {
	const name = mentionName(actor.name);
	return { type: "mention", text: `<at>${name}</at>`, mentioned: { id: actor.channelUserId, name } };
}

function drawJobs(view: Extract<View, { view: "jobs" }>): RenderedCard {
	const { running, ended } = view;
	const hidden = Math.max(0, running.length - RUNNING_SHOWN) + Math.max(0, ended.length - ENDED_SHOWN);
	const none = running.length + ended.length === 0;
	const title = running.length === 0 ? "No job is running" : `${running.length} running`;
	const list = face({
		tone: running.length === 0 ? "default" : "accent",
		symbol: running.length === 0 ? "■" : "▶",
		title,
		lead: none
			? "Graph lists no jobs. That is normal when nothing ran in the last 7 days; it can also mean that the organisation lacks the licence (Entra ID P1 or P2)."
			: "",
		notes:
			hidden > 0
				? [{ text: `… and ${hidden} more. The Entra admin centre shows all, under Backup and recovery.` }]
				: [],
		smallPrint: [{ text: `As Graph showed it at ${moment(view.readAt)}.` }],
	});
	return draw("jobs", list, {
		version: DATA_VERSION,
		running: running.slice(0, RUNNING_SHOWN).map((job, index) => {
			const open = view.beingCancelled?.find(({ jobId }) => jobId === job.id);
			const cancellable = view.mayCancel && !open;
			return { ...listRow(job, open), cancellable, jobId: job.id, reasonId: `reason-${index}` };
		}),
		ended: ended.slice(0, ENDED_SHOWN).map((job) => listRow(job)),
		anyEnded: ended.length > 0,
	});
}

function draw(
	template: TemplateName,
	shown: Face,
	more: object = {},
	entities: readonly object[] = [],
): RenderedCard {
	const summary = summarize(shown);
	const card = expand(template, { ...shown, ...more, fallbackText: summary });
	return { card: entities.length === 0 ? card : { ...card, msteams: { entities } }, summary };
}

/** The title and the first sentences, without markup and without functions of the client. */
function summarize({ title, lead }: Face): string {
	const text = momentsInWords([title, lead].filter((part) => part !== "").join(". ")).replace(
		/<\/?at>|\\(?=[\\`*_[\]~<>])/gu,
		"",
	);
	return plainText(text, SUMMARY_LENGTH);
}
