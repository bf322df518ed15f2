import type { View } from "../app/views.js";
import { askersLocale, type Cancellation } from "../core/cancelling/cancellation.js";
import {
	approvalsFace,
	approvalsHereFace,
	canIFace,
	noSuchRequestFace,
	whyFace,
} from "./approval-answers.js";
import {
	approvalFace,
	noEmergencyFace,
	refreshFor,
	reminderFace,
	reviewFace,
	toldFace,
} from "./approval-face.js";
import { liveFace, newsFace } from "./cancellation-face.js";
import { exportToldFace, fileOfferCard, fileSentCard } from "./export-face.js";
import { buttonRows, type Face, factRows, heading } from "./face.js";
import { historyFace, historyUnclearFace } from "./history-face.js";
import { alreadyEndedFace, jobFace, jobsFace } from "./job-face.js";
import { onCallFace } from "./on-call-face.js";
import type { Pen } from "./pen.js";
import { problemFace } from "./problem-face.js";
import { helpFace, malformedFace, unknownFace, workingFace } from "./reply-face.js";
import { refusalFace, standingFace, uncheckedFace } from "./role-face.js";
import { expand } from "./template.js";
import { momentsInWords } from "./times.js";
import { mention, personName, plainText } from "./user-text.js";
import { type Words, wordsFor } from "./words.js";

/** People that a follow-up card mentions. */
const MENTIONED = 5;
/** Characters of a notification. */
const SUMMARY_LENGTH = 300;

export interface RenderedCard {
	readonly card: object;
	/** One plain sentence: the text of the notification. */
	readonly summary: string;
	/** Set where it is no Adaptive Card, but one of Teams' own about a file. */
	readonly contentType?: string;
	readonly name?: string;
	readonly contentUrl?: string;
}

/** For whom and when a card is drawn, and the settings that show on it. */
export interface Drawing {
	/** The reader's language, as Teams sends it (`de-DE`); English when it is absent or not spoken. */
	readonly locale?: string | undefined;
	readonly now: Date;
	/** `ADMIN_CENTER_URL`: where people act when this bot cannot. */
	readonly adminCenterUrl: string;
}

/**
 * Draws a view as an Adaptive Card 1.5. What it says comes from the view alone. A card of a cancellation speaks the
 * language of who asked for it in that conversation, where that is known.
 */
export function renderCard(view: View, { locale, ...rest }: Drawing): RenderedCard {
	return drawCard(view, { ...rest, words: wordsFor(localeOf(view) ?? locale) });
}

/** As `renderCard`, in words that the caller brings. */
export function drawCard(view: View, pen: Pen): RenderedCard {
	switch (view.view) {
		case "warning":
		case "follow-up":
			return drawNews(view, pen);
		case "file-offer":
			return fileOfferCard(view, pen);
		case "file-sent":
			return fileSentCard(view, pen);
		default:
			return drawFace(faceOf(view, pen), pen.words);
	}
}

function faceOf(
	view: Exclude<View, { view: "warning" | "follow-up" | "file-offer" | "file-sent" }>,
	pen: Pen,
): Face {
	switch (view.view) {
		case "live":
			return withoutViewers(view.cancellation, liveFace(view.cancellation, view, pen));
		case "job":
			return jobFace(view, pen);
		case "jobs":
			return jobsFace(view, pen);
		case "already-ended":
			return alreadyEndedFace(view, pen);
		case "refusal":
			return refusalFace(view, pen);
		case "unchecked":
			return uncheckedFace(view, pen);
		case "standing":
			return standingFace(view, pen);
		case "help":
			return helpFace(view, pen);
		case "malformed":
			return malformedFace(view, pen);
		case "unknown":
			return unknownFace(view, pen);
		case "working":
			return workingFace(view, pen);
		case "problem":
			return problemFace(view, pen);
		case "history":
			return historyFace(view, pen);
		case "history-unclear":
			return historyUnclearFace(view, pen);
		case "export-told":
			return exportToldFace(view, pen);
		case "approval":
			return approvalFace(view, pen);
		case "reminder":
			return reminderFace(view, pen);
		case "review":
			return reviewFace(view, pen);
		case "told":
			return toldFace(view, pen);
		case "why":
			return whyFace(view, pen);
		case "can-i":
			return canIFace(view, pen);
		case "approvals":
			return approvalsFace(view, pen);
		case "approvals-here":
			return approvalsHereFace(view, pen);
		case "no-such-request":
			return noSuchRequestFace(view, pen);
		case "no-emergency":
			return noEmergencyFace(view, pen);
		case "alert":
		case "follow":
		case "news":
		case "subscriptions":
		case "handover":
		case "misunderstood":
		case "unfollowed":
		case "no-such-incident":
			return onCallFace(view, pen);
	}
}

/** Nobody's client asks for a card of its own any more, as it did while the request was waiting. */
function withoutViewers(record: Cancellation, shown: Face): Face {
	return record.approval ? { ...shown, refresh: refreshFor(record, []) } : shown;
}

function localeOf(view: View): string | undefined {
	if (!(view.view === "live" || view.view === "warning" || view.view === "follow-up")) return undefined;
	return askersLocale(view.cancellation, view.conversationKey);
}

/** A new message that names the people whom it concerns here, so that they are notified. */
function drawNews(view: Extract<View, { view: "warning" | "follow-up" }>, pen: Pen): RenderedCard {
	const { cancellation, conversationKey } = view;
	const { words } = pen;
	const here = cancellation.askers.filter((asker) => asker.conversationKey === conversationKey);
	const people = new Map(here.map(({ actor }) => [actor.userId, actor]));
	const mentions = [...people.values()].slice(0, MENTIONED).map((actor) => mention(actor, words));
	// Only members can be mentioned, and who asked here is one; the requester may be elsewhere.
	const greeting =
		mentions.length > 0
			? `${words.callees(mentions.map(({ text }) => text))}:`
			: `${personName(cancellation.requester.name, words)}:`;
	return drawFace({ ...newsFace(cancellation, greeting, pen), mentions }, words);
}

/** Gives what a card says its form. */
export function drawFace(shown: Face, words: Words): RenderedCard {
	const summary = summarize(shown, words);
	const { facts, buttons, mentions, refresh, ...rest } = shown;
	const card = expand("card", {
		...rest,
		lang: words.lang,
		rtl: words.rightToLeft,
		heading: heading(shown),
		factRows: factRows(facts),
		buttonRows: buttonRows(buttons),
		fallbackText: summary,
	});
	return {
		card: {
			...card,
			...(refresh ? { refresh } : {}),
			...(mentions.length > 0 ? { msteams: { entities: mentions } } : {}),
		},
		summary,
	};
}

/** The title, what it is about and the first sentences, without markup and without functions of the client. */
function summarize({ title, subject, lead }: Face, words: Words): string {
	const said = words.inOneLine(title, subject, lead);
	const text = momentsInWords(said, words).replace(/<\/?at>|\\(?=[\\`*_[\]~<>])/gu, "");
	return plainText(text, SUMMARY_LENGTH);
}
