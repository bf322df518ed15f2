import type { Pen } from "./pen.js";
import { expand } from "./template.js";

/** A field for a person's own words, under which they come back as `comment`. */
export function commentField(label: string, missing: string | undefined, { words }: Pen): readonly object[] {
	const { body } = expand("form", {
		lines: [],
		inputId: "comment",
		label,
		placeholder: words.say("form.placeholder"),
		value: "",
		required: missing !== undefined,
		missing: missing ?? "",
		actions: [],
	}) as { readonly body: readonly object[] };
	return body;
}
