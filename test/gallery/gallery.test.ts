import { copyFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { CONTACT_SHEET, type Drawn, drawGallery } from "./draw-gallery.js";
import { EXCEPTIONS, isExcepted, type Rule } from "./exceptions.js";

const DRAW_LIMIT_MS = 900_000;
/** Two thirds of the screen of a small telephone; a card that is opened may take more. */
const TALLEST = 480;
const LONGEST_FIRST_LINE = 60;
/** What translations may take, since they are longer than English by up to a third. */
const TALLEST_TRANSLATION = 600;
const LONGEST_FIRST_LINE_TRANSLATED = 80;

describe("every card in every state, as Teams draws it", () => {
	let drawn: readonly Drawn[];
	beforeAll(async () => {
		drawn = await drawGallery();
		if (process.env.UPDATE_README_PICTURE) await copyFile(CONTACT_SHEET, "docs/cards.png");
	}, DRAW_LIMIT_MS);

	/** What is wrong with a card by each rule that has exceptions; nothing when all is well. */
	const complaints: Readonly<Record<Rule, (card: Drawn) => readonly string[]>> = {
		height: ({ locale, width, opened, height }) => {
			const tallest = locale === "en" ? TALLEST : TALLEST_TRANSLATION;
			return width === "narrow" && !opened && height >= tallest ? [`${height} px`] : [];
		},
		clipped: ({ clipped }) => clipped,
		names: ({ names }) =>
			names.filter((name, index) => /^\S+ *$/u.test(name) || names.indexOf(name) !== index),
	};

	const wrong = (complain: (card: Drawn) => readonly string[], cards = drawn) =>
		cards.flatMap((card) => {
			const { state, opened, locale, theme, width } = card;
			const what = complain(card);
			const where = `${state}${opened ? ", opened" : ""} (${locale}, ${theme}, ${width})`;
			return what.length === 0 ? [] : [`${where}: ${what.join("; ")}`];
		});
	const wrongBy = (rule: Rule) =>
		wrong(
			complaints[rule],
			drawn.filter((card) => !isExcepted(rule, card)),
		);

	it("is there", () => {
		expect(drawn.length).toBeGreaterThan(500);
		expect(drawn.filter(({ text }) => text.trim().length < 10)).toEqual([]);
	});

	it(`is less than ${TALLEST} px high where it is 320 px wide, before anything is opened`, () => {
		expect(wrongBy("height")).toEqual([]);
	});

	it("cuts nothing off, and lets nothing stick out", () => {
		expect(wrongBy("clipped")).toEqual([]);
	});

	it("has a contrast of 4.5 to 1 or more in every text, light and dark", () => {
		expect(wrong(({ faint }) => faint.map(({ text, ratio }) => `${text} ${ratio}`))).toEqual([]);
	});

	it("gives each button, link and input a name that no other one has", () => {
		expect(wrongBy("names")).toEqual([]);
	});

	it(`says the most important in a first line of less than ${LONGEST_FIRST_LINE} characters`, () => {
		const length = (text: string) => [...new Intl.Segmenter().segment(text)].length;
		expect(
			wrong(({ locale, firstLine }) => {
				const longest = locale === "en" ? LONGEST_FIRST_LINE : LONGEST_FIRST_LINE_TRANSLATED;
				return firstLine !== "" && length(firstLine) < longest ? [] : [`“${firstLine}”`];
			}),
		).toEqual([]);
	});

	it("leaves neither markup nor a client's function to be read", () => {
		expect(wrong(({ text }) => text.match(/\{\{|\}\}|\\|<\/?at>/gu) ?? [])).toEqual([]);
	});

	it("breaks a rule only where that is known, and every known case is one still", () => {
		const needed = EXCEPTIONS.filter(({ rule, state }) =>
			drawn.some((card) => state.test(card.state) && complaints[rule](card).length > 0),
		);
		expect(EXCEPTIONS.filter((one) => !needed.includes(one))).toEqual([]);
	});
});
