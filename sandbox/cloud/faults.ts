import type { Reply, SeenRequest } from "./http.js";

/** Something that goes wrong on demand. */
export interface Fault {
	readonly match: (request: SeenRequest) => boolean;
	/** How many requests it spoils; absent means all until it is removed. */
	readonly times?: number;
	/** `after` lets the real answer be found first and then spoils what is sent back. */
	readonly do:
		| Reply
		| "hang"
		| "reset"
		| { readonly delayMs: number }
		| { readonly after: Reply | "hang" | "reset" };
}

/** The faults in force; the oldest that matches spoils the request. */
export class Faults {
	#faults: { readonly fault: Fault; left: number }[] = [];

	/** Returns what takes the fault away again. */
	add(fault: Fault): () => void {
		const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
		this.#faults.push(entry);
		return () => this.#drop(entry);
	}

	remove(fault: Fault): void {
		this.#faults = this.#faults.filter((entry) => entry.fault !== fault);
	}

	clear(): void {
		this.#faults = [];
	}

	/** The fault that spoils this request, counted down. */
	take(request: SeenRequest): Fault["do"] | undefined {
		const entry = this.#faults.find(({ fault }) => fault.match(request));
		if (!entry) return undefined;
		entry.left -= 1;
		if (entry.left <= 0) this.#drop(entry);
		return entry.fault.do;
	}

	#drop(entry: object): void {
		this.#faults = this.#faults.filter((other) => other !== entry);
	}
}
