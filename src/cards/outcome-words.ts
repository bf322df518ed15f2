import type { Cancellation, LostWhy, Outcome, RefusedWhy } from "../core/cancellation.js";
import { kindWords } from "./job-words.js";
import { refusalWords } from "./refusal-words.js";

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
	const job = `The ${kindWords(record.jobKind)}`;
	switch (outcome.state) {
		case "abandoned":
			return {
				tone: "good",
				symbol: "✔",
				title: "Abandoned",
				lead: `Graph shows the ${kindWords(record.jobKind)} as abandoned.`,
				advice:
					record.jobKind === "preview"
						? "A preview changes nothing in the directory, and gives no partial result."
						: "Cancelling is not an undo: what the job had already applied stays applied.",
			};
		case "too-late":
			return { tone: "warning", symbol: "⏱", title: "Too late", ...tooLate(job, outcome.jobEnd) };
		case "refused":
			return { tone: "attention", symbol: "✖", title: "Refused", ...refused(job, outcome.why) };
		case "lost-track":
			return { tone: "attention", symbol: "?", title: "Lost track", ...lost(outcome.why, record) };
	}
}

function tooLate(job: string, end: "successful" | "failed" | "abandoned"): { lead: string; advice: string } {
	if (end === "abandoned")
		return {
			lead: `${job} had been abandoned before this request reached Graph. Somebody else may have stopped it.`,
			advice: "What it had already applied stays applied.",
		};
	const how = end === "successful" ? "completed" : "failed";
	return {
		lead: `${job} ${how} by itself before it could be stopped.`,
		advice: "What it applied stays applied. To go back, start a recovery to an earlier point in time.",
	};
}

function refused(job: string, why: RefusedWhy): { lead: string; advice: string } {
	if (why.by === "policy")
		return {
			lead: `Right before the call to Graph the role was checked again, and the answer was no. ${refusalWords(why.rule, "cancel")}`,
			advice: `Nothing was sent to Graph, and ${job.toLowerCase()} was still running. Somebody who holds the role can ask again.`,
		};
	const running = `${job} was still running when it was last read.`;
	switch (why.code) {
		case "forbidden":
			return {
				lead: `Graph did not let this bot cancel the job (403). ${running}`,
				advice:
					"Operator: assign the role Entra Backup Administrator to the bot's service principal; the README says what else to check. Until then, cancel in the Entra admin centre, under Backup and recovery.",
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
				lead: `The request could not be placed for 15 minutes: Graph or Entra kept asking this bot to wait. ${running}`,
				advice: "Cancel in the Entra admin centre, or ask again later.",
			};
		case "rejected":
			return {
				lead: `Graph did not accept the request. ${running}`,
				advice: "Cancel in the Entra admin centre, and give the ids below to whoever runs this bot.",
			};
	}
}

function lost(why: LostWhy, record: Cancellation): { lead: string; advice: string } {
	const asked =
		record.acceptedAt === undefined
			? "No request to cancel was confirmed by Graph."
			: "Graph had accepted the request to cancel.";
	switch (why) {
		case "job-not-found":
			return {
				lead: `Graph does not show the job any more, so nobody can say how it ended. ${asked}`,
				advice: LOOK,
			};
		case "access-lost":
			return {
				lead: `Graph does not let this bot read the job any more. ${asked}`,
				advice: `The recovery itself may have changed the bot's permissions. ${LOOK}`,
			};
		case "watch-limit":
			return {
				lead: `The job was followed for as long as the settings allow, and no end was seen. ${asked}`,
				advice: LOOK,
			};
		case "no-answer-to-cancel":
			return {
				lead: "Graph gave no clear answer to the request to cancel. It may or may not have been accepted.",
				advice: `${LOOK} You can also type the same command again.`,
			};
	}
}
