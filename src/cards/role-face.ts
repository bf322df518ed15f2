import type { GroupNames, View } from "../app/views.js";
import type { Grant, Standing, StandingProblem } from "../core/person.js";
import { lacksRole, type RefusalRule, type Role } from "../core/policy.js";
import { openAdminCenter, press, showJobs, toggleDetails, tryAgain, whoami } from "./buttons.js";
import { commentField } from "./comment-field.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { shortId } from "./job-words.js";
import type { Pen } from "./pen.js";
import { moment } from "./times.js";
import { escapeText, personName } from "./user-text.js";
import { firstOf, type MessageKey, type Words } from "./words.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** Roles, groups or grants that a card names before it only counts them. */
const LISTED = 3;

/** A clear no: by which rule, and what would help. */
export function refusalFace(view: ViewOf<"refusal">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	if (view.rule === "unreadable-standing")
		return uncheckedFace({ ...view, view: "unchecked", problem: view.problem ?? "unavailable" }, pen);
	const cancel = view.permission === "cancel";
	const helps = lacksRole(view.rule);
	const scoped = names(view.scopedRoles, words);
	const at = moment(view.at, pen);
	const details = view.rule === "guest" ? notes(say("details.guestSteps")) : [];
	const asks = view.mayAsk === true && view.jobId !== undefined ? view.jobId : undefined;
	return face({
		tone: "attention",
		symbol: SYMBOLS.no,
		title: say(cancel ? "refusal.cancelTitle" : "refusal.viewTitle"),
		lead: refusalWords(view, pen),
		...subject(view.jobId, words),
		notes: notes(helps ? say("refusal.pim") : undefined),
		facts: facts(
			[say("facts.who"), personName(view.actor.name, words)],
			[say("facts.job"), view.jobId === undefined ? "" : escapeText(shortId(view.jobId))],
			[say("facts.whatAllows"), helps ? roleNames(view.grantingRoles, words) : "", "wide"],
			[
				say("facts.orGroup"),
				helps
					? listed(
							view.grantingGroups.map((id) => groupName(id, view.groupNames)),
							words,
						)
					: "",
				"wide",
			],
			[say("facts.doesNotCount"), view.rule === "scoped-role" ? "" : scoped, "wide"],
		),
		smallPrint: notes(say(cancel ? "refusal.nothingSent" : "refusal.recorded", { moment: at })),
		form: asks === undefined ? [] : commentField(say("approval.askWhy"), say("approval.askMissing"), pen),
		buttons: [
			...(asks === undefined
				? []
				: [press(say("approval.ask"), "ask-approval", asks, { style: "positive", withInputs: true })]),
			whoami(pen),
			openAdminCenter(pen),
			...(details.length > 0 ? [toggleDetails(pen)] : []),
		],
		details,
	});
}

export function refusalWords(
	view: Pick<ViewOf<"refusal">, "permission" | "scopedRoles"> & { readonly rule: RefusalRule },
	{ words }: Pen,
): string {
	const { say } = words;
	switch (view.rule) {
		case "other-tenant":
			return say("refusal.otherTenant");
		case "no-identity":
			return say("refusal.noIdentity");
		case "account-disabled":
			return say("refusal.accountDisabled");
		case "guest":
			return say("refusal.guest");
		case "scoped-role": {
			const roles = names(view.scopedRoles, words);
			return roles === ""
				? say("refusal.noRole", { permission: view.permission })
				: say("refusal.scopedRole", { roles });
		}
		case "no-role":
			return say("refusal.noRole", { permission: view.permission });
		case "unreadable-standing":
			return say("unchecked.unavailable");
	}
}

/** The directory gave no answer to go by: nobody was refused, and nothing was sent. */
export function uncheckedFace(
	view: Pick<ViewOf<"unchecked">, "view" | "problem" | "actor" | "at"> & {
		readonly asked?: ViewOf<"unchecked">["asked"];
		readonly permission?: ViewOf<"refusal">["permission"];
		readonly jobId?: string;
		readonly requestId?: string;
	},
	pen: Pen,
): Face {
	const { words } = pen;
	const { say } = words;
	const cancel = view.asked === "cancel" || view.permission === "cancel";
	const reference = view.requestId ?? "";
	const details = notes(
		view.problem === "forbidden" ? say("details.readRolesSteps") : undefined,
		reference === ""
			? undefined
			: say("details.code", { code: `role-${view.problem}`, id: escapeText(reference) }),
	);
	return face({
		tone: "warning",
		symbol: SYMBOLS.unclear,
		title: say("unchecked.title"),
		lead: say(cancel ? "unchecked.nothingSent" : "unchecked.nothingRead"),
		...subject(view.jobId, words),
		notes: notes(problemWords(view.problem, reference, pen)),
		facts: facts(
			[say("facts.who"), personName(view.actor.name, words)],
			[say("facts.job"), view.jobId === undefined ? "" : escapeText(shortId(view.jobId))],
		),
		buttons: [
			...(reference === "" ? [] : [tryAgain(pen, reference)]),
			openAdminCenter(pen),
			...(details.length > 0 ? [toggleDetails(pen)] : []),
		],
		details,
	});
}

const PROBLEMS: Readonly<Record<StandingProblem, MessageKey>> = {
	"not-found": "unchecked.notFound",
	forbidden: "unchecked.forbidden",
	throttled: "unchecked.throttled",
	timeout: "unchecked.timeout",
	unavailable: "unchecked.unavailable",
};

export function problemWords(problem: StandingProblem, reference: string, { words }: Pen): string {
	return words.say(PROBLEMS[problem], { reference: escapeText(shortId(reference)) });
}

/** Who somebody is to this bot, and why. */
export function standingFace(view: ViewOf<"standing">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	const { standing, why } = view;
	const who = [say("facts.who"), personName(view.actor.name, words)] as const;
	if (standing.kind === "unreadable") {
		const forbidden = standing.why === "forbidden";
		return face({
			tone: "warning",
			symbol: SYMBOLS.unclear,
			title: say("unchecked.title"),
			lead: problemWords(standing.why, "", pen),
			facts: facts(who),
			smallPrint: notes(say("whoami.notRead", { moment: moment(standing.at, pen) })),
			buttons: [
				press(say("buttons.checkAgain"), "show-whoami", "me"),
				forbidden ? toggleDetails(pen) : openAdminCenter(pen),
			],
			details: notes(forbidden ? say("details.readRolesSteps") : undefined),
		});
	}
	const grants = standing.grants.map((grant) => grantWords(grant, view.groupNames, words));
	const scoped = standing.scopedRoles.map(({ roleName, scope }) =>
		say("whoami.scoped", { role: escapeText(roleName), scope: escapeText(scope) }),
	);
	const scopedRoles = standing.scopedRoles.map(({ roleName }) => roleName);
	const helps = !view.mayCancel && lacksRole(why);
	return face({
		tone: view.mayCancel ? "good" : view.mayView ? "accent" : "attention",
		symbol: view.mayCancel || view.mayView ? SYMBOLS.yes : SYMBOLS.no,
		title: say(
			view.mayCancel ? "whoami.cancelTitle" : view.mayView ? "whoami.viewTitle" : "whoami.noneTitle",
		),
		lead: why === undefined ? "" : refusalWords({ rule: why, permission: "cancel", scopedRoles }, pen),
		facts: facts(
			who,
			[say("facts.account"), say(accountKey(standing))],
			[
				say("facts.becauseOf"),
				grants.length > 0 ? listed(grants, words) : view.mayView ? "" : say("whoami.nothing"),
				"wide",
			],
			[say("facts.doesNotCount"), listed(scoped, words), "wide"],
			[say("facts.whatAllows"), helps ? roleNames(view.grantingRoles, words) : "", "wide"],
		),
		smallPrint: notes(say("whoami.read", { moment: moment(standing.at, pen) })),
		buttons: view.mayView || view.mayCancel ? [showJobs(pen)] : [openAdminCenter(pen)],
	});
}

function accountKey({
	accountEnabled,
	guest,
}: Pick<Extract<Standing, { kind: "read" }>, "accountEnabled" | "guest">): MessageKey {
	if (accountEnabled) return guest ? "whoami.enabledGuest" : "whoami.enabledMember";
	return guest ? "whoami.disabledGuest" : "whoami.disabledMember";
}

export function grantWords(grant: Grant, names: GroupNames | undefined, { say }: Words): string {
	if (grant.by === "group") return say("whoami.group", { group: groupName(grant.groupId, names) });
	const role = escapeText(grant.roleName);
	return grant.viaGroupId === undefined
		? say("whoami.role", { role })
		: say("whoami.roleThrough", { role, group: groupName(grant.viaGroupId, names) });
}

/** A group by its name, where that is known. */
function groupName(id: string, names: GroupNames | undefined): string {
	return escapeText(names?.[id] ?? id);
}

/** Roles that would help, by name. */
export function roleNames(roles: readonly Role[], words: Words): string {
	return names(
		roles.map(({ name }) => name),
		words,
	);
}

function names(all: readonly string[], words: Words): string {
	return listed(
		all.map((name) => escapeText(name)),
		words,
	);
}

function listed(items: readonly string[], words: Words): string {
	return words.list(firstOf(items, LISTED, words));
}

function subject(jobId: string | undefined, { say }: Words): { subject?: string } {
	return jobId === undefined ? {} : { subject: say("summary.job", { id: shortId(jobId) }) };
}
