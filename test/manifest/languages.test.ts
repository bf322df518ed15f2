import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { validateLanguage } from "../../manifest/package.mjs";
import { LANGUAGES } from "../../src/cards/words.js";

const others = LANGUAGES.filter((language) => language !== "en");
/** What is typed is English in every language, and is not translated. */
const TYPED = /^bots\[0\]\.commandLists\[\d+\]\.commands\[\d+\]\.title$/u;
/** Letters that run the other way around Latin ones would tear apart what is to be typed, so that is isolated. */
const ISOLATES = /[\u2066\u2069]/gu;

const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"));

/** The texts of the manifest that people read, by the names that Microsoft's schema of translations gives them. */
function textsOf(value: unknown, path = ""): Record<string, string> {
	if (typeof value === "string")
		return /(?:^|\.)(?:short|full|title|description)$/u.test(path) ? { [path]: value } : {};
	if (value === null || typeof value !== "object") return {};
	const inner = Object.entries(value).map(([key, one]) =>
		textsOf(one, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
	);
	return Object.assign({}, ...inner);
}

describe("the manifest's texts in other languages", () => {
	let manifest: { readonly localizationInfo: { readonly additionalLanguages: unknown } };
	const texts = new Map<string, Record<string, string>>();
	beforeAll(async () => {
		manifest = await readJson("manifest/manifest.json");
		for (const language of others) texts.set(language, await readJson(`manifest/languages/${language}.json`));
	});

	it("are there for every language that cards speak, whatever the region", () => {
		expect(manifest.localizationInfo).toEqual({
			defaultLanguageTag: "en",
			additionalLanguages: others.map((language) => ({ languageTag: language, file: `${language}.json` })),
		});
	});

	it.each(others)("say everything in %s that the manifest says, and nothing else", (language) => {
		const { $schema, ...said } = texts.get(language) ?? {};
		const wanted = Object.keys(textsOf(manifest)).filter((key) => !TYPED.test(key));
		expect(Object.keys(said)).toEqual(wanted);
		expect(wanted).toHaveLength(15);
		expect($schema).toContain("/v1.30/MicrosoftTeams.Localization.schema.json");
		expect(Object.values(said).filter((text) => text.trim() === "")).toEqual([]);
	});

	it.each(others)("fit Microsoft's schema in %s, with its longest lengths", async (language) => {
		await validateLanguage(texts.get(language) ?? {}, language);
	});

	it.each(others)("say in %s what to type as in English", (language) => {
		const english = Object.entries(textsOf(manifest));
		const typed = (text: string) =>
			/: (.*)$/u.exec(text.replace(ISOLATES, ""))?.[1]?.replace(/<[^>]*>/gu, "<>");
		for (const [key, text] of english.filter(([key]) => /\.commands\[\d\]\.description$/u.test(key)))
			expect(typed(texts.get(language)?.[key] ?? "")).toBe(typed(text));
	});

	it.each([
		["name.short", 31],
		["name.full", 101],
		["description.short", 81],
		["composeExtensions[0].commands[0].title", 33],
		["composeExtensions[0].commands[0].parameters[0].description", 129],
	])("are refused when %s is longer than Teams takes", async (key, length) => {
		const long = { ...texts.get("de"), [key]: "x".repeat(length) };
		await expect(validateLanguage(long, "de.json")).rejects.toThrow("de.json does not fit");
		await validateLanguage({ ...long, [key]: "x".repeat(length - 1) }, "de.json");
	});

	it("are refused when they name what there is not", async () => {
		const more = { ...texts.get("de"), "bots[0].greeting": "Hallo" };
		await expect(validateLanguage(more, "de.json")).rejects.toThrow("schema");
	});
});
