import { statfs } from "node:fs/promises";
import buildIfChanged from "../sandbox/build-if-changed.mjs";
import compileTests from "./jest/compile.js";
import { makeEmptyDatabase, makeStartedDatabase } from "./make-empty-database.js";

/** Linux's file system in memory: an embedded database writes a lot, and no test needs it to last. */
const MEMORY = "/dev/shm";
/** In bytes; far more than tests have there at a time. */
const ROOM = 2 ** 31;

/** Builds the bot that tests start, and makes what they share: certificates, and embedded databases to copy. */
export default async function setStage() {
	await Promise.all([buildIfChanged(), compileTests()]);
	if (await hasRoom(MEMORY)) process.env.TMPDIR ??= MEMORY;
	const { createCertificates } = await import("../build/sandbox/cloud/certificate.js");
	process.env.CLOUD_CERTIFICATES = JSON.stringify(await createCertificates());
	if (process.env.DATABASE_URL !== undefined) return;
	process.env.EMPTY_DATABASE = await makeEmptyDatabase();
	process.env.STARTED_DATABASE = await makeStartedDatabase(process.env.EMPTY_DATABASE);
}

async function hasRoom(directory) {
	const found = await statfs(directory).catch(() => undefined);
	return found !== undefined && found.bavail * found.bsize >= ROOM;
}
