import type { View } from "../app/views.js";
import { type Face, face, notes, SYMBOLS } from "./face.js";
import type { Pen } from "./pen.js";
import type { MessageKey } from "./words.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** What to type is the same in every language. */
const BY_OPERATORS = "npm run audit -- export";
const AGAIN = "export 7d";

/** An attachment of Teams' own that is no Adaptive Card. */
export interface TeamsCard {
	readonly contentType: string;
	readonly name: string;
	readonly contentUrl?: string;
	readonly card: object;
	readonly summary: string;
}

/** Asks the person whether the file may go into their OneDrive. Teams draws it, with its own two buttons. */
export function fileOfferCard(view: ViewOf<"file-offer">, { words }: Pen): TeamsCard {
	const { requestId, name, events, size } = view;
	return {
		contentType: "application/vnd.microsoft.teams.card.file.consent",
		name,
		card: {
			description: words.say("export.offer", { count: events, command: BY_OPERATORS }),
			sizeInBytes: size,
			acceptContext: { id: requestId },
			declineContext: { id: requestId },
		},
		summary: words.say("export.offerSummary", { name }),
	};
}

/** The file in the chat, as Teams shows files. */
export function fileSentCard(view: ViewOf<"file-sent">, { words }: Pen): TeamsCard {
	const { name, contentUrl, uniqueId, fileType } = view;
	return {
		contentType: "application/vnd.microsoft.teams.card.file.info",
		name,
		contentUrl,
		card: { uniqueId, fileType },
		summary: words.say("export.sentSummary", { name }),
	};
}

const TOLD: Readonly<Record<ViewOf<"export-told">["what"], readonly [title: MessageKey, lead: MessageKey]>> =
	{
		"only-personal": ["export.onlyPersonalTitle", "export.onlyPersonal"],
		nothing: ["export.nothingTitle", "export.nothing"],
		"too-large": ["export.tooLargeTitle", "export.tooLarge"],
		declined: ["export.declinedTitle", "export.declined"],
		"upload-refused": ["export.uploadRefusedTitle", "export.uploadRefused"],
		"upload-failed": ["export.uploadFailedTitle", "export.uploadFailed"],
	};

export function exportToldFace({ what }: ViewOf<"export-told">, { words: { say } }: Pen): Face {
	const [title, lead] = TOLD[what];
	const asWished = what === "declined" || what === "nothing";
	return face({
		tone: what === "upload-failed" ? "warning" : what === "upload-refused" ? "attention" : "default",
		symbol:
			what === "upload-failed" ? SYMBOLS.unclear : what === "upload-refused" ? SYMBOLS.no : SYMBOLS.none,
		title: say(title),
		lead: say(lead, { command: AGAIN, setting: "FILE\\_UPLOAD\\_HOSTS" }),
		notes: notes(asWished ? undefined : say("export.operators", { command: BY_OPERATORS })),
	});
}
