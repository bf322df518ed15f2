// `npm run bench`: measures the bot as the newest sources make it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import buildIfChanged from "../sandbox/build-if-changed.mjs";

await buildIfChanged();
const root = fileURLToPath(new URL("../", import.meta.url));
const { status } = spawnSync(
	process.execPath,
	[`${root}node_modules/typescript/bin/tsc`, "-b", `${root}bench`],
	{ stdio: ["ignore", 2, 2] },
);
if (status !== 0) process.exit(1);
await import(new URL("../build/bench/main.js", import.meta.url).href);
