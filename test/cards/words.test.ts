import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { IntlMessageFormat } from "intl-messageformat";
import { drawFound, notHereWords } from "../../src/cards/found-jobs.js";
import { drawCard, renderCard } from "../../src/cards/render-card.js";
import { unknownButtonWords } from "../../src/cards/reply-face.js";
import { LANGUAGES, type MessageKey, type Words, wordsFor } from "../../src/cards/words.js";
import { draw, job } from "./fixtures.js";
import { rareViews } from "./rare-states.js";
import { views } from "./states.js";

type Catalog = Readonly<Record<string, Readonly<Record<string, string>>>>;

const FOLDER = new URL("../../src/cards/words/", import.meta.url);
const catalogs = new Map<string, Catalog>(
	readdirSync(FOLDER).map((file) => [
		file.replace(".json", ""),
		JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")),
	]),
);
const flat = (catalog: Catalog) =>
	Object.entries(catalog).flatMap(([card, messages]) =>
		Object.entries(messages).map(([name, text]) => [`${card}.${name}`, text] as [string, string]),
	);
const english = new Map(flat(catalogs.get("en") ?? {}));
const others = [...catalogs].filter(([language]) => language !== "en");

type Ast = ReturnType<IntlMessageFormat["getAst"]>;
const TYPES = { argument: 1, number: 2, select: 5, plural: 6 };

/** What a message takes: the gaps, what is counted, and what is chosen from. */
function gapsOf(ast: Ast): string[] {
	return ast.flatMap((element) => {
		if (!("value" in element) || element.type === 0) return [];
		const inner =
			"options" in element ? Object.values(element.options).flatMap(({ value }) => gapsOf(value)) : [];
		const name = String(element.value);
		if (element.type === TYPES.select && "options" in element)
			return [`${name}: ${Object.keys(element.options).sort().join(", ")}`, ...inner];
		// A language without plural forms may write the number alone, so both count as a number.
		return [element.type === TYPES.argument ? name : `${name}, a number`, ...inner];
	});
}

const gaps = (text: string, language: string) =>
	[...new Set(gapsOf(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst()))].sort();

/** Every count of which a language has forms: an Arabic noun has six. */
function missingForms(ast: Ast, language: string): string[] {
	const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
	return ast.flatMap((element) => {
		if (!("options" in element)) return [];
		const there = Object.keys(element.options);
		// "one" is 1 in these languages, or a number that is not counted so.
		const missing =
			element.type === TYPES.plural
				? forms.filter((form) => !there.includes(form) && !(form === "one" && there.includes("=1")))
				: [];
		return [
			...missing,
			...Object.values(element.options).flatMap(({ value }) => missingForms(value, language)),
		];
	});
}

/** Counts as large as a million: only then does French or Spanish say "many". */
const RARE: ReadonlySet<string> = new Set(["many"]);
const rareIn = (language: string) => (language === "fr" || language === "es" ? RARE : new Set<string>());

/** What a search may come to. */
const searches = [
	{ kind: "found", jobs: [job(), job({ status: "failed", endedAt: "2026-11-23T03:00:00Z" })] },
	...(["not-found", "refused", "unchecked", "unavailable"] as const).map((kind) => ({ kind })),
] as const;

describe("the catalog of English", () => {
	it("has no message that no card says, and no card says one that it lacks", () => {
		const said = new Set<string>();
		const words = wordsFor("en");
		const listening: Words = {
			...words,
			say(key, values) {
				said.add(key);
				return words.say(key, values);
			},
		};
		const pen = {
			words: listening,
			now: new Date("2026-11-23T03:05:00Z"),
			adminCenterUrl: "https://a.example/",
		};
		for (const view of [...views.map(([, one]) => one), ...rareViews]) drawCard(view, pen);
		for (const found of searches) drawFound(found, pen);
		notHereWords(pen);
		unknownButtonWords(pen);
		expect([...said].filter((key) => !english.has(key))).toEqual([]);
		expect([...english.keys()].filter((key) => !said.has(key))).toEqual([]);
	});

	it("is what every card says, and nothing beside it", () => {
		const plain = /(?:^|[\s(“])(?:the|and|not|was|is|you|job|Graph|of)(?=$|[\s).,:”])/u;
		const leaks = views.flatMap(([name, view]) => {
			const { summary } = draw(view, { locale: "qps-ploc" });
			// Commands are understood in English alone.
			const said = summary.replace(/(?:cancel job|ask approval|can i cancel)\b.*/u, "");
			return plain.test(said) ? [`${name}: ${said}`] : [];
		});
		expect(leaks).toEqual([]);
	});
});

describe("the other languages", () => {
	it("are all spoken whose catalogs are there", () => {
		expect([...LANGUAGES].sort()).toEqual([...catalogs.keys()].sort());
	});

	it.each([...others, ["en", catalogs.get("en") ?? {}] as const])(
		"%s has the same messages as English, with the same gaps",
		(language, catalog) => {
			const translated = new Map(flat(catalog));
			expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
			const differing = [...english].filter(
				([key, text]) =>
					JSON.stringify(gaps(translated.get(key) ?? "", language)) !== JSON.stringify(gaps(text, "en")),
			);
			expect(differing.map(([key]) => key)).toEqual([]);
		},
	);

	it.each([...catalogs])("%s has every plural form that its numbers take", (language, catalog) => {
		const lacking = flat(catalog).flatMap(([key, text]) => {
			const message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
			return missingForms(message.getAst(), language)
				.filter((form) => !rareIn(language).has(form))
				.map((form) => `${key}: ${form}`);
		});
		expect(lacking).toEqual([]);
	});

	it.each([...others.map(([language]) => language), "qps-ploc"])(
		"%s draws every card, and marks it so",
		(locale) => {
			for (const [, view] of views) {
				// Files are cards of Teams itself.
				if (view.view === "file-offer" || view.view === "file-sent") continue;
				const { card, summary } = draw(view, { locale });
				// What Teams asks before it takes a file is a form of its own, with words but without a language.
				if ("type" in card) expect(card).toMatchObject({ lang: locale, rtl: locale === "ar" });
				expect(JSON.stringify(card)).not.toMatch(/\$\{|undefined|NaN|\[object/u);
				expect(summary.length).toBeGreaterThan(3);
			}
		},
	);
});

describe("the words for a locale", () => {
	it.each([
		["en-GB", "en"],
		["en", "en"],
		["EN_us", "en"],
		["xx-YY", "en"],
		["", "en"],
		[undefined, "en"],
		["qps-ploc", "qps-ploc"],
	])("%j are those of %s", (locale, language) => {
		expect(wordsFor(locale).lang).toBe(language);
	});

	it("are made once", () => {
		expect(wordsFor("en-GB")).toBe(wordsFor("en"));
	});

	it("of a card of a cancellation are the asker's, and of anything else the conversation's", () => {
		const drawing = { now: new Date(), adminCenterUrl: "https://a.example/", locale: "en" };
		const live = views.find(([, { view }]) => view === "live")?.[1];
		if (live?.view !== "live") throw new Error("no live card among the states");
		const askers = live.cancellation.askers.map((asker) => ({ ...asker, locale: "qps-ploc" }));
		const record = { ...live.cancellation, askers };
		const lang = (conversationKey: string) =>
			renderCard({ view: "live", cancellation: record, conversationKey }, drawing).card;
		expect(lang("chat")).toMatchObject({ lang: "qps-ploc" });
		expect(lang("elsewhere")).toMatchObject({ lang: "en" });
	});
});

describe("a message", () => {
	const { say, list, sentences } = wordsFor("en");

	it("never reads what fills its gaps as a message, and needs all of it", () => {
		expect(say("outcome.rejectedBy", { name: "{name} # '{" })).toBe("{name} # '{ rejected it.");
		expect(() => say("outcome.rejectedBy")).toThrow("name");
	});

	it("that is not there is shown by its key rather than failing a card", () => {
		expect(say("no.such" as MessageKey)).toBe("no.such");
	});

	it("keeps what is to be typed in one piece where letters run from right to left, and is plain elsewhere", () => {
		expect(wordsFor("ar").literal("status <id>")).toBe("\u2066status <id>\u2069");
		expect(wordsFor("en").literal("status <id>")).toBe("status <id>");
	});

	it("counts", () => {
		expect(say("jobs.title", { count: 0 })).toBe("No job is running");
		expect(say("jobs.title", { count: 1 })).toBe("1 job is running");
		expect(say("jobs.title", { count: 1_000 })).toBe("1,000 jobs are running");
	});

	it("stands in enumerations and after others", () => {
		expect(list([])).toBe("");
		expect(list(["a", "b", "c"])).toBe("a, b, and c");
		expect(sentences("A.", "", "B.")).toBe("A. B.");
	});

	it("is set apart from other things by the marks of its language", () => {
		const read = (language: string) => [
			wordsFor(language).callees(["a", "b"]),
			wordsFor(language).series(["a", "b"]),
		];
		expect(read("de")).toEqual(["a, b", "a; b"]);
		expect(read("ja")).toEqual(["a、b", "a；b"]);
		expect(read("ar")).toEqual(["a، b", "a؛ b"]);
	});

	it("stands in one line with its title, which a question closes by itself", () => {
		const read = (language: string, ...lines: string[]) => wordsFor(language).inOneLine(...lines);
		expect(read("en", "A", "", "B", "C.")).toBe("A. B. C.");
		expect(read("en", "A?", "B")).toBe("A? B");
		expect(read("ar", "أ؟", "ب")).toBe("أ؟ ب");
		expect(read("ja", "あ", "い?", "う。")).toBe("あ。い? う。");
	});
});
