import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Database } from "../../src/store/database.js";
import { openPglite } from "../../src/store/open-pglite.js";
import { migrate } from "../../src/store/schema.js";

describe("the embedded database's probe", () => {
	let directory: string;
	let database: Database;
	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
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
