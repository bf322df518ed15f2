const { readFileSync } = require("node:fs");
const { createRequire, SourceMap } = require("node:module");
const { fileURLToPath, pathToFileURL } = require("node:url");
const circus = require("jest-circus");
const JestRuntime = require("jest-runtime").default;
const { compiledPath } = require("./compiled-path.cjs");

const outside = createRequire(__filename);
const adapterPath = createRequire(require.resolve("jest-circus")).resolve("./jestAdapterInit.js");
/** What Jest keeps in the world that it runs in, by its own names for it. */
const HANDLERS = Symbol.for("EVENT_HANDLERS");
const TIMEOUT = Symbol.for("TEST_TIMEOUT_SYMBOL");
const adapter = outside(adapterPath);
const adapterState = Object.getOwnPropertySymbols(globalThis).find(
	(name) => name.description === "JEST_STATE_SYMBOL" && globalThis[name] !== circus.getState(),
);
const handlers = [...globalThis[HANDLERS]];
const COMPILED = pathToFileURL(compiledPath("")).href;
/** How many times each file of tests has been loaded: more than once when Jest is run again in one process. */
const loaded = new Map();
/** What lines of compiled files come from, for those that a stack has named. */
const maps = new Map();
let jest;

/** A line of a stack as it is in the source, where Jest looks for what to show of it. */
function inSource(frame) {
	const file = frame.getFileName();
	const map = maps.get(file) ?? readMap(file);
	const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
	const { originalSource, originalLine, originalColumn } = map?.findEntry(line - 1, column - 1) ?? {};
	if (originalSource === undefined) return String(frame);
	const place = `${fileURLToPath(originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
	return String(frame).replace(`${file}:${line}:${column}`, place);
}

/** Only files that were compiled for tests have one. */
function readMap(file) {
	if (!file?.startsWith(COMPILED)) return undefined;
	const map = new SourceMap(
		JSON.parse(readFileSync(`${fileURLToPath(file.replace(/\?.*/u, ""))}.map`, "utf8")),
	);
	maps.set(file, map);
	return map;
}

/**
 * Loads compiled tests as Node does, into the worker's own world, where what they import stays for the files after
 * them. Jest would make a world for each file and load everything into it anew, itself too, which is more than half of
 * what these tests take. So a module lives as long as its worker, and what it sets up for a file of tests belongs
 * into a function that the file calls. Mocked modules (`jest.unstable_mockModule`) are not to be had.
 */
module.exports = class Runtime extends JestRuntime {
	/** Jest's own code, for a file of tests that begins: without the tests and listeners of the one before. */
	requireInternalModule(path) {
		if (path !== adapterPath) return outside(path);
		circus.resetState();
		globalThis[adapterState] = circus.getState();
		globalThis[HANDLERS].splice(0, globalThis[HANDLERS].length, ...handlers);
		delete globalThis[TIMEOUT];
		return adapter;
	}

	/** What `@jest/globals` gives: see `globals.js`. It is the same for all files, and `jest` is of the file under way. */
	setGlobalsForRuntime(globals) {
		super.setGlobalsForRuntime(globals);
		jest = this.jestGlobals.jestObjectFor(this._testPath);
		globalThis.jestGlobals ??= { ...globals, jest: new Proxy({}, { get: (_, name) => jest[name] }) };
	}

	unstable_shouldLoadAsEsm() {
		return true;
	}

	unstable_importModule(path) {
		Error.prepareStackTrace = (error, frames) => [error, ...frames.map(inSource)].join("\n    at ");
		const times = loaded.get(path) ?? 0;
		loaded.set(path, times + 1);
		// Its tests are made while it is loaded.
		return import(pathToFileURL(compiledPath(path)).href + (times > 0 ? `?${times}` : ""));
	}

	/** Node's own needs no help to find Node's own modules. */
	installGetBuiltinModule() {}
};
