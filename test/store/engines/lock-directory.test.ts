import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
	DataDirectoryInUse,
	DataDirectoryUnusable,
	lockDirectory,
} from "../../../src/store/engines/lock-directory.js";

describe("the lock on the data directory", () => {
	let directory: string;
	let holder: ChildProcess | undefined;
	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	});
	afterEach(async () => {
		holder?.kill("SIGKILL");
		holder = undefined;
		await rm(directory, { recursive: true, force: true });
	});

	/** A process of its own that takes the lock, says so, and keeps it until it is ended or this one is. */
	async function holdElsewhere(): Promise<ChildProcess> {
		const script = join(directory, "hold.cjs");
		const resolved = createRequire(import.meta.url).resolve("fs-native-extensions");
		await writeFile(
			script,
			`const { open } = require("node:fs/promises");
			const { tryLock } = require(${JSON.stringify(resolved)});
			open(${JSON.stringify(join(directory, "lock"))}, "a+").then((file) => {
				process.on("disconnect", () => file.close().then(() => process.exit()));
				process.send(tryLock(file.fd));
			});`,
		);
		holder = fork(script);
		expect(await Promise.race([once(holder, "message"), once(holder, "exit")])).toMatchObject([true]);
		return holder;
	}

	it("turns a second process away with a sentence that says what to do", async () => {
		await holdElsewhere();
		const turnedAway = lockDirectory(directory);
		await expect(turnedAway).rejects.toThrow(DataDirectoryInUse);
		await expect(turnedAway).rejects.toMatchObject({
			code: "data-directory-in-use",
			settings: ["DATA_DIR"],
			message: expect.stringMatching(/DATA_DIR.*DATABASE_URL/u),
		});
	});

	/** Linux tells which files a process has open. */
	const onLinux = process.platform === "linux" ? it : it.skip;

	onLinux("leaves no file open when it is taken already", async () => {
		const lock = await lockDirectory(directory);
		const before = await openFilesIn(directory);
		await expect(lockDirectory(directory)).rejects.toThrow(DataDirectoryInUse);
		expect(await openFilesIn(directory)).toEqual(before);
		await lock.release();
		expect(await openFilesIn(directory)).toEqual([]);
	});

	it("is free at once when its holder was killed", async () => {
		const killed = await holdElsewhere();
		killed.kill("SIGKILL");
		await once(killed, "exit");
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
		// As long as this user may still read where packages are.
		const locks = await import("fs-native-extensions");
		const lock = (path: string) => lockDirectory(path, () => Promise.resolve(locks));
		const root = process.geteuid?.() === 0;
		// Nothing is read-only to root.
		if (root) process.seteuid?.(65_534);
		try {
			await expect(lock(directory)).rejects.toThrow(/may not write in it.*EACCES/u);
			await expect(lock(join(directory, "data"))).rejects.toThrow(/may not write in it.*EACCES/u);
		} finally {
			if (root) process.seteuid?.(0);
			await chmod(directory, 0o755);
		}
	});

	it.each([
		["ENOTDIR", "what is in its place, or in its parent's, is no directory"],
		["EPERM", "the bot's user may not write in it"],
		["EROFS", "it is on a disk that can only be read"],
		["ENOSPC", "the disk is full"],
		["ENOLCK", "it cannot be made, written or locked"],
	])("says what %s means", (code, words) => {
		const cause = Object.assign(new Error("the system's words"), { code });
		const problem = new DataDirectoryUnusable("/data", cause);
		expect(problem.message).toContain(`The data directory /data cannot be used: ${words} (${code}).`);
		expect(problem.message).toContain("Set DATA_DIR to a directory on a local disk");
		expect(problem.cause).toBe(cause);
	});

	it("gives the system's words for what has no code", () => {
		const problem = new DataDirectoryUnusable("/data", new Error("locks are not known here"));
		expect(problem.message).toContain("(locks are not known here)");
	});
});

/** The files below a directory that this process has open. */
async function openFilesIn(directory: string): Promise<string[]> {
	const files = "/proc/self/fd";
	const open = await Promise.all(
		(await readdir(files)).map((fd) => readlink(join(files, fd)).catch(() => "closed meanwhile")),
	);
	return open.filter((path) => path.startsWith(directory));
}
