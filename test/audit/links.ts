import { chainHash, type FoundLink, type Link } from "../../src/audit/chain.js";

/** A chain of events, from number `first` on, each given by what stands in it. */
export function chainOf(events: readonly object[], first = 1): FoundLink[] {
	let previousHash = first === 1 ? "" : "f".repeat(64);
	return events.map((event, index) => {
		const seq = first + index;
		const line = JSON.stringify({ seq, ...event });
		const link: Link = { seq, line, previousHash, hash: chainHash(previousHash, line) };
		previousHash = link.hash;
		return { ...link, besideFits: true };
	});
}

export const EVENTS = [
	{ at: "2026-11-23T03:00:00.000Z", type: "request.received", facts: {} },
	{
		at: "2026-11-23T03:00:01.250Z",
		type: "cancel.opened",
		actor: { tenantId: "t", userId: "anna-id", name: '=HYPERLINK("https://evil.example","Anna")' },
		jobId: "job-1",
		cancellationId: "00000000-0000-4000-8000-000000000001",
		facts: { receipt: "RC-7F3K9Q", reason: 'wrong "snapshot",\nreally; ü' },
	},
	{ at: "2026-11-23T03:00:02.000Z", type: "cancel.abandoned", facts: { receipt: "RC-7F3K9Q" } },
];
