import { IntlMessageFormat } from "intl-messageformat";
import { accented } from "./pseudo-locale.js";
import ar from "./words/ar.json" with { type: "json" };
import de from "./words/de.json" with { type: "json" };
import en from "./words/en.json" with { type: "json" };
import es from "./words/es.json" with { type: "json" };
import fr from "./words/fr.json" with { type: "json" };
import ja from "./words/ja.json" with { type: "json" };

/** The words of all cards in one language: a group for each card, a message for each thing that it says. */
export type Catalog = typeof en;

/** A message by its group and name, such as `jobs.title`. One that the English catalog lacks is a type error. */
export type MessageKey = {
	[Card in keyof Catalog]: `${Card}.${keyof Catalog[Card] & string}`;
}[keyof Catalog];

/** What fills the gaps of a message. Text of a person comes in here and nowhere else, cleaned and escaped. */
export type Values = Readonly<Record<string, string | number>>;

/** Everything that depends on the language. */
export interface Words {
	/** The language of these words, as a BCP 47 tag. */
	readonly lang: string;
	readonly rightToLeft: boolean;
	/** A message, with its gaps filled. Values are text: nothing in them is read as a message. */
	say(key: MessageKey, values?: Values): string;
	/** Several things as one enumeration, such as `a, b, and c`. */
	list(items: readonly string[]): string;
	/** People who are spoken to, such as `a, b`. */
	callees(names: readonly string[]): string;
	/** Several things with commas of their own, such as `a, b; c`. */
	series(items: readonly string[]): string;
	/** Sentences one after the other; empty ones are left out. */
	sentences(...parts: readonly string[]): string;
	/** Lines without a full stop, such as a title, and what follows them, as one text; empty ones are left out. */
	inOneLine(...lines: readonly string[]): string;
	/** Something to type as it is, in Latin letters: kept in one piece among letters that run the other way. */
	literal(text: string): string;
	/** A time that passed, in its two largest units, such as `4 min 10 sec`. */
	duration(ms: number): string;
	/** A moment for plain text, where no client can show it in the reader's own zone. */
	utc(moment: Date, shown: "time" | "date and time"): string;
}

/** Microsoft's tag for text that is English with accents: whatever stays plain on a card is no message. */
const PSEUDO = "qps-ploc";

const CATALOGS: ReadonlyMap<string, Catalog> = new Map([
	["en", en],
	["de", de],
	["fr", fr],
	["es", es],
	["ja", ja],
	["ar", ar],
]);
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar"]);
/** Sentences follow each other without a space. */
const UNSPACED: ReadonlySet<string> = new Set(["ja"]);
/** Languages with a comma and a semicolon of their own. */
const MARKS: ReadonlyMap<string, { readonly comma: string; readonly semicolon: string }> = new Map([
	["ar", { comma: "، ", semicolon: "؛ " }],
	["ja", { comma: "、", semicolon: "；" }],
]);
/** A question needs no full stop. */
const ASKS = /[?\u061F]$/u;
/** How numbers and times are written, where that is not the language's own tag: ids and receipts are Latin, too. */
const FORMATS: ReadonlyMap<string, string> = new Map([
	["ar", "ar-u-nu-latn"],
	[PSEUDO, "en"],
]);

/** The languages in which cards can speak. */
export const LANGUAGES: readonly string[] = [...CATALOGS.keys()];

const made = new Map<string, Words>();

/** The words for a locale as Teams sends it: that of the locale, else its language, else English. */
export function wordsFor(locale: string | undefined): Words {
	const tag = (locale ?? "").toLowerCase().replaceAll("_", "-");
	const known = [tag, tag.split("-", 1)[0] ?? ""].find((one) => CATALOGS.has(one) || one === PSEUDO) ?? "en";
	const words = made.get(known) ?? createWords(known, CATALOGS.get(known) ?? en);
	made.set(known, words);
	return words;
}

/** The first of many things, and how many more there are. */
export function firstOf(
	items: readonly string[],
	most: number,
	{ say }: Pick<Words, "say">,
): readonly string[] {
	const more = items.length - most;
	return more > 0 ? [...items.slice(0, most), say("facts.more", { count: more })] : items;
}

/** Each message is parsed once, when it is first said. */
function createWords(lang: string, catalog: Catalog): Words {
	const locale = FORMATS.get(lang) ?? lang;
	const parsed = new Map<MessageKey, IntlMessageFormat>();
	const parse = (key: MessageKey) => {
		const [card = "", name = ""] = key.split(".");
		const text = (catalog as Record<string, Record<string, string>>)[card]?.[name] ?? key;
		const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
		return lang === PSEUDO ? new IntlMessageFormat(accented(message.getAst()), locale) : message;
	};
	const items = new Intl.ListFormat(locale, { type: "conjunction" });
	const parts = new Intl.ListFormat(locale, { type: "unit", style: "narrow" });
	const units = new Map(
		UNITS.map(([, unit]) => [
			unit,
			new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }),
		]),
	);
	const inUtc = { timeZone: "UTC", timeStyle: "short" } as const;
	const utc = {
		time: new Intl.DateTimeFormat(locale, inUtc),
		"date and time": new Intl.DateTimeFormat(locale, { ...inUtc, dateStyle: "medium" }),
	};
	const marks = MARKS.get(lang) ?? { comma: ", ", semicolon: "; " };
	const stop = UNSPACED.has(lang) ? "。" : ". ";
	return {
		lang,
		rightToLeft: RIGHT_TO_LEFT.has(lang),
		say(key, values = {}) {
			const message = parsed.get(key) ?? parse(key);
			parsed.set(key, message);
			return String(message.format({ ...values }));
		},
		sentences: (...parts) => parts.filter((part) => part !== "").join(UNSPACED.has(lang) ? "" : " "),
		inOneLine: (...lines) =>
			lines
				.filter((line) => line !== "")
				.map((line, at, { length }) => (at === length - 1 ? line : line + (ASKS.test(line) ? " " : stop)))
				.join(""),
		literal: (text) => (RIGHT_TO_LEFT.has(lang) ? `\u2066${text}\u2069` : text),
		list: (things) => items.format(things),
		callees: (names) => names.join(marks.comma),
		series: (things) => things.join(marks.semicolon),
		duration: (ms) => parts.format(inUnits(ms).map(([count, unit]) => units.get(unit)?.format(count) ?? "")),
		utc: (moment, shown) => `${utc[shown].format(moment)} UTC`,
	};
}

/** A name of the source, such as `too-late`, as it stands for a branch of a message. */
export function branch(name: string): string {
	return name.replace(/-(.)/gu, (_, letter: string) => letter.toUpperCase());
}

const UNITS = [
	[86_400, "day"],
	[3_600, "hour"],
	[60, "minute"],
	[1, "second"],
] as const;
type Unit = (typeof UNITS)[number][1];

function inUnits(ms: number): [number, Unit][] {
	let seconds = Math.max(1, Math.round(ms / 1_000));
	const parts: [number, Unit][] = [];
	for (const [size, unit] of UNITS) {
		const count = Math.floor(seconds / size);
		seconds -= count * size;
		if (count > 0) parts.push([count, unit]);
		else if (parts.length > 0) break;
		if (parts.length === 2) break;
	}
	return parts;
}
