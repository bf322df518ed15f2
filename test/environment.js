import { AsyncLocalStorage } from "node:async_hooks";
import { TestEnvironment } from "jest-environment-node";

/** Stores that the code of the file of tests under way has used, Jest's own among them. */
const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...given) {
	used.add(this);
	return run.apply(this, given);
};

/**
 * Node, with an end to what a file of tests leaves behind. Each one loads Jest anew, with a store that nobody disables;
 * before Node 24 every promise of every later file would carry all of them, a tenth of the processor's time.
 */
export default class Environment extends TestEnvironment {
	async teardown() {
		await super.teardown();
		for (const store of used) store.disable();
		used.clear();
	}
}
