/**
 * The order in which rows are locked, in every transaction; the queues and the audit trail come last. `deciders` are
 * the conversations that show requests for approval.
 */
const ORDER = [
	"conversation",
	"request",
	"watch",
	"deciders",
	"cancellation",
	"incident",
	"subscription",
	"message",
] as const;

/**
 * Watches one transaction take its locks. Two transactions that take the same locks in different orders
 * can wait for each other for ever; a rule that holds for all of them makes that impossible.
 */
export class LockOrder {
	readonly #held = new Set<string>();
	#latest = 0;

	/**
	 * Notes a lock that is about to be taken; one that is held already may be taken again at any time.
	 *
	 * @throws when a kind is locked that comes before one that is locked already: a bug of the caller
	 */
	take(kind: (typeof ORDER)[number], key: string): void {
		const lock = `${kind} ${key}`;
		if (this.#held.has(lock)) return;
		const place = ORDER.indexOf(kind);
		if (place < this.#latest)
			throw new Error(
				`a ${kind} was to be locked after a ${ORDER[this.#latest]}; the order is ${ORDER.join(", ")}`,
			);
		this.#latest = place;
		this.#held.add(lock);
	}
}
