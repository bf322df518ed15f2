import { describe, expect, it } from "@jest/globals";
import { useStore } from "./records.js";

describe("a database, embedded or a server", () => {
	const { database } = useStore();

	it("takes nothing for committed after a failure that its user swallowed", async () => {
		const swallowed = database().transaction(async (sql) => {
			await sql.query("create table lost (it integer)");
			await sql.query("select nonsense").catch(() => {});
			return "done";
		});
		await expect(swallowed).rejects.toMatchObject({
			code: "not-committed",
			message: "The transaction was rolled back, because a statement in it had failed.",
		});
		const [lost] = await database().transaction((sql) => sql.query("select to_regclass('lost') as name"));
		expect(lost).toEqual({ name: null });
	});
});
