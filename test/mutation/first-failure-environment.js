import EmbeddedEnvironment from "../embedded-environment.js";

/** The mutant that a test has noticed last, by Stryker's number. */
let noticed;

/** Leaves out all other tests once one has noticed the mutant, which Jest does not do when Stryker calls it. */
export default class FirstFailureEnvironment extends EmbeddedEnvironment {
	async handleTestEvent({ name, test }) {
		const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
		if (mutant === undefined) return;
		if (name === "test_fn_failure" || name === "hook_failure") noticed = mutant;
		if (name === "test_start" && noticed === mutant) test.mode = "skip";
	}
}
