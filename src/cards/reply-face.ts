import type { View } from "../app/views.js";
import { type Action, help, openAdminCenter, showJob, showJobs, whoami } from "./buttons.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { shortId } from "./job-words.js";
import type { Pen } from "./pen.js";
import { ECHO_LENGTH, escapeText, quoted } from "./user-text.js";
import type { MessageKey } from "./words.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** What to type is English in every language: that is what is understood. */
const EXAMPLE_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
const EXAMPLE_RECEIPT = "RC-7F3K9Q";
const EXAMPLE_REASON = "because wrong snapshot";

/** What has a section of README: enough to find it. */
const ON_CALL = "alerts on, follow \\<id\\>, handover, digest";
const APPROVALS = `approvals, approve ${EXAMPLE_RECEIPT}`;

/** What can be typed, and what comes of it. */
const COMMANDS: readonly (readonly [command: string, what: MessageKey])[] = [
	["jobs", "help.jobs"],
	["cancel job \\<id\\> because …", "help.cancel"],
	["history", "help.history"],
	["export", "help.export"],
	["whoami", "help.whoami"],
];

export function helpFace(
	{ greeting, conversationType = "personal", botName }: ViewOf<"help">,
	pen: Pen,
): Face {
	const { words } = pen;
	const { say } = words;
	const example = `@${escapeText(botName || say("help.title"))} jobs`;
	return face({
		tone: "default",
		symbol: SYMBOLS.none,
		title: say("help.title"),
		lead: say(greeting ? "help.greeting" : "help.lead"),
		notes: greeting
			? []
			: [
					...COMMANDS.map(([command, what]) => ({ text: `**${words.literal(command)}** – ${say(what)}` })),
					{ text: say("help.onCall", { commands: `**${words.literal(ON_CALL)}**` }) },
					{ text: say("help.approvals", { commands: `**${words.literal(APPROVALS)}**` }) },
				],
		smallPrint: notes(
			conversationType === "personal" ? undefined : say("help.mention", { example: words.literal(example) }),
		),
		buttons: [showJobs(pen), whoami(pen), ...(greeting ? [help(pen)] : [])],
	});
}

const COMMAND_WORDS: Readonly<Record<ViewOf<"malformed">["verb"], string>> = {
	cancel: "cancel job",
	status: "status",
	follow: "follow",
	unfollow: "unfollow",
	ask: "ask approval",
	"can-i": "can i cancel",
	approve: "approve",
	reject: "reject",
	withdraw: "withdraw",
	acknowledge: "acknowledge",
	why: "why",
};

const MALFORMED: Readonly<Record<ViewOf<"malformed">["problem"], { title: MessageKey; lead: MessageKey }>> = {
	"no-id": { title: "malformed.noIdTitle", lead: "malformed.noId" },
	"not-an-id": { title: "malformed.notAnIdTitle", lead: "malformed.notAnId" },
	"several-ids": { title: "malformed.severalIdsTitle", lead: "malformed.severalIds" },
	"no-reason": { title: "malformed.noReasonTitle", lead: "malformed.noReason" },
	"no-receipt": { title: "malformed.noReceiptTitle", lead: "malformed.noReceipt" },
	"not-a-receipt": { title: "malformed.notAReceiptTitle", lead: "malformed.notAReceipt" },
	"several-receipts": { title: "malformed.severalReceiptsTitle", lead: "malformed.severalReceipts" },
};

export function malformedFace(view: ViewOf<"malformed">, pen: Pen): Face {
	const { say } = pen.words;
	const command = COMMAND_WORDS[view.verb];
	const { title, lead } = MALFORMED[view.problem];
	const receipt = view.problem.endsWith("receipt") || view.problem.endsWith("receipts");
	const example = [command, receipt ? EXAMPLE_RECEIPT : escapeText(view.jobId ?? EXAMPLE_ID)];
	if (view.problem === "no-reason") example.push(EXAMPLE_REASON);
	return face({
		tone: "default",
		symbol: SYMBOLS.unclear,
		title: say(title),
		lead: say(lead, { command, list: "approvals", receipt: EXAMPLE_RECEIPT }),
		quote: quoted(view.found, ECHO_LENGTH, pen.words),
		smallPrint: notes(say("malformed.example", { example: pen.words.literal(example.join(" ")) })),
		buttons: [
			...(receipt ? [] : [view.jobId === undefined ? showJobs(pen) : showJob(pen, view.jobId)]),
			help(pen),
		],
	});
}

export function unknownFace({ text, suggestion, suggested }: ViewOf<"unknown">, pen: Pen): Face {
	const { say } = pen.words;
	return face({
		tone: "default",
		symbol: SYMBOLS.unclear,
		title: say("unknown.title"),
		lead:
			suggestion === undefined
				? say("unknown.help")
				: say("unknown.didYouMean", { suggestion: suggestion.replace(/[<>]/gu, "\\$&") }),
		quote: quoted(text, ECHO_LENGTH, pen.words),
		buttons: [
			...(suggested && suggested.verb !== "show-help" ? [suggestedButton(suggested, pen)] : []),
			help(pen),
		],
	});
}

function suggestedButton({ verb, id }: NonNullable<ViewOf<"unknown">["suggested"]>, pen: Pen): Action {
	switch (verb) {
		case "show-job":
			return showJob(pen, id);
		case "show-jobs":
			return showJobs(pen);
		case "show-whoami":
			return whoami(pen);
		case "show-help":
			return help(pen);
	}
}

/** Said to whoever presses a button that means nothing, or nothing any more. */
export function unknownButtonWords({ words }: Pen): string {
	return words.say("unknown.button", { command: words.literal("jobs") });
}

export function workingFace({ asked = "status", jobId }: ViewOf<"working">, pen: Pen): Face {
	const { say } = pen.words;
	const what = asked === "cancel" || asked === "whoami" ? asked : "view";
	return face({
		tone: "accent",
		symbol: SYMBOLS.underWay,
		title: say("working.title", { asked }),
		lead: say(`working.${what}`),
		subject: jobId === undefined ? "" : say("summary.job", { id: shortId(jobId) }),
		notes: notes(asked === "cancel" ? say("working.urgent") : undefined),
		facts: facts([say("facts.job"), jobId === undefined ? "" : escapeText(jobId), "wide"]),
		buttons: asked === "cancel" ? [openAdminCenter(pen)] : [],
	});
}
