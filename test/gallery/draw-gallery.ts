import { mkdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { View } from "../../src/app/views.js";
import { LANGUAGES } from "../../src/cards/words.js";
import { draw } from "../cards/fixtures.js";
import { views } from "../cards/states.js";
import { CHROMIUM } from "../chromium.js";
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
/** All looks beside each other, and room for the tallest card. */
const VIEWPORT = { width: 1_840, height: 2_400 };
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
interface Wanted {
	readonly state: string;
	readonly locale: string;
	readonly card: object;
	readonly opened: boolean;
}

/** Where something is on the page. */
type Box = Readonly<Record<"x" | "y" | "width" | "height", number>>;

/** What the scripts in `page` add to it. */
interface InPage {
	opens(card: object): boolean;
	drawCard(wanted: Wanted, looks: readonly Look[]): Box;
	drawSheet(columns: readonly (readonly { card: object; look: Look | undefined }[])[]): Box;
	measureCards(): readonly Measured[];
}

/**
 * Draws every card in every state, look and language with Microsoft's renderer, and keeps the pictures and a page of
 * them in the gallery.
 */
export async function drawGallery(): Promise<readonly Drawn[]> {
	await rm(GALLERY, { recursive: true, force: true });
	for (const locale of LOCALES) await mkdir(join(GALLERY, locale), { recursive: true });
	const browser = await chromium.launch({
		...CHROMIUM,
		// Chromium tells names and roles as a screen reader hears them.
		args: [...CHROMIUM.args, "--enable-blink-features=ComputedAccessibilityInfo"],
	});
	try {
		const pages = await Promise.all(Array.from({ length: availableParallelism() }, () => openPage(browser)));
		const left = [...(await everyCard(pages[0] as Page)).entries()];
		const drawn: Drawn[][] = [];
		const pictures: Picture[] = [];
		const drawAll = async (page: Page) => {
			for (let next = left.shift(); next !== undefined; next = left.shift()) {
				const [index, wanted] = next;
				({ drawn: drawn[index], picture: pictures[index] } = await drawOne(page, wanted));
			}
		};
		await Promise.all(pages.map(drawAll));
		await writeFile(join(GALLERY, "index.html"), indexPage(pictures));
		await drawSheet(pages[0] as Page);
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

async function everyCard(page: Page): Promise<readonly Wanted[]> {
	const closed = LOCALES.flatMap((locale) =>
		views.map(([state, view]) => ({ state, locale, card: draw(view, { locale }).card, opened: false })),
	);
	const opening = await page.evaluate(
		(cards) => cards.map((card) => (globalThis as unknown as InPage).opens(card)),
		closed.map(({ card }) => card),
	);
	return closed.flatMap((one, index) => [one, ...(opening[index] ? [{ ...one, opened: true }] : [])]);
}

async function drawOne(page: Page, wanted: Wanted): Promise<{ drawn: Drawn[]; picture: Picture }> {
	const { state, locale, opened } = wanted;
	const looks = locale === LOCALES[0] ? LOOKS : LOOKS_OF_TRANSLATIONS;
	const { clip, measured } = await page.evaluate(
		([one, shownIn]) => {
			const { drawCard, measureCards } = globalThis as unknown as InPage;
			return { clip: drawCard(one, shownIn), measured: measureCards() };
		},
		[wanted, looks] as const,
	);
	const name = opened ? `${state}, opened` : state;
	const file = `${locale}/${name.replace(/[^a-z0-9]+/giu, "-").toLowerCase()}.png`;
	await page.screenshot({ path: join(GALLERY, file), clip, animations: "allow", caret: "initial" });
	return {
		drawn: measured.flatMap((one, index) => {
			const look = looks[index];
			return look ? [{ state, opened, locale, theme: look.theme, width: look.width, ...one }] : [];
		}),
		picture: { name, locale, file, width: clip.width, height: clip.height },
	};
}

/** A few cards in one picture, as small telephones show them: the left half light, the right half dark. */
async function drawSheet(page: Page): Promise<void> {
	const columns = SHEET.map((column, index) => {
		const theme = index < SHEET.length / 2 ? "light" : "dark";
		const look = LOOKS.find((one) => one.theme === theme && one.width === "narrow");
		return column.map((state) => ({ card: draw(viewOf(state)).card, look }));
	});
	const clip = await page.evaluate((all) => (globalThis as unknown as InPage).drawSheet(all), columns);
	await page.screenshot({ path: CONTACT_SHEET, clip });
}

function viewOf(state: string): View {
	const [, view] = views.find(([name]) => name === state) ?? [];
	if (!view) throw new Error(`The contact sheet names a state that is not there: ${state}`);
	return view;
}
