import {
	type Cancellation,
	type LostWhy,
	type Outcome,
	type RefusedWhy,
	wasSent,
} from "../core/cancelling/cancellation.js";
import type { RefusalRule } from "../core/policy.js";
import { notCarriedOutWords } from "./approval-words.js";
import { kindWords } from "./job-words.js";
import { duration } from "./times.js";
import { escapeText } from "./user-text.js";

const LOOK = "Look in the Entra admin centre, under Backup and recovery.";

/** How it ended, as a header and a sentence, and what to do or to know. */
export interface OutcomeWords {
	readonly tone: "good" | "warning" | "attention";
	readonly symbol: string;
	readonly title: string;
	readonly lead: string;
	readonly advice: string;
}

export function outcomeWords(record: Cancellation, outcome: Outcome): OutcomeWords {
	switch (outcome.state) {
		case "abandoned":
			return {
				tone: "good",
				symbol: "✔",
				title: "Abandoned",
				lead: `Graph shows the ${kindWords(record.jobKind)} as abandoned.${unconfirmed(record)}`,
				advice:
					record.jobKind === "preview"
						? "A preview changes nothing in the directory, and gives no partial result."
						: "Cancelling is not an undo: what the job had already applied stays applied.",
			};
		case "too-late":
			return withDoubt(record, {
				tone: "warning",
				symbol: "⏱",
				title: "Too late",
				...tooLate(record, outcome.jobEnd),
			});
		case "refused":
			return { tone: "attention", symbol: "✖", title: "Refused", ...refused(record, outcome.why) };
		case "rejected":
		case "expired":
		case "withdrawn":
			return notCarriedOutWords(record, outcome.state);
		case "lost-track":
			return { tone: "attention", symbol: "?", title: "Lost track", ...lost(outcome.why, record) };
	}
}

/** Why the bot asked no more although a request may have reached Graph. */
export function stoppedAskingWords(record: Cancellation): string {
	const arrived = "A request to cancel may have reached Graph; its answer was lost.";
	const why = record.stoppedAsking;
	if (why === undefined) return arrived;
	if (why.by === "time")
		return `${arrived} No clear answer came for as long as this bot asks, so it asks no more.`;
	if (why.by === "policy")
		return `${arrived} Nothing more is sent: right before the next one ${recheckedWords(record, why.rule)}`;
	const status = why.httpStatus === undefined ? "" : ` (${why.httpStatus})`;
	return `${arrived} The next one was turned down${status}, so nothing more is sent.`;
}

/** The job was stopped, but by whom is not known. */
function unconfirmed(record: Cancellation): string {
	return record.acceptedAt === undefined
		? " The answer to this bot's request was lost, so somebody else may have stopped it."
		: "";
}

function withDoubt(record: Cancellation, words: OutcomeWords): OutcomeWords {
	return record.stoppedAsking === undefined || record.acceptedAt !== undefined
		? words
		: { ...words, advice: `${stoppedAskingWords(record)} ${words.advice}` };
}

function tooLate(
	record: Cancellation,
	end: "successful" | "failed" | "abandoned",
): { lead: string; advice: string } {
	const job = `The ${kindWords(record.jobKind)}`;
	const preview = record.jobKind === "preview" ? "A preview changes nothing in the directory." : undefined;
	if (end === "abandoned")
		return {
			lead: `${job} had been abandoned before this request reached Graph. Somebody else may have stopped it.`,
			advice: preview ?? "What it had already applied stays applied.",
		};
	const how = end === "successful" ? "completed" : "failed";
	return {
		lead: `${job} ${how} by itself before it could be stopped.`,
		advice:
			preview ?? "What it applied stays applied. To go back, start a recovery to an earlier point in time.",
	};
}

function refused(
	record: Cancellation,
	why: RefusedWhy,
): Pick<OutcomeWords, "lead" | "advice"> & Partial<OutcomeWords> {
	const job = `The ${kindWords(record.jobKind)}`;
	if (why.by === "policy") {
		const sent = record.attempts.some(wasSent)
			? "Graph had accepted no request by then"
			: "Nothing was sent to Graph";
		const outage = why.rule === "unreadable-standing";
		return {
			...(outage ? { tone: "warning", title: "Not cancelled: no role could be checked" } : {}),
			lead: outage
				? `The directory could not be read for ${tookWords(record)}, and without a role seen just then nothing is sent.`
				: `Right before the call to Graph ${recheckedWords(record, why.rule)}`,
			advice: `${sent}. ${job} was still running when it was last read. ${outage ? "If it is urgent, cancel in the Entra admin centre, under Backup and recovery." : "Somebody who holds the role can ask again."}`,
		};
	}
	const running = `${job} was still running when it was last read.`;
	switch (why.code) {
		case "forbidden":
			return {
				lead: `Graph did not let this bot cancel the job (403). ${running}`,
				advice:
					"Operator: assign the role Entra Backup Administrator to the bot's service principal; see When Graph answers 403 in the README. Until then, cancel in the Entra admin centre, under Backup and recovery.",
			};
		case "unauthorized":
			return {
				lead: `Entra or Graph did not accept this bot's credential. ${running}`,
				advice:
					"Operator: check the secret or certificate and its expiry. Until then, cancel in the Entra admin centre.",
			};
		case "conflict":
			return {
				lead: `Graph reported a conflict (409). ${running}`,
				advice: "Ask again in a minute, or cancel in the Entra admin centre.",
			};
		case "not-found":
			return {
				lead: `Graph did not find the job when asked to cancel it (404). ${running}`,
				advice: "Ask again in a minute, or cancel in the Entra admin centre.",
			};
		case "throttled":
			return {
				lead: `The request could not be placed for ${tookWords(record)}: Graph or Entra kept asking this bot to wait. ${running}`,
				advice: "Cancel in the Entra admin centre, or ask again later.",
			};
		case "rejected":
			return {
				lead: `Graph did not accept the request. ${running}`,
				advice: "Cancel in the Entra admin centre, and give the ids below to whoever runs this bot.",
			};
	}
}

/** Whose roles were read again, and what came of it; everybody who asked reads this, so it speaks of nobody as "you". */
function recheckedWords({ askers }: Cancellation, rule: RefusalRule): string {
	return new Set(askers.map(({ actor }) => actor.userId)).size > 1
		? `the roles of all who asked were checked again, and none of them may cancel any more. Of the first: ${RECHECKED[rule]}`
		: `the role of whoever asked was checked again. ${RECHECKED[rule]}`;
}

const RECHECKED: Readonly<Record<RefusalRule, string>> = {
	"other-tenant": "That account belongs to another organisation.",
	"no-identity": "That account could not be identified in Microsoft Entra.",
	"unreadable-standing": "It could not be read, and without a role seen just then the answer is no.",
	"account-disabled": "That account is disabled in Microsoft Entra.",
	guest: "That is a guest account, and guests may not act through this bot.",
	"scoped-role": "That account holds the role for a part of the organisation only.",
	"no-role": "That account holds no role that may cancel jobs any more.",
};

function lost(why: LostWhy, record: Cancellation): { lead: string; advice: string } {
	const asked =
		record.acceptedAt !== undefined
			? "Graph had accepted the request to cancel."
			: record.attempts.some(wasSent)
				? "No request to cancel was confirmed by Graph."
				: "No request to cancel was sent to Graph.";
	const again = `${LOOK} To read the job once more, type: status ${escapeText(record.jobId)}`;
	switch (why) {
		case "job-not-found":
			return {
				lead: `Graph does not show the job any more, so nobody can say how it ended. ${asked}`,
				advice: again,
			};
		case "access-lost":
			return {
				lead: `Graph does not let this bot read the job any more. ${asked}`,
				advice: `The recovery itself may have changed the bot's permissions. ${again}`,
			};
		case "watch-limit":
			return {
				lead: `The job was followed for as long as the settings allow, and no end was seen. ${asked}`,
				advice: again,
			};
		case "no-answer-to-cancel":
			return {
				lead: `${stoppedAskingWords(record)} The job was followed for as long as the settings allow, and no end was seen.`,
				advice: again,
			};
		case "job-unreadable":
			return {
				lead: `The job could not be read for ${tookWords(record)}. ${asked}`,
				advice: again,
			};
	}
}

/** How long it took, such as `15 min`. */
function tookWords(record: Cancellation): string {
	return duration(record.openedAt, record.endedAt ?? record.openedAt);
}
