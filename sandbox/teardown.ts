/** Ends what was started, the newest first, whether or not everything got started. */
export class Teardown {
	readonly #steps: (() => unknown)[] = [];
	#done: Promise<void> | undefined;

	/** Adds how to end something; when ending has begun already, it is ended at once. */
	async add(step: () => unknown): Promise<void> {
		if (this.#done) await step();
		else this.#steps.push(step);
	}

	/** Takes every step once, also after one has failed; calling again waits for the first call. */
	run(onFailure: (error: unknown) => void): Promise<void> {
		this.#done ??= this.#runAll(onFailure);
		return this.#done;
	}

	async #runAll(onFailure: (error: unknown) => void): Promise<void> {
		for (const step of this.#steps.toReversed()) {
			try {
				await step();
			} catch (error) {
				onFailure(error);
			}
		}
	}
}
