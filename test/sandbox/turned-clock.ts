/** A clock that stands still until a test turns it. */
export class TurnedClock {
	#now = Date.parse("2026-11-23T03:00:00Z");
	readonly now = (): Date => new Date(this.#now);

	turn(ms: number): void {
		this.#now += ms;
	}
}
