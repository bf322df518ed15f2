import type { Log } from "../app/ports.js";
import type { AuditEvent } from "../app/store.js";
import { known } from "../core/known.js";

/** What may stand in the log of an event's facts: ids, codes and numbers. Names and words stay in the audit trail. */
const LOGGED = new Set([
	"requestId",
	"receipt",
	"permission",
	"rule",
	"code",
	"why",
	"by",
	"kind",
	"state",
	"status",
	"jobEnd",
	"denied",
	"httpStatus",
	"errorCode",
	"clientRequestId",
	"retryAfterMs",
	"messageId",
	"message",
	"answered",
	"via",
	"verdict",
	"objection",
	"emergency",
	"way",
	"edition",
	"number",
	"seq",
	"changed",
	"mayView",
	"mayCancel",
	"roleId",
	"groupId",
	"viaGroupId",
	"incidentId",
	"handoverId",
	"step",
	"group",
	"since",
	"from",
	"until",
	"to",
	"date",
	"dueAt",
	"taker",
	// What a machine said: a status, Graph's or Teams' own message, the cause of a broken connection.
	"detail",
]);
/** Facts that hold facts of their own, and what the ids in them are called beside ours. */
const NESTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	answer: { requestId: "graphRequestId" },
	problem: {},
	grant: {},
	outcome: {},
	goAhead: {},
	stoppedAsking: {},
	why: {},
	job: {},
};
const WORTH_A_WARNING =
	/^(?:request\.(?:refused|unchecked|failed)|cancel\.(?:emergency|refused|lost-track|job-unreadable|standing-\w+|rejection-confirmed)|message\.\w+|watch\.\w+|incident\.(?:escalated|lapsed))$/u;

/** One line for each audit event, once it is committed. */
export function logAudited(log: Log, event: AuditEvent): void {
	const { type, jobId, cancellationId, actor } = event;
	const line = {
		event: type,
		...known({ cancellationId, jobId, userId: actor?.userId }),
		...pick(event.facts),
	};
	if (WORTH_A_WARNING.test(type)) log.warn(line, type);
	else log.info(line, type);
}

function pick(
	facts: Readonly<Record<string, unknown>>,
	names: Readonly<Record<string, string>> = {},
): object {
	const picked: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(facts)) {
		if (value !== null && typeof value === "object" && key in NESTED)
			Object.assign(picked, pick(value as Readonly<Record<string, unknown>>, NESTED[key]));
		else if (LOGGED.has(key) && value !== null && typeof value !== "object")
			picked[names[key] ?? key] = value;
	}
	return picked;
}
