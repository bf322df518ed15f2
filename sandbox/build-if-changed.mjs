import { fileURLToPath } from "node:url";
import { buildBotIfChanged, compile } from "../build.mjs";

/**
 * Builds the bot and the sandbox unless what was built is newer than all of their sources.
 *
 * @throws when the sources cannot be compiled; the compiler has printed why
 */
export default async function buildIfChanged() {
	await buildBotIfChanged();
	compile(fileURLToPath(new URL("./", import.meta.url)));
}
