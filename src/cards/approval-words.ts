import type { Cancellation } from "../core/cancelling/cancellation.js";
import { kindWords } from "./job-words.js";
import { escapeText } from "./user-text.js";

/** The ends of a request that was never carried out. */
export function notCarriedOutWords(
	record: Cancellation,
	state: "rejected" | "expired" | "withdrawn",
): {
	tone: "warning" | "attention";
	symbol: string;
	title: string;
	lead: string;
	advice: string;
} {
	const nothing = `Nothing was sent to Graph. The ${kindWords(record.jobKind)} was still running when it was last read.`;
	switch (state) {
		case "rejected": {
			const by = record.decisions?.findLast(({ verdict }) => verdict === "reject")?.actor.name;
			return {
				tone: "attention",
				symbol: "✖",
				title: "Rejected",
				lead: by === undefined ? "It was rejected." : `${escapeText(by)} rejected it.`,
				advice: `${nothing} If things have changed, ask again; the card will show this no.`,
			};
		}
		case "expired":
			return {
				tone: "warning",
				symbol: "⏱",
				title: "Expired",
				lead: "Not enough people had approved it by its deadline.",
				advice: `${nothing} Ask again if it is still wanted.`,
			};
		case "withdrawn":
			return {
				tone: "warning",
				symbol: "↩",
				title: "Withdrawn",
				lead: "Whoever asked for it took it back.",
				advice: nothing,
			};
	}
}
