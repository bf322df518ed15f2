/** How Chromium is started, for the icons and by the tests: Debian's, unless `CHROMIUM_PATH` names another, and with no word to its maker. */
export const CHROMIUM = {
	executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
	args: [
		"--no-sandbox",
		"--disable-gpu",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--no-first-run",
	],
};
