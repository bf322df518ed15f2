import type { JobKind } from "../job.js";
import { known } from "../known.js";
import type { Approval, ApprovalMode, EarlierNo, Reach } from "./approval.js";

/** The part of the settings that approvals depend on; they count for requests opened from now on. */
export interface ApprovalSettings {
	/** `APPROVALS`. */
	readonly mode: "off" | ApprovalMode;
	/** `APPROVALS_REQUIRED`. */
	readonly required: number;
	/** `APPROVAL_TTL_MINUTES`, in milliseconds. */
	readonly ttlMs: number;
	/** `APPROVAL_REMIND_AFTER_PERCENT` of that time; 0 for no such reminder. */
	readonly remindAfterPercent: number;
	/** `APPROVAL_REMIND_BEFORE_MINUTES`, in milliseconds; 0 for no such reminder. */
	readonly remindBeforeMs: number;
	/** `EMERGENCY_OVERRIDE`. */
	readonly emergency: boolean;
}

/** Whether somebody who holds the role needs a second person. A preview changes nothing; what is not known may. */
export function needsSecondPerson({ mode }: Pick<ApprovalSettings, "mode">, kind: JobKind): boolean {
	return mode === "two-person" && kind !== "preview";
}

/** The terms of a request that is opened now. */
export function termsOf(
	settings: ApprovalSettings,
	facts: {
		readonly kind: JobKind;
		readonly entitled: boolean;
		readonly reach?: Reach | undefined;
		readonly earlierNo?: EarlierNo | undefined;
	},
	now: Date,
): Approval {
	const { required, ttlMs, remindAfterPercent, remindBeforeMs } = settings;
	const at = (afterMs: number) => new Date(now.getTime() + afterMs).toISOString();
	// One that is turned off falls on the request itself, or on its end.
	const reminders = [(ttlMs * remindAfterPercent) / 100, ttlMs - remindBeforeMs].filter(
		(afterMs) => afterMs > 0 && afterMs < ttlMs,
	);
	return {
		mode: needsSecondPerson(settings, facts.kind) ? "two-person" : "on-request",
		required,
		entitled: facts.entitled,
		expiresAt: at(ttlMs),
		remindAt: [...new Set(reminders)].sort((a, b) => a - b).map(at),
		edition: 1,
		...known({ reach: facts.reach, earlierNo: facts.earlierNo }),
	};
}
