import { readFileSync } from "node:fs";
import { Template } from "adaptivecards-templating";

/** The templates in /cards: the one layout of all cards, and the form that opens on them. */
export type TemplateName = "card" | "form";

/** Seen from src/cards and from dist/cards alike. */
const FOLDER = new URL("../../cards/", import.meta.url);
const templates = new Map<TemplateName, Template>();

/** Fills a template, which is parsed once. Text in `data` is never read as a template itself. */
export function expand(name: TemplateName, data: object): object {
	let template = templates.get(name);
	if (!template) {
		template = new Template(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")));
		templates.set(name, template);
	}
	return template.expand({ $root: data }) as object;
}
