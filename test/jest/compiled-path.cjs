const { join, relative } = require("node:path");

const ROOT = join(__dirname, "../..");
const COMPILED = join(ROOT, "build/tests");

/** Where a source is that has been compiled for tests. */
exports.compiledPath = (source) => join(COMPILED, relative(ROOT, source)).replace(/\.ts$/u, ".js");
