import type { BeingCancelled, View } from "../app/views.js";
import { jobEnd, type RecoveryJob } from "../core/job.js";
import type { Grant } from "../core/person.js";
import { type Face, face, facts, notes } from "./face.js";
import { jobFacts, kindWords, sentence, statusWords } from "./job-words.js";
import { problemWords, refusalWords } from "./refusal-words.js";
import { duration, moment, momentAfter } from "./times.js";
import { ECHO_LENGTH, escapeText, plainText } from "./user-text.js";
import type { Words } from "./words.js";

const EXAMPLE_ID = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";
/** Roles, groups or grants that a card lists before it stops. */
const LISTED = 10;

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

export function jobFace({ job, readAt, open }: ViewOf<"job">): Face {
	const running = jobEnd(job) === undefined;
	const lead = open
		? `It is already being cancelled for ${escapeText(open.requesterName)} (${open.receipt}). ${open.followed ? "The outcome will be announced here." : "The outcome will be announced in the conversation where that was asked."}`
		: running
			? ""
			: "It has ended; there is nothing to cancel.";
	return face({
		tone: running ? "accent" : "default",
		symbol: running ? "▶" : "■",
		title: `${sentence(kindWords(job.kind))}: ${statusWords(job.status, job.counts)}`,
		lead,
		facts: jobFacts(job),
		smallPrint: notes(`As Graph showed it at ${moment(readAt)}.`),
	});
}

export function alreadyEndedFace({ job, readAt }: ViewOf<"already-ended">): Face {
	const applied =
		job.kind === "preview" ? undefined : "What it applied stays applied: cancelling is not an undo.";
	return face({
		tone: "warning",
		symbol: "■",
		title: "Nothing to cancel",
		lead: `The ${kindWords(job.kind)} has already ended: ${statusWords(job.status, job.counts)}. Nothing was sent to Graph.`,
		facts: jobFacts(job),
		notes: notes(applied),
		smallPrint: notes(`As Graph showed it at ${moment(readAt)}.`),
	});
}

/** One row of the list of jobs. */
export function listRow(job: RecoveryJob, open?: BeingCancelled): { title: string; detail: string } {
	const when = jobEnd(job) ? momentAfter("ended", job.endedAt) : momentAfter("started", job.startedAt);
	const took =
		jobEnd(job) && job.startedAt && job.endedAt ? `, took ${duration(job.startedAt, job.endedAt)}` : "";
	return {
		title: `${sentence(kindWords(job.kind))}: ${statusWords(job.status, job.counts)}`,
		detail: [
			open && `being cancelled by ${escapeText(open.requesterName)}, ${open.receipt}`,
			escapeText(job.id),
			`${when}${took}`,
		]
			.filter((part) => part)
			.join("  ·  "),
	};
}

export function refusalFace(view: ViewOf<"refusal">): Face {
	const groups = view.grantingGroups.slice(0, LISTED).map((id) => escapeText(id));
	const roles = view.grantingRoles.slice(0, LISTED).map((role) => escapeText(role.name));
	const scoped = view.scopedRoles.slice(0, LISTED).map((name) => escapeText(name));
	const helps = !["other-tenant", "no-identity", "account-disabled"].includes(view.rule);
	return face({
		tone: "attention",
		symbol: "✖",
		title: view.permission === "cancel" ? "You may not cancel this job" : "You may not see jobs here",
		lead: refusalWords(view.rule, view.permission, view.problem),
		facts: facts(
			["Who", escapeText(view.actor.name)],
			["Job", view.jobId === undefined ? "" : escapeText(view.jobId)],
			["What allows it", helps ? roles.join(", ") : ""],
			["Or being in group", helps ? groups.join(", ") : ""],
			[
				"Does not count",
				scoped.length === 0 ? "" : `${scoped.join(", ")}: assigned for a part of the organisation only`,
			],
		),
		notes: notes(
			view.rule === "no-role"
				? "Just activated it in PIM? That can take a minute; then ask again."
				: undefined,
		),
		smallPrint: notes(
			`${view.asked === "cancel" ? "No request to cancel was sent to Graph. " : ""}The attempt was recorded at ${moment(view.at)}.`,
		),
	});
}

export function uncheckedFace(view: ViewOf<"unchecked">): Face {
	return face({
		tone: "warning",
		symbol: "!",
		title: "Could not check your role",
		lead:
			view.asked === "cancel"
				? `Nothing was sent; the job may still be running. The reason: ${problemWords(view.problem)}`
				: `The reason: ${problemWords(view.problem)}`,
		facts: facts(["Job", view.jobId === undefined ? "" : escapeText(view.jobId)]),
		smallPrint: notes(`Code role-${view.problem}, reference ${escapeText(view.requestId)}.`),
	});
}

export function standingFace(view: ViewOf<"standing">): Face {
	const { standing } = view;
	const grants = standing.kind === "read" ? standing.grants.slice(0, LISTED).map(grantWords) : [];
	const scoped = standing.kind === "read" ? standing.scopedRoles.slice(0, LISTED) : [];
	const problem = standing.kind === "unreadable" ? standing.why : undefined;
	return face({
		tone: view.mayCancel ? "good" : view.mayView ? "accent" : "warning",
		symbol: view.mayCancel ? "✔" : view.mayView ? "◐" : "✖",
		title: view.mayCancel
			? "You may see and cancel jobs"
			: view.mayView
				? "You may see jobs, not cancel them"
				: "You may not see or cancel jobs",
		lead: view.why === undefined ? "" : refusalWords(view.why, "cancel", problem),
		facts: facts(
			["Who", escapeText(view.actor.name)],
			[
				"Account",
				standing.kind === "read"
					? `${standing.accountEnabled ? "enabled" : "disabled"}, ${standing.guest ? "guest" : "member"}`
					: "not read",
			],
			[
				"Shown by",
				standing.kind === "unreadable"
					? "not read"
					: grants.length === 0
						? "nothing that counts here"
						: grants.join("; "),
			],
			[
				"Does not count",
				scoped.map(({ roleName, scope }) => `${escapeText(roleName)} for ${escapeText(scope)}`).join("; "),
			],
			[
				"What allows cancelling",
				view.mayCancel
					? ""
					: view.grantingRoles
							.slice(0, LISTED)
							.map((role) => escapeText(role.name))
							.join(", "),
			],
		),
		smallPrint: notes(
			`As the directory showed it at ${moment(standing.at)}. It is read anew for every request.`,
		),
	});
}

function grantWords(grant: Grant): string {
	if (grant.by === "group") return `member of group ${escapeText(grant.groupId)}`;
	return grant.viaGroupId === undefined
		? `role ${escapeText(grant.roleName)}`
		: `role ${escapeText(grant.roleName)}, through group ${escapeText(grant.viaGroupId)}`;
}

export function helpFace(greeting: boolean, { say }: Words): Face {
	return face({
		tone: "accent",
		symbol: "◼",
		title: say("help.title"),
		lead: say(greeting ? "help.greeting" : "help.lead"),
		facts: facts(
			["jobs", say("help.jobs")],
			["status \\<id\\>", say("help.status")],
			["cancel job \\<id\\>", say("help.cancel")],
			["cancel job \\<id\\> because …", say("help.cancelBecause")],
			["whoami", say("help.whoami")],
			["help", say("help.help")],
		),
		notes: notes(say("help.mention")),
	});
}

const COMMAND_WORDS: Readonly<Record<ViewOf<"malformed">["verb"], string>> = {
	cancel: "cancel job",
	status: "status",
	ask: "ask approval",
	"can-i": "can i cancel",
	approve: "approve",
	reject: "reject",
	withdraw: "withdraw",
	acknowledge: "acknowledge",
	why: "why",
};

export function malformedFace(view: ViewOf<"malformed">): Face {
	const command = COMMAND_WORDS[view.verb];
	const receipt = view.problem.endsWith("receipt") || view.problem.endsWith("receipts");
	const lead = {
		"no-id": `Which job? Put its id after "${command}". Type "jobs" to see the ids.`,
		"not-an-id": "That is not the id of a job. An id has 32 letters and digits, in five groups.",
		"several-ids": "That names more than one job. Ask for one job at a time.",
		"no-reason": "A reason is required here. Say why, after the id.",
		"no-receipt": `Which request? Put its receipt after "${command}". Type "approvals" to see what waits for you.`,
		"not-a-receipt": "That is not a receipt. A receipt looks like RC-7F3K9Q.",
		"several-receipts": "That names more than one request. Decide one at a time.",
	}[view.problem];
	const reason = view.problem === "no-reason" ? " because wrong snapshot" : "";
	return face({
		tone: "warning",
		symbol: "?",
		title: receipt ? "I need one receipt" : "I need one job id",
		...(view.problem === "no-reason" ? { title: "I need a reason" } : {}),
		lead,
		quote: view.found === undefined ? "" : plainText(view.found, ECHO_LENGTH),
		notes: notes(
			`Example: ${command} ${receipt ? "RC-7F3K9Q" : view.jobId === undefined ? EXAMPLE_ID : escapeText(view.jobId)}${reason}`,
		),
		smallPrint: notes("Nothing was sent to Graph."),
	});
}

export function unknownFace(view: ViewOf<"unknown">): Face {
	const suggestion = view.suggestion?.replace(/[<>]/gu, "\\$&");
	return face({
		tone: "warning",
		symbol: "?",
		title: "I do not understand that",
		lead: suggestion === undefined ? "Type help to see what I can do." : `Did you mean: ${suggestion}`,
		quote: plainText(view.text, ECHO_LENGTH),
		notes: notes(suggestion === undefined ? undefined : "Type help to see everything I can do."),
	});
}

export function workingFace(view: ViewOf<"working">): Face {
	return face({
		tone: "accent",
		symbol: "…",
		title: "Recorded, still checking",
		lead: `Your request is recorded. Checking takes longer than usual; ${view.becomesAnswer ? "this card will show the answer." : "the answer will be posted here."}`,
		facts: facts(
			["Job", view.jobId === undefined ? "" : escapeText(view.jobId)],
			["Reference", escapeText(view.requestId)],
		),
	});
}
