import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { compiled } from "../../sandbox/start-child.js";
import { copyDatabase, QUICK_START } from "../empty-database.js";
import { useProcesses } from "../processes.js";
import { createTestDatabase } from "../store/open-test-database.js";

describe("the stack of a fault of the built bot", () => {
	const processes = useProcesses();
	let directory: string;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-stacks-"));
	});
	afterAll(() => rm(directory, { recursive: true }));

	it("names the TypeScript source, where Node can tell it", async () => {
		const fault = join(directory, "fault.mjs");
		await writeFile(
			fault,
			`import { Server } from "node:http";
			Server.prototype.listen = () => { throw new Error("a fault that nobody thought of"); };`,
		);
		copyDatabase(directory);
		const server = process.env.DATABASE_URL;
		const database = server === undefined ? undefined : await createTestDatabase(server);
		const bot = processes.start(compiled("main.js"), {
			execArgv: [...QUICK_START, "--import", pathToFileURL(fault).href],
			env: {
				PATH: process.env.PATH,
				MicrosoftAppId: "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4",
				MicrosoftAppTenantId: "11111111-1111-4111-8111-111111111111",
				DATA_DIR: directory,
				...(database && { DATABASE_URL: database.url }),
			},
		});
		const printed = bot.process.stdout && (await text(bot.process.stdout));
		await database?.drop();
		expect(printed).toContain("a fault that nobody thought of");
		const canTell = "setSourceMapsSupport" in module;
		expect(printed).toContain(canTell ? "src/http/server.ts:" : "dist/compose-");
		// A package keeps its own name there: it does not pass for the source that stands before it in the file.
		expect(printed).not.toMatch(/restify.*src\//u);
	});
});

describe("the files that the built bot loads", () => {
	/** The file and all that it names, and so on. */
	async function loaded(name: string, found = new Map<string, string>()): Promise<Map<string, string>> {
		if (found.has(name)) return found;
		found.set(name, await readFile(compiled(name), "latin1"));
		for (const [, next = ""] of found.get(name)?.matchAll(/"\.\/([\w-]+\.js)"/gu) ?? [])
			await loaded(next, found);
		return found;
	}

	it("hold ASCII alone: one other character makes two bytes of each in memory", async () => {
		const files = await loaded("main.js");
		expect(files.size).toBeGreaterThan(5);
		const wide = [...files].filter(([, code]) => /[^\0-\x7f]/u.test(code)).map(([name]) => name);
		expect(wide).toEqual([]);
	});
});
