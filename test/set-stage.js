import buildIfChanged from "../sandbox/build-if-changed.mjs";
import { makeEmptyDatabase, makeStartedDatabase } from "./make-empty-database.js";

/** Builds the bot that tests start, and makes the embedded databases that they copy. */
export default async function setStage() {
	await buildIfChanged();
	if (process.env.DATABASE_URL !== undefined) return;
	process.env.EMPTY_DATABASE = await makeEmptyDatabase();
	process.env.STARTED_DATABASE = await makeStartedDatabase(process.env.EMPTY_DATABASE);
}
