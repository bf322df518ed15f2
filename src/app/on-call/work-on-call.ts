import type { OnCallWork } from "../store.js";
import { type EscalateDeps, escalate } from "./escalate.js";
import { type LookDeps, lookAtJobs } from "./look-at-jobs.js";
import { sendDigest } from "./send-digest.js";

/** Does one piece of work of the queue `on-call`. */
export function workOnCall(work: OnCallWork, deps: LookDeps & EscalateDeps): Promise<void> {
	switch (work.work) {
		case "look":
			return lookAtJobs(work.id, deps);
		case "escalate":
			return escalate(work, deps);
		case "digest":
			return sendDigest(work.id, deps);
	}
}
