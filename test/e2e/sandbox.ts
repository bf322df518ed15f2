import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { CHROMIUM } from "../../manifest/chromium.mjs";
import { Teardown } from "../../sandbox/teardown.js";
import { within } from "../within.js";

/** Where screenshots are kept; ignored by git. */
const SCREENSHOTS = "screenshots";

/** The command and the directory may be others: the command of README, in a fresh clone, installs first. */
const { SANDBOX_COMMAND = "npm run sandbox", SANDBOX_DIRECTORY = "." } = process.env;
export const OPEN_LIMIT_MS = 300_000;
const WELCOME_LIMIT_MS = OPEN_LIMIT_MS - 60_000;
const STOP_LIMIT_MS = 30_000;
/** A button that cannot be pressed for so long has gone. */
const PRESS_LIMIT_MS = 2_000;
const PRESSES = 10;

/** The sandbox as a newcomer starts it, with a browser looking at its Playground. */
export interface Sandbox {
	readonly page: Page;
	readonly recoveryId: string;
	readonly previewId: string;
	/** Types into the chat and sends it. */
	type(text: string): Promise<void>;
	/** The newest message that shows this text. */
	message(text: string | RegExp): Locator;
	/** Opens a part of a card and presses a button there. A card that is drawn anew meanwhile has closed that part again. */
	pressWithin(opener: Locator, button: Locator): Promise<void>;
	/** Keeps what is seen now under this name; resolves with the file's path. */
	picture(name: string): Promise<string>;
	/** Gives it a command from another shell and returns what that prints. */
	instruct(words: string): Promise<string>;
	close(): Promise<void>;
}

/** Rejects when it does not start or cannot be looked at, and leaves nothing behind then. */
export async function openSandbox(): Promise<Sandbox> {
	const teardown = new Teardown();
	const close = () =>
		teardown.run((error) => {
			throw error;
		});
	try {
		return { ...(await start(teardown)), close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function start(teardown: Teardown): Promise<Omit<Sandbox, "close">> {
	const port = await freePort();
	const child = shell(SANDBOX_COMMAND, { SANDBOX_PORT: String(port) });
	await teardown.add(() => interrupt(child));
	const printed = await within(WELCOME_LIMIT_MS, "the sandbox to say where it is", welcome(child));
	const id = (kind: string) => new RegExp(`${kind} job\\s+([0-9a-f-]{36})$`, "mu").exec(printed)?.[1] ?? "";
	const browser: Browser = await chromium.launch(CHROMIUM);
	await teardown.add(() => browser.close());
	const page = await browser.newPage({ viewport: { width: 900, height: 1300 } });
	await page.goto(/http:\/\/localhost:\d+/u.exec(printed)?.[0] ?? "");
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
		async pressWithin(opener, button) {
			for (let left = PRESSES; ; left--) {
				if (!(await button.isVisible())) await opener.click();
				try {
					return await button.click({ timeout: PRESS_LIMIT_MS });
				} catch (error) {
					if (left === 0) throw error;
				}
			}
		},
		async picture(name) {
			const path = `${SCREENSHOTS}/${name}.png`;
			// The client scrolls to the newest message.
			await page.waitForTimeout(500);
			await page.screenshot({ path });
			return path;
		},
		async instruct(words) {
			const other = shell(`npm run -s sandbox -- ${words}`);
			let output = "";
			other.stdout?.on("data", (part) => {
				output += part;
			});
			await within(STOP_LIMIT_MS, `the end of "sandbox ${words}"`, once(other, "close"));
			return output;
		},
	};
}

/** A process group of its own, as a terminal makes one for a command. */
function shell(command: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
	return spawn(command, {
		shell: true,
		detached: true,
		cwd: SANDBOX_DIRECTORY,
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "inherit"],
	});
}

/** Ctrl+C, which reaches every process of the group. Rejects when one of them does not end. */
async function interrupt({ pid, stdout }: ChildProcess): Promise<void> {
	if (pid === undefined || !stdout || stdout.closed) return;
	const signal = (name: NodeJS.Signals) => process.kill(-pid, name);
	// The pipe closes when the last process that writes to it has ended.
	const closed = once(stdout, "close");
	signal("SIGINT");
	try {
		await within(STOP_LIMIT_MS, "the end of the sandbox after Ctrl+C", closed);
	} catch (error) {
		signal("SIGKILL");
		throw error;
	}
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
		child.once("close", (code) => reject(new Error(`the sandbox ended with ${code}:\n${printed}`)));
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
