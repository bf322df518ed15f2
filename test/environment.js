import { AsyncLocalStorage } from "node:async_hooks";
import { TestEnvironment } from "jest-environment-node";
import { generateKeyPair } from "jose";

/** Stores that the code of the file of tests under way has used, Jest's own among them. */
const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
	used.add(this);
	return run.apply(this, given);
};

/** Keys that tests sign with, by name. To make one takes a tenth of a second and more. */
const keys = new Map();
async function signingKeys(name) {
	if (!keys.has(name)) keys.set(name, generateKeyPair("RS256", { extractable: true }));
	return keys.get(name);
}

/**
 * Node, with keys that all files of tests share, and with an end to what a file of tests leaves behind. Each one loads Jest anew, with a store that nobody disables;
 * before Node 24 every promise of every later file would carry all of them, a tenth of the processor's time.
 */
export default class Environment extends TestEnvironment {
	async setup() {
		await super.setup();
		this.global.signingKeys = signingKeys;
	}

	async teardown() {
		await super.teardown();
		for (const store of used) store.disable();
		used.clear();
	}
}
