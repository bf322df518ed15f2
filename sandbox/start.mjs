// `npm run sandbox`: starts the sandbox from the newest sources; `npm run dev` does it with `--watch`. Other words
// are a command for the sandbox that runs already, under which nothing must be built.
import { existsSync } from "node:fs";
import buildIfChanged from "./build-if-changed.mjs";

const main = new URL("../build/sandbox/main.js", import.meta.url);
const starts = process.argv.length === 2 || process.argv[2] === "--watch";
if (starts || !existsSync(main)) await buildIfChanged();
await import(main.href);
