import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { compileBot, watchSources } from "../../sandbox/reload.js";
import { waitFor } from "../wait-for.js";

describe("a change of the bot's sources", () => {
	let folder: string;
	let file: string;
	let calls: number;
	let close: () => void;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "recovery-control-sources-"));
		await mkdir(join(folder, "core"));
		file = join(folder, "core", "job.ts");
		await writeFile(file, "1");
		calls = 0;
		close = watchSources(async () => {
			calls += 1;
		}, [folder]);
	});
	afterEach(async () => {
		close();
		await rm(folder, { recursive: true });
	});

	async function noticed(change: () => Promise<unknown>): Promise<void> {
		const before = calls;
		await change();
		await waitFor(
			"the change to be noticed",
			() => calls,
			(seen) => seen > before,
		);
	}

	it("is noticed however an editor saves, and again after that", async () => {
		const replacement = join(folder, "job.ts~");
		await noticed(() => writeFile(file, "2"));
		await noticed(async () => {
			await writeFile(replacement, "3");
			await rename(replacement, file);
		});
		await noticed(() => writeFile(file, "4"));
		await noticed(() => rm(file));
	});

	it("is noticed in a folder that is new", async () => {
		const added = join(folder, "new");
		await noticed(() => mkdir(added));
		await noticed(() => writeFile(join(added, "a.ts"), "1"));
	});

	it("is one change when many files are saved at once", async () => {
		await noticed(() => Promise.all([1, 2, 3, 4].map((n) => writeFile(join(folder, `${n}.ts`), "1"))));
		expect(calls).toBe(1);
	});

	it("is compiled, while other things go on", async () => {
		let turns = 0;
		const timer = setInterval(() => {
			turns += 1;
		}, 5);
		await expect(compileBot()).resolves.toBeUndefined();
		clearInterval(timer);
		expect(turns).toBeGreaterThan(1);
	});
});
