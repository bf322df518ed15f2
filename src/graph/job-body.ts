import { z } from "zod";
import type { JobCounts, JobKind, RecoveryJob } from "../core/job.js";
import { known } from "../core/known.js";

const count = z.number().nullish().catch(undefined);
const text = z.string().nullish().catch(undefined);

/**
 * A job as Graph sends it (`recoveryJobBase` and its two kinds). Only the id is required: whatever
 * else is missing or odd is left out, so that a surprise in one field hides no job.
 * https://learn.microsoft.com/graph/api/resources/entrarecoveryservices-recoveryjobbase
 */
export const jobBody = z
	.looseObject({
		id: z.string().min(1),
		status: text,
		jobStartDateTime: text,
		jobCompletionDateTime: text,
		targetStateDateTime: text,
		totalChangedObjectsCalculated: count,
		totalChangedLinksCalculated: count,
		totalObjectsModified: count,
		totalLinksModified: count,
		totalFailedChanges: count,
	})
	.transform(
		(body): RecoveryJob => ({
			id: body.id,
			kind: kindOf(body),
			// Graph's own word for a member it may not show; it counts as running.
			status: body.status || "unknownFutureValue",
			...known({
				startedAt: utc(body.jobStartDateTime),
				endedAt: utc(body.jobCompletionDateTime),
				targetStateAt: utc(body.targetStateDateTime),
			}),
			counts: known({
				changedObjects: body.totalChangedObjectsCalculated,
				changedLinks: body.totalChangedLinksCalculated,
				modifiedObjects: body.totalObjectsModified,
				modifiedLinks: body.totalLinksModified,
				failedChanges: body.totalFailedChanges,
			}) satisfies JobCounts,
		}),
	);

const ONLY_ON_RECOVERY = ["totalObjectsModified", "totalLinksModified", "totalFailedChanges"];

/** By the type annotation in either spelling; without one, by the fields that only a recovery job has. */
function kindOf(body: object): JobKind {
	const annotations = new Map<string, unknown>(Object.entries(body));
	const type = String(annotations.get("@odata.type") ?? annotations.get("@type") ?? "");
	if (/\brecoveryPreviewJob$/i.test(type)) return "preview";
	if (/\brecoveryJob$/i.test(type)) return "recovery";
	return ONLY_ON_RECOVERY.some((key) => annotations.has(key)) ? "recovery" : "unknown";
}

/** A time in UTC. Year 1 is how a service writes "no time". */
function utc(value: string | null | undefined): string | undefined {
	const ms = Date.parse(value ?? "");
	if (Number.isNaN(ms) || ms <= 0) return undefined;
	return value?.endsWith("Z") ? value : new Date(ms).toISOString();
}
