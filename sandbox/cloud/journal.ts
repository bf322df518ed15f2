import { EventEmitter, once } from "node:events";

/** So many of the latest entries are shown when something did not come. */
const SHOWN = 20;

/** What has happened, in order. Whoever needs it looks back, or waits for what is still to come. */
export class Journal<Entry> {
	readonly entries: Entry[] = [];
	readonly #added = new EventEmitter().setMaxListeners(0);
	readonly #inWords: (entry: Entry) => string;

	constructor(inWords: (entry: Entry) => string) {
		this.#inWords = inWords;
	}

	add(entry: Entry): void {
		this.entries.push(entry);
		this.#added.emit("entry");
	}

	/**
	 * The first entry, there already or still to come, that fits.
	 *
	 * Rejects after `limitMs` (real milliseconds), and says what was waited for and what came instead.
	 */
	async find(what: string, fits: (entry: Entry) => boolean, limitMs = 15_000): Promise<Entry> {
		const signal = AbortSignal.timeout(limitMs);
		for (;;) {
			const found = this.entries.find(fits);
			if (found !== undefined) return found;
			await once(this.#added, "entry", { signal }).catch((error: unknown) => {
				if (!signal.aborted) throw error;
				const seen = this.entries.slice(-SHOWN).map(this.#inWords).join("\n");
				throw new Error(
					`waited ${limitMs} ms for ${what}, which did not come; lately:\n${seen || "nothing"}`,
				);
			});
		}
	}
}
