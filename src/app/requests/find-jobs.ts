import { jobEnd, type RecoveryJob } from "../../core/job.js";
import type { Actor } from "../../core/person.js";
import { decide, refuseStranger } from "../../core/policy.js";
import { endInTime } from "../end-in-time.js";
import type { Directory, Log, RecoveryJobs } from "../ports.js";
import type { DecideDeps } from "./decision.js";

/** Teams waits 5 seconds for results. In milliseconds. */
const BUDGET_MS = 3_000;
/** Results that a person looks through. */
const MOST_FOUND = 10;

/** What a search came to; a no says only which kind it is, since others may look over the shoulder. */
export type FoundJobs =
	| { readonly kind: "found"; readonly jobs: readonly RecoveryJob[] }
	| { readonly kind: "not-found" | "refused" | "unchecked" | "unavailable" };

/**
 * The jobs that fit what somebody types while they look for one, if they may see jobs, as read now. Asked at every
 * letter, it leaves nothing in the database: nothing comes of it before somebody presses the button on a card.
 */
export async function findJobs(
	{ actor, text }: { readonly actor: Actor; readonly text: string },
	deps: Pick<DecideDeps, "policy"> & {
		readonly directory: Pick<Directory, "standing">;
		readonly jobs: RecoveryJobs;
		readonly log: Log;
		readonly budgetMs?: number;
	},
): Promise<FoundJobs> {
	const { policy, directory, jobs, log, budgetMs = BUDGET_MS } = deps;
	if (refuseStranger(actor, policy)) return { kind: "refused" };
	try {
		return await endInTime(
			budgetMs,
			async () => {
				const [standing, list] = await Promise.all([directory.standing(actor, "view"), jobs.list()]);
				const verdict = decide("view", actor, standing, policy);
				if (!verdict.allowed)
					return { kind: verdict.rule === "unreadable-standing" ? "unchecked" : "refused" } as const;
				if (list.kind === "problem") return { kind: "unavailable" } as const;
				const fitting = list.jobs.filter((job) => fits(job, text));
				const running = fitting.filter((job) => !jobEnd(job));
				const found = [...running, ...fitting.filter((job) => jobEnd(job))].slice(0, MOST_FOUND);
				return found.length === 0 ? { kind: "not-found" } : { kind: "found", jobs: found };
			},
			() => new Error(`nothing was found within ${budgetMs} ms`),
		);
	} catch (err) {
		log.warn({ code: "search-unanswered", err }, "a search for jobs was not answered in time");
		return { kind: "unavailable" };
	}
}

/** Every word must stand somewhere in its id, kind or state. */
function fits({ id, kind, status }: RecoveryJob, text: string): boolean {
	const about = `${id} ${kind} ${status}`.toLowerCase();
	return text
		.toLowerCase()
		.split(/\s+/u)
		.every((word) => about.includes(word));
}
