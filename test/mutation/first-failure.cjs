/** The mutant that a test has noticed last, by Stryker's number. */
let noticed;

/**
 * An environment of Jest's that leaves out all other tests once one has noticed the mutant, and with the rest of the
 * files also what they do before their tests. Jest does neither when Stryker calls it.
 */
exports.withFirstFailure = (Environment) =>
	class extends Environment {
		async handleTestEvent({ name, test }, { rootDescribeBlock }) {
			const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
			if (mutant === undefined) return;
			if (name === "test_fn_failure" || name === "hook_failure") noticed = mutant;
			if (noticed !== mutant) return;
			if (name === "test_start") test.mode = "skip";
			if (name === "run_start") skip(rootDescribeBlock);
		}
	};

function skip(block) {
	block.mode = "skip";
	for (const child of block.children ?? []) skip(child);
}
