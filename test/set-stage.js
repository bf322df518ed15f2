import buildIfChanged from "../sandbox/build-if-changed.mjs";
import { makeEmptyDatabase, makeStartedDatabase } from "./make-empty-database.js";

/** Builds the bot that tests start, and makes what they share: certificates, and embedded databases to copy. */
export default async function setStage() {
	await buildIfChanged();
	const { createCertificates } = await import("../build/sandbox/cloud/certificate.js");
	process.env.CLOUD_CERTIFICATES = JSON.stringify(await createCertificates());
	if (process.env.DATABASE_URL !== undefined) return;
	process.env.EMPTY_DATABASE = await makeEmptyDatabase();
	process.env.STARTED_DATABASE = await makeStartedDatabase(process.env.EMPTY_DATABASE);
}
