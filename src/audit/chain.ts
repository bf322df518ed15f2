import { createHash } from "node:crypto";

/** One event of the audit trail as the chain keeps it. */
export interface Link {
	/** Counted from 1, without gaps. */
	readonly seq: number;
	/** The event as JSON, byte for byte as it was hashed. */
	readonly line: string;
	readonly previousHash: string;
	readonly hash: string;
}

/** A link, and whether what stands beside its line for searching and reading says the same as the line. */
export interface FoundLink extends Link {
	readonly besideFits: boolean;
}

/** The first event that does not fit. */
export interface BrokenLink {
	readonly seq: number;
	readonly why: "missing" | "out-of-order" | "not-joined" | "changed" | "beside" | "head";
}

export interface ChainReport {
	readonly count: number;
	readonly first?: Link;
	/** The last event that fits. */
	readonly last?: Link;
	readonly broken?: BrokenLink;
	/** The number of the event that has the hash which was noted elsewhere; the one before the first counts, too. */
	readonly notedSeq?: number;
}

/** SHA-256 over the hash before and the line, in hexadecimal digits. */
export function chainHash(previousHash: string, line: string): string {
	return createHash("sha256").update(previousHash).update("\n").update(line).digest("hex");
}

/**
 * Goes through links as they come, and stops at the first that does not fit. `start` is `beginning` when the
 * first must be event 1; a piece of the chain may start `anywhere`, and then nothing is said of what was before.
 * `noted` is a hash known from elsewhere.
 */
export async function checkChain(
	links: AsyncIterable<FoundLink> | Iterable<FoundLink>,
	start: "beginning" | "anywhere",
	noted?: string,
): Promise<ChainReport> {
	let count = 0;
	let first: Link | undefined;
	let last: Link | undefined;
	let notedSeq: number | undefined;
	const report = (broken?: BrokenLink): ChainReport => ({
		count,
		...(first && { first }),
		...(last && { last }),
		...(broken && { broken }),
		...(notedSeq !== undefined && { notedSeq }),
	});
	for await (const found of links) {
		const { besideFits, ...link } = found;
		const before = last ?? beforeFirst(link, start);
		const why = whyNot(link, before, besideFits);
		if (why) return report({ seq: before.seq + 1, why });
		if (noted !== undefined && first === undefined && noted === before.hash) notedSeq = before.seq;
		if (link.hash === noted) notedSeq = link.seq;
		first ??= link;
		last = link;
		count += 1;
	}
	return report();
}

function beforeFirst(link: Link, start: "beginning" | "anywhere"): { seq: number; hash: string } {
	return start === "beginning" || link.seq <= 1
		? { seq: 0, hash: "" }
		: { seq: link.seq - 1, hash: link.previousHash };
}

function whyNot(
	link: Link,
	before: { readonly seq: number; readonly hash: string },
	besideFits: boolean,
): BrokenLink["why"] | undefined {
	if (link.seq > before.seq + 1) return "missing";
	if (link.seq !== before.seq + 1) return "out-of-order";
	if (link.previousHash !== before.hash) return "not-joined";
	if (link.hash !== chainHash(link.previousHash, link.line)) return "changed";
	return besideFits ? undefined : "beside";
}
