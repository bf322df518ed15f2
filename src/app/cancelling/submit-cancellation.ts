import {
	type AttemptAnswer,
	type Cancellation,
	type Due,
	isDue,
} from "../../core/cancelling/cancellation.js";
import type { Event } from "../../core/cancelling/events.js";
import { known } from "../../core/known.js";
import type { Standing } from "../../core/person.js";
import { decide, type PolicySettings, type RefusalRule } from "../../core/policy.js";
import type { CancelAnswer, Directory, Log, RecoveryJobs } from "../ports.js";
import { type SaveAgain, saveUntilSaved } from "../save-until-saved.js";
import { type ApplyDeps, apply, applyRead } from "./apply.js";
import { type Fresh, type Held, isFresh, type JustRead } from "./just-read.js";

export interface SubmitDeps extends ApplyDeps {
	readonly directory: Directory;
	readonly jobs: RecoveryJobs;
	readonly justRead: JustRead;
	readonly policy: PolicySettings;
	readonly log: Log;
	readonly saveAgain?: SaveAgain;
}

/**
 * Asks Graph to cancel: reads the job and the standing of who asked again (unless both were read just now),
 * writes the attempt down, sends one POST, writes the answer down. Only the submit that is due does anything.
 * After a crash it runs again and starts with the reading, so that no POST is ever repeated without knowing
 * what became of the job.
 */
export async function submitCancellation(
	submit: { readonly cancellationId: string; readonly seq: number },
	deps: SubmitDeps,
): Promise<void> {
	const due = { step: "submit", seq: submit.seq } as const;
	const { cancellationId: id } = submit;
	const fresh = deps.justRead.take(id, deps.clock.now());
	const go = fresh ? { ...fresh, after: 0 } : await readAgain(id, deps, due);
	if (!go) return;
	const clientRequestId = deps.ids.uuid();
	const { actor: by, grant, after, jobId } = go;
	const started = await apply(
		id,
		{ kind: "attempt-started", clientRequestId, by, grant, after },
		deps,
		{},
		due,
	);
	// Somebody else went ahead, or the record has moved on.
	if (started?.attempts.at(-1)?.clientRequestId !== clientRequestId) return;
	const answer = (await stillHeld(go, deps))
		? await deps.jobs.cancel(jobId, clientRequestId)
		: ({ kind: "throttled", detail: "not sent: the role was not seen again in time" } as const);
	const answered = await saveUntilSaved(
		() => apply(id, answerEvent(clientRequestId, answer, deps.clock.now()), deps, { answer }),
		(error) =>
			deps.log.error(
				{ err: error, code: "answer-not-saved", cancellationId: id, clientRequestId },
				"Graph's answer could not be saved yet; it is saved again until it is",
			),
		deps.saveAgain,
	);
	const rejection = answered && lastRejection(answered);
	if (rejection) await judgeRejection(answered, rejection, deps, due);
}

/** Whether to go on, on whose standing, and after how many attempts; whatever else was read is applied. */
async function readAgain(
	id: string,
	deps: SubmitDeps,
	due: Due,
): Promise<(Fresh & { readonly after: number }) | undefined> {
	const record = await deps.store.read.cancellation(id);
	if (!record || !isDue(record, due)) return undefined;
	const [standing, read] = await Promise.all([
		deps.directory.standing(record.requester, "cancel"),
		deps.jobs.read(record.jobId),
	]);
	const looked = await applyRead(record, read, deps, due);
	// The job has ended or is gone, or the next try was put off.
	if (!looked || !isDue(looked, due)) return undefined;
	const turnedDown = lastRejection(looked);
	if (turnedDown) {
		await apply(looked.id, turnedDown, deps, {}, due);
		return undefined;
	}
	const found = await findStanding(looked, standing, deps);
	if (!("event" in found)) return { ...found, jobId: record.jobId, after: looked.attempts.length };
	await apply(looked.id, found.event, deps, { standings: found.standings }, due);
	return undefined;
}

/** Graph said no: only a look at the job tells whether it refused us or had nothing left to cancel. */
async function judgeRejection(
	record: Cancellation,
	rejection: Rejection,
	deps: SubmitDeps,
	due: Due,
): Promise<void> {
	const read = await deps.jobs.read(record.jobId);
	if (read.kind !== "problem") await applyRead(record, read, deps, due);
	// Does nothing when the job has ended or is gone.
	await apply(record.id, rejection, deps, {}, due);
}

type Rejection = Extract<Event, { kind: "rejection-confirmed" }>;

/** The rejection that still has to be judged, if Graph's last answer was one. */
function lastRejection(record: Cancellation): Rejection | undefined {
	const answer = record.attempts.at(-1)?.answer;
	if (answer?.kind !== "rejected") return undefined;
	const { code = "rejected", httpStatus } = answer;
	return { kind: "rejection-confirmed", code, ...known({ httpStatus }) };
}

interface NotHeld {
	readonly event: Extract<Event, { kind: "standing-lost" | "standing-unreadable" }>;
	readonly standings: Readonly<Record<string, Standing>>;
}

/** The first of the askers, in the order in which they asked, who may cancel as the directory shows it now. */
async function findStanding(
	record: Cancellation,
	requesters: Standing,
	deps: SubmitDeps,
): Promise<Held | NotHeld> {
	const askers = new Map(record.askers.map(({ actor }) => [actor.userId, actor]));
	const standings: Record<string, Standing> = {};
	const rules: RefusalRule[] = [];
	for (const actor of askers.values()) {
		const standing =
			actor.userId === record.requester.userId ? requesters : await deps.directory.standing(actor, "cancel");
		const verdict = decide("cancel", actor, standing, deps.policy);
		if (verdict.allowed) return { actor, grant: verdict.grant, standing };
		standings[actor.userId] = standing;
		rules.push(verdict.rule);
		// The directory is out, and asking it about everybody would only take longer.
		if (standing.kind === "unreadable" && standing.why !== "not-found") break;
	}
	const [rule = "no-role"] = rules;
	// An outage is not a no: whoever could not be read may well hold the role.
	const event = rules.includes("unreadable-standing")
		? ({ kind: "standing-unreadable" } as const)
		: ({ kind: "standing-lost", rule, checked: [...askers.keys()] } as const);
	return { event, standings };
}

/** Whether the standing was read just now, or shows itself again: saving may have taken long. */
async function stillHeld({ actor, standing }: Held, deps: SubmitDeps): Promise<boolean> {
	if (isFresh(standing, deps.clock.now())) return true;
	const again = await deps.directory.standing(actor, "cancel");
	return decide("cancel", actor, again, deps.policy).allowed;
}

function answerEvent(
	clientRequestId: string,
	{ detail: _notKept, retryAfterMs, ...said }: CancelAnswer,
	now: Date,
): Event {
	const answer: AttemptAnswer = { at: now.toISOString(), ...said };
	return { kind: "attempt-answered", clientRequestId, answer, ...known({ retryAfterMs }) };
}
