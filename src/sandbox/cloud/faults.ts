import type { Reply, SeenRequest } from "./http.js";

/** Something that goes wrong on demand. */
export interface Fault {
	readonly match: (request: SeenRequest) => boolean;
	/** How many requests it spoils; absent means all until it is removed. */
	times?: number;
	/** `after` lets the real answer be found first and then spoils what is sent back. */
	readonly do:
		| Reply
		| "hang"
		| "reset"
		| { readonly delayMs: number }
		| { readonly after: Reply | "hang" | "reset" };
}

/** The faults in force, newest last. */
export class Faults {
	#faults: Fault[] = [];

	add(fault: Fault): () => void {
		this.#faults.push(fault);
		return () => this.remove(fault);
	}

	remove(fault: Fault): void {
		this.#faults = this.#faults.filter((other) => other !== fault);
	}

	clear(): void {
		this.#faults = [];
	}

	/** The fault that spoils this request, counted down. */
	take(request: SeenRequest): Fault["do"] | undefined {
		const fault = this.#faults.find((candidate) => candidate.match(request));
		if (!fault) return undefined;
		if (fault.times !== undefined && --fault.times <= 0) this.remove(fault);
		return fault.do;
	}
}
