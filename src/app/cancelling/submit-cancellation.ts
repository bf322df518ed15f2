import { isCarriedBy, peopleBehind } from "../../core/approving/rules.js";
import {
	type AttemptAnswer,
	type Cancellation,
	type Due,
	isDue,
} from "../../core/cancelling/cancellation.js";
import type { Event } from "../../core/cancelling/events.js";
import { known } from "../../core/known.js";
import type { Actor, Standing } from "../../core/person.js";
import { decide, isOutage, type PolicySettings, type RefusalRule } from "../../core/policy.js";
import type { CancelAnswer, Directory, Log, RecoveryJobs } from "../ports.js";
import { type SaveAgain, saveUntilSaved } from "../save-until-saved.js";
import { type ApplyDeps, apply, applyRead } from "./apply.js";
import { type Attempt, type Held, isFresh } from "./first-attempt.js";

export interface SubmitDeps extends ApplyDeps {
	readonly directory: Directory;
	readonly jobs: RecoveryJobs;
	readonly policy: PolicySettings;
	readonly log: Log;
	readonly saveAgain?: SaveAgain;
}

/**
 * Asks Graph to cancel: reads the job and the standing of who asked again, writes the attempt down, sends one
 * POST, writes the answer down. Only the submit that is due does anything.
 * After a crash it runs again and starts with the reading, so that no POST is ever repeated without knowing
 * what became of the job.
 */
export async function submitCancellation(
	submit: { readonly cancellationId: string; readonly seq: number },
	deps: SubmitDeps,
): Promise<void> {
	const due = { step: "submit", seq: submit.seq } as const;
	const { cancellationId: id } = submit;
	const go = await readAgain(id, deps, due);
	if (!go) return;
	const clientRequestId = deps.ids.uuid();
	const { actor: by, grant, after, others } = go;
	const held = others && [go, ...others].map(({ actor, grant }) => ({ actor, grant }));
	const started = await apply(
		id,
		{ kind: "attempt-started", clientRequestId, by, grant, after, ...known({ held }) },
		deps,
		{},
		due,
	);
	// Somebody else went ahead, or the record has moved on.
	if (started?.attempts.at(-1)?.clientRequestId !== clientRequestId) return;
	await sendAttempt(id, { ...go, clientRequestId }, deps, due);
}

/** Sends the one POST of an attempt that is written down, and writes down what came of it. */
export async function sendAttempt(
	id: string,
	attempt: Attempt & Behind,
	deps: SubmitDeps,
	due: Due,
): Promise<void> {
	const { clientRequestId, jobId } = attempt;
	const answer = (await mayStillBeSent(id, attempt, deps))
		? await deps.jobs.cancel(jobId, clientRequestId)
		: ({
				kind: "throttled",
				detail: "not sent: the role was not seen again in time, or another process had gone on",
			} as const);
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

/** On whose standing it goes on, and everybody else who was seen to hold the role, where others had a say. */
type Behind = Held & { readonly others?: readonly Held[] };

/** On whose standing to go on, and after how many attempts. */
type Go = Behind & { readonly jobId: string; readonly after: number };

/** Whether to go on, on whose standing, and after how many attempts; whatever else was read is applied. */
async function readAgain(id: string, deps: SubmitDeps, due: Due): Promise<Go | undefined> {
	const record = await deps.store.read.cancellation(id);
	if (!record || !isDue(record, due)) return undefined;
	const behind = peopleBehind(record);
	const [[first, ...rest], read] = await Promise.all([
		Promise.all((behind ?? [record.requester]).map((actor) => deps.directory.standing(actor, "cancel"))),
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
	if (behind) return judgeBehind(looked, behind, [first, ...rest], deps, due);
	if (!first) return undefined;
	const found = await findStanding(looked, first, deps);
	if (!("event" in found)) return { ...found, jobId: record.jobId, after: looked.attempts.length };
	await apply(looked.id, found.event, deps, { standings: found.standings }, due);
	return undefined;
}

/** Where others had a say: whether enough of those who stand behind it were just seen to hold the role. */
async function judgeBehind(
	record: Cancellation,
	behind: readonly Actor[],
	standings: readonly (Standing | undefined)[],
	deps: SubmitDeps,
	due: Due,
): Promise<Go | undefined> {
	const held: Held[] = [];
	const lost: { readonly actor: Actor; readonly rule: RefusalRule }[] = [];
	for (const [index, actor] of behind.entries()) {
		const standing = standings[index];
		if (!standing) continue;
		const verdict = decide("cancel", actor, standing, deps.policy);
		if (verdict.allowed) held.push({ actor, grant: verdict.grant, standing });
		else if (!isOutage(standing)) lost.push({ actor, rule: lossOf(verdict.rule) });
	}
	const holders = held.map(({ actor, grant }) => ({ actor, grant }));
	const after =
		held.length === behind.length
			? record
			: await apply(record.id, { kind: "roles-read", held: holders, lost }, deps, { standings }, due);
	if (!after || !isDue(after, due)) return undefined;
	const [first, ...others] = held;
	const carried = isCarriedBy(
		after,
		held.map(({ actor }) => actor),
	);
	return first && carried
		? { ...first, others, jobId: after.jobId, after: after.attempts.length }
		: undefined;
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
		rules.push(lossOf(verdict.rule));
		// It asks not to be asked; whoever is unreadable for another reason keeps nobody else from being read.
		if (standing.kind === "unreadable" && standing.why === "throttled") break;
	}
	const [rule = "no-role"] = rules;
	// An outage is not a no: whoever could not be read may well hold the role.
	const event = Object.values(standings).some(isOutage)
		? ({ kind: "standing-unreadable" } as const)
		: ({ kind: "standing-lost", rule, checked: [...askers.keys()] } as const);
	return { event, standings };
}

/** How an account that cannot be read lost its standing, when that is no outage: it is not there. */
function lossOf(rule: RefusalRule): RefusalRule {
	return rule === "unreadable-standing" ? "no-identity" : rule;
}

/**
 * Whether every standing was read just now, or shows itself again: saving may have taken long. This process may have
 * stood still besides, and another one may have gone on with it.
 */
async function mayStillBeSent(
	id: string,
	{ clientRequestId, others = [], ...first }: Attempt & Behind,
	deps: SubmitDeps,
): Promise<boolean> {
	const now = deps.clock.now();
	const stale = [first, ...others].filter(({ standing }) => !isFresh(standing, now));
	if (stale.length === 0) return true;
	const record = await deps.store.read.cancellation(id);
	if (record?.state !== "submitting" || record.attempts.at(-1)?.clientRequestId !== clientRequestId)
		return false;
	const again = await Promise.all(
		stale.map(async ({ actor }) =>
			decide("cancel", actor, await deps.directory.standing(actor, "cancel"), deps.policy),
		),
	);
	return again.every(({ allowed }) => allowed);
}

function answerEvent(
	clientRequestId: string,
	{ detail: _notKept, retryAfterMs, ...said }: CancelAnswer,
	now: Date,
): Event {
	const answer: AttemptAnswer = { at: now.toISOString(), ...said };
	return { kind: "attempt-answered", clientRequestId, answer, ...known({ retryAfterMs }) };
}
