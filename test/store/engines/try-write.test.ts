import { describe, expect, it } from "@jest/globals";
import { tryWrite } from "../../../src/store/engines/try-write.js";
import { useStore } from "../records.js";

describe("trying to write", () => {
	const { database } = useStore();
	/** In a transaction that comes to nothing. */
	const tryAfter = (...statements: readonly string[]) =>
		database().transaction(async (sql) => {
			for (const statement of statements) await sql.query(statement);
			await tryWrite(sql);
			throw new Error("it went through");
		});

	it("changes nothing, and leaves the connection as it was", async () => {
		const state = () =>
			database().transaction(async (sql) => [
				...(await sql.query("select version from schema_version")),
				...(await sql.query("show work_mem")),
			]);
		const before = await state();
		await database().probe();
		expect(await state()).toEqual(before);
	});

	it("fails when there is nothing to write to", async () => {
		const renamed = tryAfter("alter table schema_version rename to elsewhere");
		await expect(renamed).rejects.toMatchObject({ code: "42P01" });
		await database().probe();
	});

	it("fails while the schema is brought up to date", async () => {
		const between = tryAfter("delete from schema_version");
		await expect(between).rejects.toThrow("The schema is just being brought up to date.");
	});

	it("fails when there is no room for a new file, although what exists can still be written", async () => {
		const full = tryAfter("set local temp_file_limit = 0");
		await expect(full).rejects.toMatchObject({ code: "53400" });
	});

	it("fails where nothing may be written", async () => {
		const readOnly = tryAfter("set transaction read only");
		await expect(readOnly).rejects.toMatchObject({ code: "25006" });
	});
});
