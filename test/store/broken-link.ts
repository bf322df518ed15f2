import type { Sql } from "../../src/store/database.js";
import { checkTrail } from "../../src/store/tables/audit.js";

/** The number of the first event in the database that does not fit the audit chain. */
export async function findBrokenLink(sql: Sql): Promise<number | undefined> {
	return (await checkTrail(sql)).broken?.seq;
}
