import { mkdtemp, rm, writeFile } from "node:fs/promises";
import module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { compiled } from "../../sandbox/start-child.js";
import { useProcesses } from "../processes.js";

describe("the stack of a fault of the built bot", () => {
	const processes = useProcesses();
	let directory: string;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-stacks-"));
	});
	afterAll(() => rm(directory, { recursive: true }));

	it("names the TypeScript source, where Node can tell it", async () => {
		const built = (path: string) => JSON.stringify(pathToFileURL(compiled(path)).href);
		const script = join(directory, "fault.mjs");
		await writeFile(
			script,
			`import { nameSources } from ${built("name-sources.js")};
			nameSources();
			const { expand } = await import(${built("cards/template.js")});
			try { expand("missing", {}); } catch (error) { console.log(JSON.stringify(error.stack)); }`,
		);
		const stack = await processes.firstLine(processes.start(script));
		const canTell = "setSourceMapsSupport" in module;
		expect(stack).toContain(canTell ? "src/cards/template.ts:" : "dist/cards/template.js:");
	});
});
