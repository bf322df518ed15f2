import type { RecoveryJob } from "../core/job.js";
import { type Action, press } from "./buttons.js";
import { notes } from "./face.js";
import { appliedWords, shortId } from "./job-words.js";
import type { Pen } from "./pen.js";
import { expand } from "./template.js";
import { moment } from "./times.js";
import { escapeText } from "./user-text.js";

/** The form in which a cancel is confirmed, alike on every card: what is stopped, how far it is, and why. */
export interface CancelForm {
	readonly body: readonly object[];
	/** The press that cancels. */
	readonly actions: readonly Action[];
	/** The button that opens the form. */
	opens(title: string): Action;
}

/**
 * @param how `inputId` is the name under which the reason comes back: `reason`, and in a list one for each row
 */
export function cancelForm(
	job: RecoveryJob,
	how: {
		readonly verb: "cancel-job" | "cancel-listed-job" | "cancel-incident-job";
		readonly inputId: string;
		readonly reasonRequired?: boolean;
		readonly offered?: { readonly reason?: string };
	},
	pen: Pen,
): CancelForm {
	const { words } = pen;
	const { say } = words;
	const id = shortId(job.id);
	const target = moment(job.targetStateAt, pen);
	const required = how.reasonRequired === true;
	const card = expand("form", {
		lines: notes(
			say("form.lead", { kind: job.kind, id: escapeText(id) }),
			target === "" ? undefined : say("form.restores", { moment: target }),
			job.kind === "preview" ? undefined : appliedWords(job.counts, words),
		),
		inputId: how.inputId,
		label: say(required ? "form.reasonRequired" : "form.reason"),
		placeholder: say("form.placeholder"),
		value: how.offered?.reason ?? "",
		multiline: true,
		required,
		missing: say("form.reasonMissing"),
		actions: [
			press(say("buttons.confirmCancel", { kind: job.kind, id }), how.verb, job.id, {
				style: "destructive",
				withInputs: true,
			}),
		],
	}) as { readonly body: readonly object[]; readonly actions: readonly Action[] };
	return {
		body: card.body,
		actions: card.actions,
		opens: (title) => ({ type: "Action.ShowCard", title, card }),
	};
}
