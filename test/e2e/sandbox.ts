import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--no-first-run",
];
/** Where screenshots are kept; ignored by git. */
export const SCREENSHOTS = "screenshots";

/** The sandbox as a newcomer starts it, with a browser looking at its Playground. */
export interface Sandbox {
	readonly page: Page;
	readonly recoveryId: string;
	readonly previewId: string;
	/** Types into the chat and sends it. */
	type(text: string): Promise<void>;
	/** The newest message that shows this text. */
	message(text: string | RegExp): Locator;
	close(): Promise<void>;
}

export async function openSandbox(): Promise<Sandbox> {
	const port = await freePort();
	const child = spawn(process.execPath, ["dist/sandbox/main.js"], {
		env: { ...process.env, SANDBOX_PORT: String(port) },
		stdio: ["ignore", "pipe", "inherit"],
	});
	const printed = await welcome(child);
	const id = (kind: string) => new RegExp(`${kind} job\\s+([0-9a-f-]{36})$`, "mu").exec(printed)?.[1] ?? "";
	const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
	const page = await browser.newPage({ viewport: { width: 900, height: 1300 } });
	await page.goto(`http://localhost:${port}`);
	const box = page.locator("[contenteditable=true]").first();
	await box.waitFor();
	// The Playground's own log takes a third of the window.
	await page.getByText("Log Panel").locator("xpath=following::button[2]").click();
	return {
		page,
		recoveryId: id("recovery"),
		previewId: id("preview"),
		async type(text) {
			await box.click();
			await page.keyboard.insertText(text);
			await page.keyboard.press("Enter");
		},
		message: (text) => page.getByText(text).last(),
		async close() {
			await browser.close();
			child.kill("SIGTERM");
			await once(child, "exit");
		},
	};
}

/** Everything that the sandbox prints until it says how to end it. */
function welcome(child: ChildProcess): Promise<string> {
	const { stdout } = child;
	if (!stdout) throw new Error("the sandbox has no output");
	return new Promise((resolve, reject) => {
		let printed = "";
		createInterface({ input: stdout }).on("line", (line) => {
			printed += `${line}\n`;
			if (line.includes("Ctrl+C")) resolve(printed);
		});
		child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}:\n${printed}`)));
	});
}

function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
