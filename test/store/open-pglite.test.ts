import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { Database } from "../../src/store/database.js";
import { openPglite } from "../../src/store/open-pglite.js";
import { migrate } from "../../src/store/schema.js";
import { copyEmptyDatabase } from "../empty-database.js";

jest.setTimeout(30_000);
/** Linux' flag of a file whose writes return once they are on the disk (`O_SYNC`), as fdinfo shows it. */
const O_SYNC = 0o4010000;

describe("the embedded database", () => {
	let directory: string;
	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	});
	afterEach(() => rm(directory, { recursive: true, force: true }));

	/** Linux tells the flags of every open file. */
	const onLinux = process.platform === "linux" ? it : it.skip;

	onLinux("writes its log through to the disk", async () => {
		copyEmptyDatabase(directory);
		const database = await openPglite(directory);
		await database.transaction((sql) => sql.query("create table kept (it integer)"));
		const log = join(directory, "pglite", "pg_wal");
		expect((await openFiles(log)).some((flags) => (flags & O_SYNC) === O_SYNC)).toBe(true);
		await database.close();
	});

	it("says so when its files cannot be read, and lets go of the directory", async () => {
		copyEmptyDatabase(directory);
		await (await openPglite(directory)).close();
		await writeFile(join(directory, "pglite", "global", "pg_control"), "nonsense");
		for (const _twice of [1, 2])
			await expect(openPglite(directory)).rejects.toMatchObject({
				code: "embedded-database-unusable",
				settings: ["DATA_DIR"],
				message: expect.stringContaining(join(directory, "pglite")),
			});
	});

	it("says so when something else is in its place", async () => {
		await writeFile(join(directory, "pglite"), "");
		await expect(openPglite(directory)).rejects.toMatchObject({ code: "embedded-database-unusable" });
	});
});

describe("the embedded database's probe", () => {
	let directory: string;
	let database: Database;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
		copyEmptyDatabase(directory);
		database = await openPglite(directory);
		await migrate(database);
	}, 30_000);
	afterAll(async () => {
		await database.close();
		await rm(directory, { recursive: true, force: true });
	});

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

/** The flags of the files that this process has open below a directory. */
async function openFiles(directory: string): Promise<number[]> {
	const files = "/proc/self/fd";
	const flags: number[] = [];
	for (const fd of await readdir(files)) {
		const path = await readlink(join(files, fd)).catch(() => "closed meanwhile");
		if (!path.startsWith(directory)) continue;
		const info = await readFile(`/proc/self/fdinfo/${fd}`, "utf8");
		flags.push(Number.parseInt(/flags:\s+(\d+)/u.exec(info)?.[1] ?? "0", 8));
	}
	return flags;
}
