const { mixinJestEnvironment } = require("@stryker-mutator/jest-runner");
const Environment = require("../jest/environment.cjs");
const { withFirstFailure } = require("./first-failure.cjs");

/** Switches to the mutant under way in the modules that are kept: each looks for its number here. */
class KeptEnvironment extends Environment {
	async setup() {
		await super.setup();
		const { __STRYKER_ACTIVE_MUTANT__: mutant } = process.env;
		this.global.__stryker__.activeMutant = mutant;
	}
}

module.exports = mixinJestEnvironment(withFirstFailure(KeptEnvironment));
