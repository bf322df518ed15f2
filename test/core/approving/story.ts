import { openRequest } from "../../../src/core/approving/open-request.js";
import type { ApprovalSettings } from "../../../src/core/approving/terms.js";
import { termsOf } from "../../../src/core/approving/terms.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import type { Actor } from "../../../src/core/person.js";
import { anna, bernard, grant, job, limits, MINUTE, START, type Step } from "../cancelling/story.js";

export const person = (name: string): Actor => ({
	tenantId: "t",
	userId: name,
	name,
	channelUserId: `29:${name}`,
});
export const clara = person("clara");
export const dora = person("dora");

export const settings: ApprovalSettings = {
	mode: "on-request",
	required: 1,
	ttlMs: 60 * MINUTE,
	remindAfterPercent: 50,
	remindBeforeMs: 5 * MINUTE,
	emergency: false,
};

/** A request of Anna's in the conversation `chat`. */
export function asked(changed: Partial<ApprovalSettings> & { entitled?: boolean; reason?: string } = {}) {
	const { entitled = false, reason = "wrong snapshot", ...rest } = changed;
	return openRequest(
		{
			id: "c",
			receipt: "RC-1",
			job: job("running"),
			requester: anna,
			conversationKey: "chat",
			reason,
			...(entitled ? { grant } : {}),
		},
		termsOf({ ...settings, ...rest }, { kind: "recovery", entitled }, START),
		START,
		limits,
	);
}

export const approve = (actor = bernard, more: { comment?: string; edition?: number } = {}): Step => ({
	kind: "decided",
	actor,
	verdict: "approve",
	grant,
	...more,
});
export const reject = (actor = bernard, more: { comment?: string; edition?: number } = {}): Step => ({
	kind: "decided",
	actor,
	verdict: "reject",
	grant,
	...more,
});
export const withdraw = (actor = anna): Step => ({ kind: "withdrawal", actor });
export const ahead = (actor = clara, emergency = false, reason?: string): Step => ({
	kind: "went-ahead",
	grant,
	emergency,
	asker: {
		actor,
		conversationKey: "elsewhere",
		at: START.toISOString(),
		...(reason === undefined ? {} : { reason }),
	},
});
export const deadline: Step = { kind: "deadline" };
export const rolesRead = (held: readonly Actor[], lost: readonly Actor[] = []): Step => ({
	kind: "roles-read",
	held: held.map((actor) => ({ actor, grant })),
	lost: lost.map((actor) => ({ actor, rule: "no-role" as const })),
});
export const attempted =
	(...held: readonly Actor[]): Step =>
	(record: Cancellation) => ({
		kind: "attempt-started",
		clientRequestId: `a${record.attempts.length}`,
		by: held[0] ?? anna,
		grant,
		after: record.attempts.length,
		held: held.map((actor) => ({ actor, grant })),
	});
