import { mkdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../../manifest/chromium.mjs";
import type { View } from "../../src/app/views.js";
import { LANGUAGES } from "../../src/cards/words.js";
import { draw } from "../cards/fixtures.js";
import { drawFoundCard, foundJobs } from "../cards/found-states.js";
import { views } from "../cards/states.js";
import { indexPage, type Picture } from "./index-page.js";
import { hostConfig, THEMES, type Theme } from "./teams-look.js";

/** Where the gallery is kept; ignored by git. */
const GALLERY = "gallery";
export const CONTACT_SHEET = join(GALLERY, "contact-sheet.png");
/** The states on the contact sheet, in columns: what somebody sees first of this bot. */
const SHEET = [
	["jobs: one", "live: stopping"],
	['follow-up: {"state":"abandoned"}', "refusal: no-role cancel"],
	['follow-up: {"state":"too-late","jobEnd":"successful"}', "job: running"],
	['follow-up: {"state":"refused","why":{"by":"graph","code":"forbidden"}}', "malformed: cancel no-id"],
] as const;
/** Every language, that in which the cards are written first; and English that is as long as a translation. */
const LOCALES = [...new Set(["en", ...LANGUAGES, "qps-ploc"])];

/** 320 px, as on a small telephone, and 600 px, as in a chat on a desk. */
const WIDTHS = ["narrow", "wide"] as const;
const LOOKS = THEMES.flatMap((theme) =>
	WIDTHS.map((width) => ({ theme, width, hostConfig: hostConfig(theme) })),
);
type Look = (typeof LOOKS)[number];
/** A language changes no colour, so that half of the looks show all there is to see. */
const LOOKS_OF_TRANSLATIONS = LOOKS.filter(
	({ theme, width }) => (theme === "light") === (width === "narrow"),
);
/** All looks beside each other; it grows with what is drawn. */
const VIEWPORT = { width: 1_840, height: 2_400 };
/** How many rows are drawn at once, which is quicker than one by one. */
const ROWS = 6;
const TIME_ZONE = "America/Los_Angeles";

const STYLES = ["node_modules/adaptivecards/dist/adaptivecards.css", "test/gallery/page/teams.css"];
const SCRIPTS = [
	"node_modules/adaptivecards/dist/adaptivecards.min.js",
	"node_modules/markdown-it/dist/browser/markdown-it.umd.min.js",
	"test/gallery/page/draw-cards.js",
	"test/gallery/page/measure-cards.js",
];

/** What one drawn card is like. */
export interface Drawn extends Measured {
	readonly state: string;
	/** Whether what its buttons reveal is shown. */
	readonly opened: boolean;
	readonly locale: string;
	readonly theme: Theme;
	readonly width: (typeof WIDTHS)[number];
}

/** What `page/measure-cards.js` finds. */
interface Measured {
	/** In CSS pixels. */
	readonly height: number;
	readonly firstLine: string;
	readonly text: string;
	/** Parts that are cut off, or stick out of the card. */
	readonly clipped: readonly string[];
	/** Texts whose contrast is below 4.5 to 1. */
	readonly faint: readonly { readonly text: string; readonly ratio: number }[];
	/** Role and accessible name of everything that can be pressed or filled in. */
	readonly names: readonly string[];
}

/** A card to be drawn; one whose buttons reveal something is drawn a second time, opened. */
interface Row {
	readonly state: string;
	readonly view: string;
	readonly card: object;
	readonly opened: boolean;
}

/** What is drawn at once and becomes one picture: some states of a view, one below the other. */
interface Sheet {
	readonly locale: string;
	readonly rows: readonly Row[];
}

/** Where something is on the page. */
type Box = Readonly<Record<"x" | "y" | "width" | "height", number>>;

/** What the scripts in `page` add to it. */
interface InPage {
	opens(card: object): boolean;
	drawCards(rows: readonly Row[], looks: readonly Look[]): Box;
	drawColumns(columns: readonly (readonly { card: object; look: Look | undefined }[])[]): Box;
	measureCards(): readonly Measured[];
}

/**
 * Draws every card in every state, look and language with Microsoft's renderer, and keeps the pictures and a page of
 * them in the gallery.
 */
export async function drawGallery(): Promise<readonly Drawn[]> {
	await rm(GALLERY, { recursive: true, force: true });
	for (const locale of LOCALES) await mkdir(join(GALLERY, locale), { recursive: true });
	const browser = await chromium.launch(CHROMIUM);
	try {
		const pages = await Promise.all(Array.from({ length: availableParallelism() }, () => openPage(browser)));
		const left = [...(await everySheet(pages[0] as Page)).entries()];
		const drawn: Drawn[][] = [];
		const pictures: Picture[] = [];
		const drawAll = async (page: Page) => {
			for (let next = left.shift(); next !== undefined; next = left.shift()) {
				const [index, sheet] = next;
				const file = `${sheet.locale}/${index}-${sheet.rows[0]?.view}.png`;
				const { clip, measured } = await drawSheet(page, sheet, join(GALLERY, file));
				drawn[index] = measured;
				pictures[index] = { names: sheet.rows.map(nameOf), locale: sheet.locale, file, ...clip };
			}
		};
		await Promise.all(pages.map(drawAll));
		await writeFile(join(GALLERY, "index.html"), indexPage(pictures));
		await drawContactSheet(pages[0] as Page);
		return drawn.flat();
	} finally {
		await browser.close();
	}
}

async function openPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({ viewport: VIEWPORT, locale: "en-US", timezoneId: TIME_ZONE });
	for (const path of STYLES) await page.addStyleTag({ path });
	for (const path of SCRIPTS) await page.addScriptTag({ path });
	return page;
}

async function everySheet(page: Page): Promise<readonly Sheet[]> {
	const sheets: Sheet[] = [];
	for (const locale of LOCALES) {
		const all = [
			...views.map(([state, view]) => ({ state, view: view.view, card: draw(view, { locale }).card })),
			...foundJobs.map(([state, found]) => ({
				state,
				view: "found",
				card: drawFoundCard(found, { locale }).card,
			})),
		];
		// A file that is offered or sent has a card of Teams' own, which only Teams can draw.
		const closed = all.filter(({ card }) => "type" in card && card.type === "AdaptiveCard");
		const opens = await page.evaluate(
			(cards) => cards.map((card) => (globalThis as unknown as InPage).opens(card)),
			closed.map(({ card }) => card),
		);
		const rows = closed.flatMap((one, index) =>
			[false, true].flatMap((opened) => (opened && !opens[index] ? [] : [{ ...one, opened }])),
		);
		for (const name of new Set(rows.map(({ view }) => view))) {
			const ofView = rows.filter(({ view }) => view === name);
			for (let from = 0; from < ofView.length; from += ROWS)
				sheets.push({ locale, rows: ofView.slice(from, from + ROWS) });
		}
	}
	return sheets;
}

function nameOf({ state, opened }: Row): string {
	return opened ? `${state}, opened` : state;
}

async function drawSheet(page: Page, { locale, rows }: Sheet, path: string) {
	const looks = locale === LOCALES[0] ? LOOKS : LOOKS_OF_TRANSLATIONS;
	const { clip, found } = await page.evaluate(
		([shown, shownIn]) => {
			const { drawCards, measureCards } = globalThis as unknown as InPage;
			return { clip: drawCards(shown, shownIn), found: measureCards() };
		},
		[rows, looks] as const,
	);
	const room = page.viewportSize()?.height ?? 0;
	if (clip.height > room) await page.setViewportSize({ ...VIEWPORT, height: Math.ceil(clip.height) });
	await page.screenshot({ path, clip });
	const cards = rows.flatMap(({ state, opened }) =>
		looks.map(({ theme, width }) => ({ state, opened, locale, theme, width })),
	);
	const measured = cards.flatMap((card, index) => (found[index] ? [{ ...card, ...found[index] }] : []));
	return { clip, measured };
}

/** A few cards in one picture, as small telephones show them: the left half light, the right half dark. */
async function drawContactSheet(page: Page): Promise<void> {
	const columns = SHEET.map((column, index) => {
		const theme = index < SHEET.length / 2 ? "light" : "dark";
		const look = LOOKS.find((one) => one.theme === theme && one.width === "narrow");
		return column.map((state) => ({ card: draw(viewOf(state)).card, look }));
	});
	const clip = await page.evaluate((all) => (globalThis as unknown as InPage).drawColumns(all), columns);
	await page.screenshot({ path: CONTACT_SHEET, clip });
}

function viewOf(state: string): View {
	const [, view] = views.find(([name]) => name === state) ?? [];
	if (!view) throw new Error(`The contact sheet names a state that is not there: ${state}`);
	return view;
}
