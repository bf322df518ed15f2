import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Database } from "../../../src/store/database.js";
import { lockDirectory } from "../../../src/store/engines/lock-directory.js";
import { openPglite } from "../../../src/store/engines/open-pglite.js";
import { migrate } from "../../../src/store/schema.js";
import { copyDatabase } from "../../empty-database.js";

/** Linux' flag of a file whose writes return once they are on the disk (`O_SYNC`), as fdinfo shows it. */
const O_SYNC = 0o4010000;

/** All tests share one database, or the files of it: to open one costs a second, to make one five. */
let directory: string;
let database: Database;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	copyDatabase(directory, "empty");
	database = await openPglite(directory);
	await migrate(database);
}, 30_000);
afterAll(() => rm(directory, { recursive: true }));

describe("the embedded database", () => {
	/** Linux tells the flags of every open file. */
	const onLinux = process.platform === "linux" ? it : it.skip;

	onLinux("writes its log through to the disk", async () => {
		await database.transaction((sql) => sql.query("create table kept (it integer)"));
		const log = join(directory, "pglite", "pg_wal");
		expect((await openFiles(log)).some((flags) => (flags & O_SYNC) === O_SYNC)).toBe(true);
	});

	it("is set to sync, to take little memory, and to count tables by a small sample", async () => {
		const set = async (name: string) => (await database.sql.query<Record<string, string>>(`show ${name}`))[0];
		expect(await set("fsync")).toEqual({ fsync: "on" });
		expect(await set("wal_sync_method")).toEqual({ wal_sync_method: "open_datasync" });
		expect(await set("shared_buffers")).toEqual({ shared_buffers: "16MB" });
		expect(await set("default_statistics_target")).toEqual({ default_statistics_target: "10" });
	});

	it("keeps its directory to itself", async () => {
		expect(database.exclusive).toBe(true);
		await expect(openPglite(directory)).rejects.toMatchObject({ code: "data-directory-in-use" });
	});

	it("is the same for the work queues", async () => {
		const { backend, db } = database.boss;
		expect(backend).toBe("pglite");
		await database.transaction((sql) => sql.query("create table shared (it integer)"));
		await db?.executeSql("insert into shared values ($1)", [7]);
		expect(await database.transaction((sql) => sql.query("select it from shared"))).toEqual([{ it: 7 }]);
	});

	it("tells why nothing was committed, when a failure was swallowed", async () => {
		const swallowed = database.transaction((sql) => sql.query("select nonsense").catch(() => []));
		await expect(swallowed).rejects.toMatchObject({
			code: "not-committed",
			message: "The transaction was rolled back, because a statement in it had failed.",
			cause: expect.objectContaining({ code: "42703" }),
		});
	});
});

describe("the embedded database's probe", () => {
	it("makes a file in the data directory every time, since a small commit may write nothing yet", async () => {
		await database.probe();
		const made = () => stat(join(directory, "pglite", "base", "pgsql_tmp"), { bigint: true });
		const before = (await made()).mtimeNs;
		await database.probe();
		expect((await made()).mtimeNs).toBeGreaterThan(before);
	});

	it("fails when there is no room for one", async () => {
		await database.transaction((sql) => sql.query("set temp_file_limit = 0"));
		await expect(database.probe()).rejects.toMatchObject({ code: "53400" });
		await database.transaction((sql) => sql.query("reset temp_file_limit"));
		await database.probe();
	});
});

describe("an embedded database that cannot be opened", () => {
	let other: string;
	let files: string;
	beforeAll(async () => {
		other = await mkdtemp(join(tmpdir(), "recovery-control-"));
		files = join(other, "pglite");
	});
	afterAll(() => rm(other, { recursive: true }));

	async function expectRefusal(cause: object): Promise<void> {
		await expect(openPglite(other)).rejects.toMatchObject({
			code: "embedded-database-unusable",
			settings: ["DATA_DIR"],
			message: expect.stringContaining(`The embedded database in ${files} cannot be opened.`),
			cause: expect.objectContaining(cause),
		});
		await (await lockDirectory(other)).release();
	}

	it("says so when something else is in its place, and lets go of the directory", async () => {
		await writeFile(files, "");
		await expectRefusal({ code: "EEXIST" });
		await rm(files);
	});

	it("says so when its files cannot be read, and lets go of the directory", async () => {
		await mkdir(files);
		for (const part of ["PG_VERSION", "global"])
			await cp(join(directory, "pglite", part), join(files, part), { recursive: true });
		await writeFile(join(files, "global", "pg_control"), "nonsense");
		await expectRefusal({ message: expect.stringContaining("failed to initialize") });
	});
});

describe("the embedded database, closed at the end", () => {
	it("lets go of its directory, and answers no more", async () => {
		await database.close();
		await (await lockDirectory(directory)).release();
		await expect(database.probe()).rejects.toThrow("closed");
	});
});

/** The flags of the files that this process has open below a directory. */
async function openFiles(folder: string): Promise<number[]> {
	const files = "/proc/self/fd";
	const flags: number[] = [];
	for (const fd of await readdir(files)) {
		const path = await readlink(join(files, fd)).catch(() => "closed meanwhile");
		if (!path.startsWith(folder)) continue;
		const info = await readFile(`/proc/self/fdinfo/${fd}`, "utf8");
		flags.push(Number.parseInt(/flags:\s+(\d+)/u.exec(info)?.[1] ?? "0", 8));
	}
	return flags;
}
