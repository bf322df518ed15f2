const { ModernFakeTimers } = require("@jest/fake-timers");
const { ModuleMocker } = require("jest-mock");

const moduleMocker = new ModuleMocker(globalThis);
let fakeTimersModern;

/** The world that tests run in: the worker's own. */
module.exports = class Environment {
	constructor({ projectConfig }) {
		fakeTimersModern ??= new ModernFakeTimers({ config: projectConfig, global: globalThis });
		Object.assign(this, { global: globalThis, moduleMocker, fakeTimers: null, fakeTimersModern });
	}

	async setup() {}

	async teardown() {
		moduleMocker.restoreAllMocks();
		fakeTimersModern.useRealTimers();
	}

	exportConditions() {
		return ["node", "node-addons"];
	}

	getVmContext() {
		return null;
	}
};
