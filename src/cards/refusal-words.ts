import type { StandingProblem } from "../core/person.js";
import type { Permission, RefusalRule } from "../core/policy.js";

/** Why the rule refused, as one or two sentences. */
export function refusalWords(rule: RefusalRule, permission: Permission, problem?: StandingProblem): string {
	const what = permission === "cancel" ? "cancel jobs" : "see jobs";
	switch (rule) {
		case "other-tenant":
			return "This bot serves another organisation than the one you are writing from.";
		case "no-identity":
			return "Teams did not say who you are in Microsoft Entra, so your role cannot be checked. Sign in with your work account.";
		case "account-disabled":
			return "Your account is disabled in Microsoft Entra.";
		case "guest":
			return "Guest accounts may not act through this bot, whatever roles they hold. Its operator can change that (ALLOW_GUESTS).";
		case "scoped-role":
			return `You hold a role that may ${what}, but only for a part of the organisation. It counts when it is assigned for the whole directory.`;
		case "no-role":
			return `You do not hold a role that may ${what}.`;
		case "unreadable-standing":
			return `Your role could not be checked: ${problemWords(problem)} Without a role seen just now, the answer is no.`;
	}
}

export function problemWords(problem: StandingProblem | undefined): string {
	switch (problem) {
		case "not-found":
			return "your account was not found in this organisation's directory.";
		case "forbidden":
			return "the directory did not let this bot look. Its operator must grant RoleManagement.Read.Directory, User.Read.All and GroupMember.Read.All, and check its secret or certificate.";
		case "throttled":
			return "the directory asked this bot to slow down. Ask again in a minute.";
		case "timeout":
			return "the directory did not answer in time. Ask again in a minute.";
		case "unavailable":
		case undefined:
			return "the directory gave no usable answer. Ask again in a minute.";
	}
}
