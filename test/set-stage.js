import buildIfChanged from "../sandbox/build-if-changed.mjs";
import { makeEmptyDatabase } from "./make-empty-database.js";

/** Builds the bot that tests start, and makes the empty embedded database that they copy. */
export default async function setStage() {
	await buildIfChanged();
	if (process.env.DATABASE_URL === undefined) process.env.EMPTY_DATABASE = await makeEmptyDatabase();
}
