import type { Pen } from "./pen.js";
import { expand } from "./template.js";

/**
 * A field for a person's own words, under which they come back as `comment`: a reason, for which there is an example, or
 * a comment of one line, which takes less of the card.
 *
 * @param missing what is said when it is empty; nothing where it may be
 */
export function commentField(label: string, missing: string | undefined, { words }: Pen): readonly object[] {
	const required = missing !== undefined;
	const { body } = expand("form", {
		lines: [],
		inputId: "comment",
		label,
		placeholder: required ? words.say("form.placeholder") : "",
		value: "",
		multiline: required,
		required,
		missing: missing ?? "",
		actions: [],
	}) as { readonly body: readonly object[] };
	return body;
}
