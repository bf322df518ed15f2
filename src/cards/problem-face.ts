import type { ProblemCode, View } from "../app/views.js";
import { type Action, openAdminCenter, showJobs, toggleDetails, tryAgain } from "./buttons.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { shortId } from "./job-words.js";
import type { Pen } from "./pen.js";
import { escapeText } from "./user-text.js";
import type { MessageKey } from "./words.js";

type Problem = Extract<View, { view: "problem" }>;

/** Something outside stopped the bot: what to do about it here, and for whoever runs it under Details. */
export function problemFace({ code, jobId, requestId }: Problem, pen: Pen): Face {
	const { say } = pen.words;
	const { title, lead, steps, help } = PROBLEMS[code];
	return face({
		tone: help === "list" ? "default" : "warning",
		symbol: SYMBOLS.unclear,
		title: say(title),
		lead: say(lead, { reference: escapeText(shortId(requestId)) }),
		subject: jobId === undefined ? "" : say("summary.job", { id: shortId(jobId) }),
		facts: facts([say("facts.job"), jobId === undefined ? "" : escapeText(jobId), "wide"]),
		smallPrint: notes(say("problem.nothingSent")),
		buttons: [...HELP[help](requestId, pen), toggleDetails(pen)],
		details: notes(
			steps === undefined ? undefined : say(steps),
			say("details.code", { code, id: escapeText(requestId) }),
		),
	});
}

const HELP: Readonly<Record<"list" | "act" | "wait", (requestId: string, pen: Pen) => Action[]>> = {
	list: (_, pen) => [showJobs(pen)],
	act: (_, pen) => [openAdminCenter(pen)],
	wait: (requestId, pen) => [tryAgain(pen, requestId), openAdminCenter(pen)],
};

const PROBLEMS: Readonly<
	Record<
		ProblemCode,
		{
			readonly title: MessageKey;
			readonly lead: MessageKey;
			/** For whoever runs the bot. */
			readonly steps?: MessageKey;
			readonly help: keyof typeof HELP;
		}
	>
> = {
	"job-not-found": { title: "problem.jobNotFoundTitle", lead: "problem.jobNotFound", help: "list" },
	"graph-forbidden": {
		title: "problem.forbiddenTitle",
		lead: "problem.operator",
		steps: "details.readJobsSteps",
		help: "act",
	},
	"graph-unauthorized": {
		title: "problem.unauthorizedTitle",
		lead: "problem.operator",
		steps: "details.credentialSteps",
		help: "act",
	},
	"graph-throttled": { title: "problem.throttledTitle", lead: "problem.wait", help: "wait" },
	"graph-unavailable": { title: "problem.unavailableTitle", lead: "problem.wait", help: "wait" },
	"graph-rejected": {
		title: "problem.rejectedTitle",
		lead: "problem.operator",
		steps: "details.settingsSteps",
		help: "act",
	},
	"not-your-request": { title: "problem.notYoursTitle", lead: "problem.notYours", help: "list" },
	"request-not-found": {
		title: "problem.requestNotFoundTitle",
		lead: "problem.requestNotFound",
		help: "list",
	},
	"internal-error": { title: "problem.internalTitle", lead: "problem.wait", help: "wait" },
};
