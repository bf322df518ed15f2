// Draws the icons from their SVGs with Chromium. Run it after changing one, and commit what it draws.
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { CHROMIUM } from "./chromium.mjs";

const browser = await chromium.launch(CHROMIUM);
for (const [name, size] of [
	["color", 192],
	["outline", 32],
]) {
	const page = await browser.newPage({ viewport: { width: size, height: size } });
	const svg = await readFile(new URL(`${name}.svg`, import.meta.url), "utf8");
	await page.setContent(`<body style="margin:0">${svg}</body>`);
	const path = new URL(`${name}.png`, import.meta.url).pathname;
	await page.screenshot({ path, omitBackground: true });
}
await browser.close();
