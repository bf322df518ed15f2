import type { View } from "../../src/app/views.js";
import { type Drawing, type RenderedCard, renderCard } from "../../src/cards/render-card.js";
import type {
	Attempt,
	AttemptAnswer,
	Cancellation,
	Outcome,
} from "../../src/core/cancelling/cancellation.js";
import type { RecoveryJob } from "../../src/core/job.js";
import type { Actor, Standing } from "../../src/core/person.js";

export const anna: Actor = { tenantId: "t", userId: "anna", name: "Anna Admin", channelUserId: "29:anna" };
export const at = "2026-11-23T03:00:00.123Z";
/** What a card that can cancel needs to know. */
export const may = { mayCancel: true, reasonRequired: false } as const;
export const list = { ...may, beingCancelled: [] } as const;
export const chat = { conversationType: "personal", botName: "Recovery Control" } as const;
/** Twelve minutes later. */
export const readAt = "2026-11-23T03:12:00Z";
export const role = { id: "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb", name: "Entra Backup Administrator" };
export const jobId = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";

export function job(
	overrides: Partial<Omit<RecoveryJob, "startedAt">> & { startedAt?: string | undefined } = {},
): RecoveryJob {
	return {
		id: jobId,
		kind: "recovery",
		status: "running",
		startedAt: at,
		targetStateAt: "2026-11-22T01:00:00Z",
		counts: { changedObjects: 1_024, modifiedObjects: 200 },
		...overrides,
	} as RecoveryJob;
}

export function cancellation(overrides: Partial<Cancellation> = {}): Cancellation {
	return {
		id: "c",
		receipt: "RC-7F3K9Q",
		tenantId: "t",
		jobId,
		jobKind: "recovery",
		state: "submitting",
		version: 1,
		requester: anna,
		reason: "wrong snapshot",
		openedAt: at,
		grant: { by: "role", roleId: role.id, roleName: role.name },
		askers: [{ actor: anna, conversationKey: "chat", at }],
		attempts: [],
		submitSeq: 0,
		seen: { at, status: "running", counts: { modifiedObjects: 500 } },
		watch: { seq: 0, missing: 0, denied: 0, failed: 0 },
		...overrides,
	};
}

export const bernard: Actor = { ...anna, userId: "bernard", name: "Bernard", channelUserId: "29:bernard" };

export const attempt = (answer?: Partial<AttemptAnswer>, by: Actor = anna): Attempt => ({
	clientRequestId: "11111111-2222-4333-8444-555555555555",
	at,
	by,
	grant: { by: "role", roleId: role.id, roleName: role.name },
	...(answer ? { answer: { at, kind: "unclear" as const, requestId: "graph-request", ...answer } } : {}),
});

/** What others had to decide, and nobody let through, was never sent. */
const NEVER_SENT: readonly Outcome["state"][] = ["rejected", "expired", "withdrawn"];

export const ended = (outcome: Outcome): Cancellation =>
	cancellation({
		state: outcome.state,
		outcome,
		endedAt: "2026-11-23T03:04:10Z",
		attempts: NEVER_SENT.includes(outcome.state)
			? []
			: [attempt({ kind: "rejected", errorCode: "SomeCode", httpStatus: 400 })],
		...(outcome.state === "abandoned"
			? { acceptedAt: at, seen: { at, status: "abandoned", counts: { modifiedObjects: 500 } } }
			: {}),
	});

export const standing = (overrides: object = {}): Standing => ({
	kind: "read",
	at,
	accountEnabled: true,
	guest: false,
	grants: [{ by: "role", roleId: role.id, roleName: role.name, viaGroupId: jobId }],
	scopedRoles: [{ roleName: role.name, scope: "/administrativeUnits/x" }],
	...overrides,
});

/** For an English reader, a moment after everything in these fixtures. */
export const drawing: Drawing = {
	now: new Date("2026-11-23T03:05:00Z"),
	adminCenterUrl: "https://entra.example/",
};

/** Draws a view so, or as is said. */
export function draw(view: View, how: Partial<Drawing> = {}): RenderedCard {
	return renderCard(view, { ...drawing, ...how });
}
