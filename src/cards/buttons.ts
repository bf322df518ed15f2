import type { Pen } from "./pen.js";

/** Version of the data that our buttons carry. */
const DATA_VERSION = 1;

/** An action of Adaptive Cards, ready for a card. */
export type Action = Readonly<Record<string, unknown>> & { readonly type: string; readonly title: string };

/** What a pressed button asks for; `id` in its data says of which job or request. */
export type Verb =
	/** On a card of one job, which becomes the live card. */
	| "cancel-job"
	/** In a list, which stays a list. */
	| "cancel-listed-job"
	/** Read again, in place of the pressed card. */
	| "check-job"
	| "refresh-jobs"
	| "try-again"
	/** The page after the one on which it stands, in its place; `id` is the request that the card answers. */
	| "next-history"
	/** As a new message. */
	| "show-job"
	/** The same, from a card in somebody's own message; says so where the bot cannot post. */
	| "post-job"
	| "show-jobs"
	| "show-whoami"
	| "show-help"
	| "ask-approval"
	| "approve"
	| "reject"
	| "withdraw"
	| "acknowledge-review"
	| "refresh-approval"
	/** On cards of whoever is on call; the version is how often the job had changed hands. */
	| "take-incident"
	/** The id is the job's. */
	| "unfollow"
	| "release-incident"
	| "take-handover"
	/** On such a card, which stays what it is. */
	| "cancel-incident-job";

interface Look {
	readonly style?: "positive" | "destructive";
	/** Takes along what was written into the fields of the card; any other button works while they are empty, too. */
	readonly withInputs?: boolean;
	/** What the card showed, where that may have changed since. */
	readonly version?: number;
}

/** A button that comes back to the bot, as a message from clients that are too old for anything else. */
export function press(title: string, verb: Verb, id: string, look: Look = {}): Action {
	const { version = DATA_VERSION, withInputs = false, ...style } = look;
	const data = { id, version };
	const common = { title, ...style, associatedInputs: withInputs ? "auto" : "none" };
	return {
		type: "Action.Execute",
		verb,
		...common,
		data,
		fallback: { type: "Action.Submit", ...common, data: { ...data, verb } },
	};
}

export function showJob({ words }: Pen, jobId: string): Action {
	return press(words.say("buttons.showJob"), "show-job", jobId);
}

export function showJobs({ words }: Pen): Action {
	return press(words.say("buttons.showJobs"), "show-jobs", "jobs");
}

export function whoami({ words }: Pen): Action {
	return press(words.say("buttons.whoami"), "show-whoami", "me");
}

export function help({ words }: Pen): Action {
	return press(words.say("buttons.help"), "show-help", "help");
}

/** Repeats the request, for the person who asked. */
export function tryAgain({ words }: Pen, requestId: string): Action {
	return press(words.say("buttons.tryAgain"), "try-again", requestId);
}

export function openAdminCenter({ words, adminCenterUrl }: Pen): Action {
	return { type: "Action.OpenUrl", title: words.say("buttons.adminCenter"), url: adminCenterUrl };
}

/** Shows and hides what few people need. */
export function toggleDetails({ words }: Pen): Action {
	return {
		type: "Action.ToggleVisibility",
		title: words.say("buttons.details"),
		targetElements: ["details"],
	};
}
