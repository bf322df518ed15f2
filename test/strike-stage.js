import { rm } from "node:fs/promises";

/** Removes what was made for all tests. */
export default async function strikeStage() {
	const { EMPTY_DATABASE } = process.env;
	if (EMPTY_DATABASE !== undefined) await rm(EMPTY_DATABASE, { recursive: true, force: true });
}
