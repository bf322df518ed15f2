import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DataDirectoryInUse, DataDirectoryUnusable, lockDirectory } from "../../src/store/lock-directory.js";
import { useProcesses } from "../processes.js";

describe("the lock on the data directory", () => {
	const processes = useProcesses();
	let directory: string;
	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	});
	afterEach(() => rm(directory, { recursive: true, force: true }));

	/** A process of its own that takes the lock, says so, and keeps it until it is ended. */
	async function holdElsewhere() {
		const script = join(directory, "hold.cjs");
		const resolved = createRequire(import.meta.url).resolve("fs-native-extensions");
		await writeFile(
			script,
			`const { open } = require("node:fs/promises");
			const { tryLock } = require(${JSON.stringify(resolved)});
			open(${JSON.stringify(join(directory, "lock"))}, "a+").then((file) => {
				console.log(tryLock(file.fd));
				setInterval(() => file, 1000);
			});`,
		);
		const holder = processes.start(script);
		expect(await processes.firstLine(holder)).toBe("true");
		return holder;
	}

	it("turns a second process away with a sentence that says what to do", async () => {
		await holdElsewhere();
		await expect(lockDirectory(directory)).rejects.toThrow(DataDirectoryInUse);
		await expect(lockDirectory(directory)).rejects.toThrow(/DATA_DIR.*DATABASE_URL/);
	});

	it("is free at once when its holder was killed", async () => {
		const holder = await holdElsewhere();
		await holder.kill();
		const lock = await lockDirectory(directory);
		await lock.release();
	});

	it("can be taken again after it was released", async () => {
		await (await lockDirectory(directory)).release();
		await (await lockDirectory(directory)).release();
	});

	it("says what is wrong when a file is in the place of the directory or of its parent", async () => {
		const file = join(directory, "file");
		await writeFile(file, "");
		for (const path of [file, join(file, "data")]) {
			await expect(lockDirectory(path)).rejects.toThrow(DataDirectoryUnusable);
			await expect(lockDirectory(path)).rejects.toThrow(`${path} cannot be used: what is in its place`);
		}
	});

	it("says what is wrong when the directory cannot be made", async () => {
		const volume = join(directory, "volume");
		await symlink(join(directory, "not-mounted"), volume);
		await expect(lockDirectory(volume)).rejects.toMatchObject({
			code: "data-directory-unusable",
			settings: ["DATA_DIR"],
			message: expect.stringContaining(`${volume} cannot be used: it cannot be made there (ENOENT)`),
		});
	});

	it("says what is wrong when the directory may only be read", async () => {
		await chmod(directory, 0o555);
		const root = process.geteuid?.() === 0;
		// Nothing is read-only to root.
		if (root) process.seteuid?.(65_534);
		try {
			await expect(lockDirectory(directory)).rejects.toThrow(/may not write in it.*EACCES/u);
			await expect(lockDirectory(join(directory, "data"))).rejects.toThrow(/may not write in it.*EACCES/u);
		} finally {
			if (root) process.seteuid?.(0);
			await chmod(directory, 0o755);
		}
	});
});
