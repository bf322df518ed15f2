import { Template } from "adaptivecards-templating";
import card from "../../cards/card.json" with { type: "json" };
import form from "../../cards/form.json" with { type: "json" };

/** The templates in /cards: the one layout of all cards, and the form that opens on them. */
const TEMPLATES = { card, form };
export type TemplateName = keyof typeof TEMPLATES;

const parsed = new Map<TemplateName, Template>();

/** Fills a template, which is parsed once. Text in `data` is never read as a template itself. */
export function expand(name: TemplateName, data: object): object {
	const template = parsed.get(name) ?? new Template(TEMPLATES[name]);
	parsed.set(name, template);
	return template.expand({ $root: data }) as object;
}
