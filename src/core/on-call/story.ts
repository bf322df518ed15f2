import type { Verdict } from "../approving/approval.js";
import type { Cancellation, Outcome } from "../cancelling/cancellation.js";
import { known } from "../known.js";

/** One line of what people and Graph did about a job, as it belongs into the incident's thread. */
export type StoryLine = {
	/** The same each time the story is told, and no other line's. */
	readonly key: string;
	readonly at: string;
} & (
	| { readonly what: "asked"; readonly name: string; readonly reason?: string }
	| {
			readonly what: "decided";
			readonly verdict: Verdict;
			readonly name: string;
			readonly comment?: string;
	  }
	/** One person went ahead without the others. */
	| { readonly what: "alone" | "emergency"; readonly name: string; readonly reason?: string }
	| { readonly what: "sent"; readonly name: string }
	| { readonly what: "accepted" }
	| { readonly what: "ended"; readonly outcome: Outcome }
);

/** The story of a cancellation as its record tells it, oldest first; a line may join it late, since an answer may. */
export function storyOf(cancellation: Cancellation): StoryLine[] {
	const { id, askers, decisions = [], goAhead, attempts, acceptedAt, endedAt, outcome } = cancellation;
	const lines: StoryLine[] = [
		...askers.map(({ actor, at, reason }, index) => ({
			key: `${id} asked ${index}`,
			at,
			what: "asked" as const,
			name: actor.name,
			...known({ reason }),
		})),
		...decisions.map(({ actor, at, verdict, comment }, index) => ({
			key: `${id} decided ${index}`,
			at,
			what: "decided" as const,
			verdict,
			name: actor.name,
			...known({ comment }),
		})),
		...attempts.map(({ at, by }, index) => ({
			key: `${id} sent ${index}`,
			at,
			what: "sent" as const,
			name: by.name,
		})),
	];
	if (goAhead && goAhead.way !== "approved") {
		const { way, at, by, reason } = goAhead;
		lines.push({ key: `${id} ${way}`, at, what: way, name: by.name, ...known({ reason }) });
	}
	if (acceptedAt !== undefined) lines.push({ key: `${id} accepted`, at: acceptedAt, what: "accepted" });
	if (endedAt !== undefined && outcome)
		lines.push({ key: `${id} ended`, at: endedAt, what: "ended", outcome });
	return lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
