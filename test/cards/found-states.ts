import { drawShared } from "../../src/cards/found-jobs.js";
import type { Drawing, RenderedCard } from "../../src/cards/render-card.js";
import { wordsFor } from "../../src/cards/words.js";
import type { RecoveryJob } from "../../src/core/job.js";
import { JOB_KINDS } from "./every.js";
import { drawing, job, readAt } from "./fixtures.js";

/** Jobs as the search finds them: one of each kind that runs, and one that has ended. */
export const foundJobs: readonly (readonly [name: string, job: RecoveryJob])[] = [
	...JOB_KINDS.map((kind) => [`found: ${kind}`, job({ kind })] as const),
	["found: ended", job({ kind: "preview", status: "successful", endedAt: readAt })],
];

/** The card that a person puts into a message of their own: no view of the bot's, which never sends it. */
export function drawFoundCard(found: RecoveryJob, how: Partial<Drawing> = {}): RenderedCard {
	const { locale, ...rest } = { ...drawing, ...how };
	return drawShared(found, { ...rest, words: wordsFor(locale) });
}
